"""Visitors' doors to a page that is drawn for them: because not everybody may see it, or because they may see more."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from statuspage import showing
from statuspage.kit.client_addresses import client_address
from statuspage.pages import ring_links
from statuspage.pages.admission import cookie_name
from statuspage.pages.admitting import admitted
from statuspage.pages.gate import dead_link, gate, keep_private, page_of
from statuspage.showing import Shown


@csrf_exempt  # nothing is written here, and whoever tries is told so in our own words
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Whatever address of the page the web server has no file for, or was asked for with a cookie."""
    page, cookie = page_of(request), request.COOKIES.get(cookie_name(), "")
    somebody = admitted(page, cookie=cookie, address=client_address(request))
    if somebody:
        return _answer(showing.show(page, request.path_info, eyes=showing.eyes_of(somebody)))
    answer = _public(request) if page.is_public else keep_private(gate(request))
    if cookie:
        answer.delete_cookie(cookie_name(), samesite="Lax")  # it is worth nothing, and costs the web server its files
    return answer


@csrf_exempt
@require_safe
def depth(request: HttpRequest, token: str, path: str = "") -> HttpResponse:
    """The page as a ring reads it, below a signed address: for programs, which hold no cookies."""
    page = page_of(request)
    link = ring_links.find(page, token)
    if link is None:
        return keep_private(dead_link(request))
    return _answer(showing.show(page, f"/{path}", eyes=link.ring.planned, root=ring_links.root_of(link)))


def _public(request: HttpRequest) -> HttpResponse:
    shown = showing.show_published(page_of(request), request.path_info)
    if shown is None:
        raise Http404
    return _answer(shown)


def _answer(shown: Shown) -> HttpResponse:
    """No ETag: browsers keep nothing of it, so nobody could ask whether it is still the same."""
    answer = HttpResponse(shown.body, status=shown.status, content_type=shown.content_type)
    answer["Last-Modified"] = http_date(shown.changed_at.timestamp())
    return keep_private(answer, referrer="no-referrer")

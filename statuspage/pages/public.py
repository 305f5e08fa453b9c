"""Visitors' doors on a page's host that are not files: what they are told when there is nothing, or something broke,
and where they are let in who may see more than the public does.

The console's own error pages must not appear here: they know addresses that this host does not have.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from statuspage.kit import clock
from statuspage.kit.origins import is_from_here
from statuspage.pages import ring_links
from statuspage.pages.admission import COOKIE_LASTS, Admission, By, cookie_name, for_cookie
from statuspage.pages.gate import dead_link, keep_private, page_of, render_door

PLAIN = "text/plain; charset=utf-8"
NOT_FROM_HERE = "This form was not sent from this page. Open the page itself, and send it again.\n"

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """For doors that answer somebody in person."""

    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        return keep_private(view(request, *args, **kwargs))

    return answered


def admitting_door(view: View) -> View:
    """For doors whose form lets somebody in.

    Another site must not let its own visitors in here, as somebody they are not or deeper than they know: they would
    see less than they think, or what they should not. A token against that would need a cookie, and this host sets
    none before somebody is let in; so the browser is asked where the form was sent from.
    """

    @private
    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if request.method == "POST" and not is_from_here(request):
            return HttpResponse(NOT_FROM_HERE, status=HTTPStatus.FORBIDDEN, content_type=PLAIN)
        return view(request, *args, **kwargs)

    return guarded


@admitting_door
@require_http_methods(["GET", "HEAD", "POST"])
def ring_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, as everywhere: what fetches links in mails must not be let in by them."""
    page = page_of(request)
    link = ring_links.find(page, token)
    if link is None:
        return dead_link(request)
    if request.method == "POST":
        return let_in(request, Admission(By.RING, link.public_id), to="/")
    return render_door(request, "public/ring_link.html", {"ring": link.ring, "root": ring_links.root_of(link)})


# No check where it was sent from: it only takes away what this very browser holds. A page that is shown to somebody
# in person tells nobody its address, and its browser could not prove it.
@private
@csrf_exempt
@require_POST
def leave(_request: HttpRequest) -> HttpResponse:
    answer = _to("/")
    answer.delete_cookie(cookie_name(), samesite="Lax")
    return answer


def let_in(request: HttpRequest, admission: Admission, *, to: str) -> HttpResponse:
    """The cookie that admits, and on to what they came for: the same address, only with more to see."""
    answer = _to(to)
    answer.set_cookie(
        cookie_name(),
        for_cookie(admission, page_of(request), now=clock.now()),
        max_age=COOKIE_LASTS[admission.by],
        secure=cookie_name().startswith("__Host-"),
        httponly=True,
        samesite="Lax",
    )
    return answer


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Mostly a link from a mail that was cut in two on its way."""
    return render(request, "public/broken_link.html", status=404)


def not_understood(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse("This request cannot be understood.\n", status=400, content_type=PLAIN)


def broken(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("Something went wrong on our side. Try again in a minute.\n", status=500, content_type=PLAIN)


def _to(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)

"""What a visitor is told who may not look (yet): by which door they may come in, and no word of the page but its name.

403 for everything: 401 would have to name a way to authenticate that programs know, and there is none. Browsers get
a page of HTML, everybody else the same as a problem (RFC 9457) with a `reason` that programs can read.
"""

from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header

from statuspage.front import POLICY, document_name
from statuspage.kit.client_addresses import client_address
from statuspage.organizations.models import Organization
from statuspage.pages.look import look_of
from statuspage.pages.models import Page

HTML = ".html"
PROBLEM = "application/problem+json"


def page_of(request: HttpRequest) -> Page:
    """The page of the host that was asked (pages/hosts.py)."""
    page: Page = request.host.page  # type: ignore[attr-defined]
    return page


def keep_private(answer: HttpResponse, *, referrer: str = "same-origin") -> HttpResponse:
    """For every answer to somebody: it is kept nowhere, found by no search engine, and framed by nobody."""
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = referrer
    answer["X-Robots-Tag"] = "noindex"
    answer["Content-Security-Policy"] = POLICY
    patch_vary_headers(answer, ["Cookie"])
    return answer


def gate(request: HttpRequest, *, said: str = "", status: HTTPStatus = HTTPStatus.FORBIDDEN) -> HttpResponse:
    """The closed gate of the page. `said` names what its form was answered; gate.html has the words."""
    page = page_of(request)
    if not _is_for_people(request.path_info):
        return _problem(page.audience, "This page is not for everybody.", status)
    context = {
        "audience": page.audience,
        "said": said,
        "address": client_address(request),
        "to": wanted(request),
        "console": _console_door(request, to=wanted(request)),
    }
    return render_door(request, "public/gate.html", context, status=status)


def dead_link(request: HttpRequest) -> HttpResponse:
    """For links that were changed, used, revoked or are too old: the same for all of them."""
    if _is_for_people(request.path_info):
        return render_door(request, "public/dead_link.html", {}, status=HTTPStatus.NOT_FOUND)
    return _problem("link", "This link does not work, or no longer.", HTTPStatus.NOT_FOUND)


def render_door(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """A small page with a button or a form, in the visitor's language. Nobody is logged in here.

    It looks as the page does where everybody may see how that is. `edition` stands before the addresses of the page.
    """
    page, language = page_of(request), language_of(request)
    edition = page.language_root(language)
    common = {"page": page, "language": language, "edition": edition, "home": edition or "/"}
    look = look_of(page) if page.is_public else None
    with override(language):
        words = render_to_string(template, {**common, "look": look, **context}, using="html")
    return HttpResponse(words, status=status)


def home_of(request: HttpRequest) -> str:
    """The page itself, in the visitor's language."""
    return page_of(request).language_root(language_of(request)) or "/"


def wanted(request: HttpRequest) -> str:
    """The address on this page that somebody came for: what a form says, or where they are."""
    return address_on_page(request.POST.get("to", "") if request.method == "POST" else request.path_info)


def address_on_page(text: str) -> str:
    """Where to go when somebody is let in: a page of HTML below the same host, never anywhere else."""
    return text if PurePosixPath(document_name(text)).suffix == HTML else "/"


def _is_for_people(path: str) -> bool:
    return PurePosixPath(document_name(path)).suffix in {"", HTML}


def _problem(reason: str, title: str, status: HTTPStatus) -> HttpResponse:
    problem = {"type": "about:blank", "title": title, "status": status.value, "reason": reason}
    return JsonResponse(problem, status=status, content_type=PROBLEM)


def came_from_letter(request: HttpRequest, language: str) -> None:
    """Whoever opens a link in a letter reads on as it was written, whatever their browser or the page speaks."""
    request.language_of_letter = language  # type: ignore[attr-defined]


def language_of(request: HttpRequest) -> str:
    """Of the letter they came from; of the page they came from or want to go to, if an address says so; else the first
    of those the browser asks for that the page speaks; else the page's own."""
    if of_letter := getattr(request, "language_of_letter", ""):
        return str(of_letter)
    languages = page_of(request).languages
    edition = wanted(request).split("/")[1]
    if (chosen := request.GET.get("language", edition)) in languages:
        return chosen
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    spoken = (code.partition("-")[0] for code, _quality in asked)
    return next((code for code in spoken if code in languages), languages[0])


def _console_door(request: HttpRequest, *, to: str) -> str:
    organization: Organization = request.host.organization  # type: ignore[attr-defined]
    page = page_of(request)
    return f"{organization.console_url('visit', public_id=page.public_id)}?to={to}"

"""Visitors' doors on a page's host that are not files: what they are told when there is nothing, or something broke,
and where they are let in who may see more than the public does.

The console's own error pages must not appear here: they know addresses that this host does not have.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from statuspage.kit import clock
from statuspage.kit.client_addresses import client_address
from statuspage.kit.mailboxes import Mailbox
from statuspage.kit.networks import block_of
from statuspage.kit.origins import is_from_here
from statuspage.pages import admitting, mailing_links, ring_links
from statuspage.pages.admission import COOKIE_LASTS, Admission, By, cookie_name, for_cookie
from statuspage.pages.audience import Audience
from statuspage.pages.gate import dead_link, gate, home_of, keep_private, language_of, page_of, render_door, wanted

PLAIN = "text/plain; charset=utf-8"
LONGEST_PASSWORD = 200
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


def gate_of(audience: Audience) -> Callable[[View], View]:
    """For what a form at the gate of such a page sends. Whoever comes here in another way is shown to the page."""

    def only(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest) -> HttpResponse:
            if request.method != "POST" or page_of(request).audience != audience.value:
                return _to("/")
            return view(request)

        return asked

    return only


@admitting_door
@require_http_methods(["GET", "HEAD", "POST"])
def ring_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, as everywhere: what fetches links in mails must not be let in by them."""
    page = page_of(request)
    link = ring_links.find(page, token)
    if link is None:
        return dead_link(request)
    if request.method == "POST":
        return let_in(request, Admission(By.RING, link.public_id), to=home_of(request))
    return render_door(request, "public/ring_link.html", {"ring": link.ring, "root": ring_links.root_of(link)})


@admitting_door
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, token: str) -> HttpResponse:
    """A link that lets in once: from the console, or from a mail. GET uses nothing up."""
    page = page_of(request)
    link = admitting.offered(page, token)
    if link is None:
        return dead_link(request)
    if request.method != "POST":
        return render_door(request, "public/look.html", {})
    if not admitting.use(page, token):
        return dead_link(request)
    return let_in(request, link.admission, to=link.to)


@admitting_door
@gate_of(Audience.PASSWORD)
def password(request: HttpRequest) -> HttpResponse:
    given = request.POST.get("password", "")[:LONGEST_PASSWORD]
    try:
        admission = admitting.by_password(page_of(request), given, block=block_of(client_address(request)))
    except admitting.TooManyTriesError:
        return gate(request, said="tries", status=HTTPStatus.TOO_MANY_REQUESTS)
    return let_in(request, admission, to=wanted(request)) if admission else gate(request, said="wrong")


@admitting_door
@gate_of(Audience.EMAIL)
def email(request: HttpRequest) -> HttpResponse:
    block = block_of(client_address(request))
    try:
        mailbox = Mailbox.parse(request.POST.get("email", ""))
        mailing_links.mail(page_of(request), mailbox, to=wanted(request), block=block, language=language_of(request))
    except mailing_links.TooManyMailsError:
        return gate(request, said="mails", status=HTTPStatus.TOO_MANY_REQUESTS)
    except ValueError:
        return gate(request, said="address", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return gate(request, said="sent", status=HTTPStatus.OK)


# No check where it was sent from: it only takes away what this very browser holds. A page that is shown to somebody
# in person tells nobody its address, and its browser could not prove it.
@private
@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    answer = _to(home_of(request))
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
    return render_door(request, "public/broken_link.html", {}, status=HTTPStatus.NOT_FOUND)


def not_understood(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse("This request cannot be understood.\n", status=400, content_type=PLAIN)


def broken(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("Something went wrong on our side. Try again in a minute.\n", status=500, content_type=PLAIN)


def _to(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)

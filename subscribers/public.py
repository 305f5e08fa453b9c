"""Visitors' doors, on the page's own host: signing up, changing what one hears, and leaving.

A token that was mailed is an authority by itself; everybody else may only ask, and is answered alike whatever we know
of the address. On a page that not everybody may see, only who is let in may ask.
"""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from statuspage.kit.client_addresses import client_address
from statuspage.kit.networks import block_of
from statuspage.kit.origins import is_from_here
from statuspage.kit.public_ids import PATTERN
from statuspage.organizations.plan import Channel
from statuspage.pages.admission import cookie_name
from statuspage.pages.admitting import admitted
from statuspage.pages.gate import came_from_letter, dead_link, gate, language_of, page_of, render_door
from statuspage.pages.models import Page
from statuspage.pages.public import NOT_FROM_HERE, PLAIN, View, private
from subscribers import choosing, signing_up, unsubscribing
from subscribers.about import About, AboutOf, find
from subscribers.models import Address, Wish
from subscribers.reaching import Reachable
from subscribers.sign_up_forms import ManageForm, Recognise, SignUpForm, errors_of, initial_of
from subscribers.signing_up import Closed

STATUS_WHEN_CLOSED = {"often": HTTPStatus.TOO_MANY_REQUESTS, "sms": HTTPStatus.TOO_MANY_REQUESTS}


def is_let_in(request: HttpRequest) -> bool:
    """Whether somebody may see this page, and so may ask to be told what stands on it."""
    page = page_of(request)
    if page.is_public:
        return True
    cookie = request.COOKIES.get(cookie_name(), "")
    return admitted(page, cookie=cookie, address=client_address(request)) is not None


def asking_door(view: View) -> View:
    """For forms without a token. Another site must not use its visitors' browsers, and their way in, to ask here."""

    @private
    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not is_let_in(request):
            return gate(request)
        if request.method == "POST" and not is_from_here(request):
            return HttpResponse(NOT_FROM_HERE, status=HTTPStatus.FORBIDDEN, content_type=PLAIN)
        with override(language_of(request)):
            return view(request, *args, **kwargs)

    return guarded


def own_door(view: Callable[..., HttpResponse]) -> View:
    """For whoever holds the token of an address. It is the authority: no cookie, no other proof (RFC 8058).

    It stands in letters to a person, and opens a page in the language that they read.
    """

    @private
    @csrf_exempt
    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: str, **kwargs: str) -> HttpResponse:
        address = unsubscribing.find(token)
        if address is None:
            raise Http404
        came_from_letter(request, address.person.language)
        with override(address.person.language):
            return view(request, address, token, *args, **kwargs)

    return opened


@asking_door
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest, *, about_of: AboutOf, recognise: Recognise) -> HttpResponse:
    """With `incident`, in the address or the form, about that one only."""
    if request.method != "POST":
        incident = request.GET.get("incident", "")
        return _about_one(request, incident, about_of) if incident else _form(request, SignUpForm(page_of(request)))
    form = SignUpForm(page_of(request), request.POST, recognise=recognise)
    about = find(page_of(request), form["incident"].value() or "", about_of)
    if (about and about.is_over) or (form["incident"].value() and not about):
        return _nothing_to_follow(request, about)
    if not form.is_valid():
        return _form(request, form, about=about, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    asking = form.asking(language=language_of(request))
    try:
        signing_up.ask(page_of(request), asking, block=block_of(client_address(request)))
    except Closed as closed:
        return _form(request, form, about=about, closed=closed.reason, status=_status(closed))
    return render_door(request, "public/subscribe_sent.html", {"asking": asking, "is_sms": _is_sms(asking.to)})


@asking_door
@require_safe
def subscribe_to_incident(request: HttpRequest, incident: str, *, about_of: AboutOf) -> HttpResponse:
    """The form for one incident only."""
    return _about_one(request, incident, about_of)


def _about_one(request: HttpRequest, incident: str, about_of: AboutOf) -> HttpResponse:
    about = find(page_of(request), incident, about_of)
    if about is None or about.is_over:
        return _nothing_to_follow(request, about)
    return _form(request, SignUpForm(page_of(request), initial={"incident": incident}), about=about)


def _nothing_to_follow(request: HttpRequest, about: About | None) -> HttpResponse:
    """It is over, or there is no such one: what may be known of it stands on the page."""
    status = HTTPStatus.OK if about else HTTPStatus.NOT_FOUND
    return render_door(request, "public/nothing_to_follow.html", {"about": about}, status=status)


@asking_door
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """The code of an SMS, typed back."""
    number, typed = request.POST.get("number", "")[:40], request.POST.get("code", "").strip()[:12]
    block = block_of(client_address(request))
    sign_up = signing_up.find_by_code(page_of(request), number, typed, block=block)
    if sign_up is None or signing_up.confirm(sign_up) is None:
        context = {"number": number, "is_sms": True, "is_wrong": True}
        return render_door(request, "public/subscribe_sent.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return render_door(request, "public/subscribed.html", {"value": sign_up.value})


@asking_door
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Whoever lost the link by which they change what they hear asks for another."""
    if request.method != "POST":
        return render_door(request, "public/subscribe_link.html", {})
    typed = request.POST.get("to", "")[:320]
    try:
        to = Reachable.parse(typed)
        signing_up.ask_for_link(
            page_of(request), to, language=language_of(request), block=block_of(client_address(request))
        )
    except Closed as closed:
        return render_door(
            request, "public/subscribe_link.html", {"closed": closed.reason, "typed": typed}, status=_status(closed)
        )
    except ValidationError:
        context = {"is_wrong": True, "typed": typed}
        return render_door(request, "public/subscribe_link.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return render_door(request, "public/subscribe_link.html", {"is_sent": True})


# The token is the authority, and whoever was mailed it may be logged in nowhere.
@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button: what opens links in mails to look for viruses must not sign anybody up."""
    sign_up = signing_up.find(page_of(request), token)
    if sign_up is None or sign_up.wish == Wish.LINK:
        return dead_link(request)
    came_from_letter(request, sign_up.language)
    if request.method != "POST":
        return render_door(request, "public/subscribe_confirm.html", {"it": sign_up})
    confirmed = signing_up.confirm(sign_up)
    if confirmed is None:
        return dead_link(request)
    address = confirmed.address
    context = {"value": address.value, "token": unsubscribing.token_of(address), "secret": confirmed.secret}
    return render_door(request, "public/subscribed.html", context)


@own_door
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, address: Address, token: str) -> HttpResponse:
    if request.method == "POST":
        unsubscribing.stop(address)
    context = {"address": address, "token": token, "is_stopped": not address.subscriptions.exists()}
    return render_door(request, "public/unsubscribe.html", context)


@own_door
@require_http_methods(["GET", "HEAD", "POST"])
def one_incident(
    request: HttpRequest, address: Address, token: str, incident: str, *, about_of: AboutOf
) -> HttpResponse:
    """No more of this one. `again` takes it back."""
    if not re.fullmatch(PATTERN, incident):
        raise Http404
    if request.method == "POST":
        change = choosing.unmute if "again" in request.POST else choosing.mute
        change(address, incident)
    is_muted = address.muted.filter(incident=incident).exists()
    about = find(page_of(request), incident, about_of)
    title = about.title if about else _("this incident")
    context = {"address": address, "token": token, "incident": incident, "title": title, "is_muted": is_muted}
    return render_door(request, "public/unsubscribe_incident.html", context)


@own_door
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, address: Address, token: str, *, about_of: AboutOf) -> HttpResponse:
    """Whoever left altogether signs up anew: an old link, forwarded, must not begin it again."""
    page, person = page_of(request), address.person
    if not address.subscriptions.filter(page=page).exists():
        return render_door(request, "public/unsubscribe.html", {"address": address, "token": token, "is_stopped": True})
    context = {"address": address, "token": token, "singles": _singles(address, page, about_of)}
    if request.method != "POST":
        now = choosing.chosen(address, page)
        words = {"language": person.language, "zone": person.zone}
        form = ManageForm(page, initial={**(initial_of(now) if now else {}), **words})
        return render_door(request, "public/choices.html", {**context, "form": form, "is_nothing": now is None})
    form = ManageForm(page, request.POST)
    if not form.is_valid():
        said = {**context, "form": form, "errors": errors_of(form)}
        return render_door(request, "public/choices.html", said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    choosing.choose(address, page, form.choice)
    choosing.speak(person, language=form.cleaned_data["language"], zone=form.cleaned_data["zone"])
    came_from_letter(request, person.language)
    return render_door(request, "public/choices.html", {**context, "form": form, "is_saved": True})


def _singles(address: Address, page: Page, about_of: AboutOf) -> list[tuple[str, str]]:
    """Incidents that are followed by themselves, each with the title it has on the page."""
    rows = address.subscriptions.filter(page=page).exclude(only_incident="").order_by("id")
    found = {incident: find(page, incident, about_of) for incident in rows.values_list("only_incident", flat=True)}
    return [(incident, about.title if about else incident) for incident, about in found.items()]


def _form(
    request: HttpRequest,
    form: SignUpForm,
    *,
    about: About | None = None,
    closed: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "form": form,
        "closed": closed,
        "errors": errors_of(form) if form.is_bound else [],
        "about": about,
    }
    return render_door(request, "public/subscribe.html", context, status=status)


def _is_sms(to: Reachable) -> bool:
    return to.channel is Channel.SMS


def _status(closed: Closed) -> HTTPStatus:
    return STATUS_WHEN_CLOSED.get(closed.reason, HTTPStatus.UNPROCESSABLE_ENTITY)

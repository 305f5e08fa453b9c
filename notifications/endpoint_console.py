"""Admins' doors to endpoints: machines and chat rooms, how they are, and what was sent to them lately."""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications import replaying, trying_out
from notifications.channels.base import Verdict
from notifications.endpoint_forms import EndpointForm, NewEndpointForm, recognise
from statuspage.organizations.access import ConsoleRequest, asks_again, console, lead_to, may_edit_setup, to_the_button
from statuspage.organizations.models import Ring
from statuspage.organizations.plan import Channel
from subscribers import endpoints
from subscribers.models import Endpoint


@dataclass(frozen=True, slots=True)
class Row:
    """An endpoint as the screens show it. Its address is a key to the room: nobody needs to see all of it."""

    endpoint: Endpoint
    ring: Ring

    @property
    def name(self) -> str:
        return self.endpoint.address.person.name

    @property
    def public_id(self) -> str:
        return self.endpoint.address.person.public_id

    @property
    def channel(self) -> Channel:
        return Channel(self.endpoint.address.channel)

    @property
    def is_signed(self) -> bool:
        return self.channel is Channel.WEBHOOK

    @property
    def where(self) -> str:
        """ "hooks.slack.com/…x7Qz"."""
        return self.endpoint.address.shown


@console
@require_http_methods(["GET", "HEAD", "POST"])
def all_endpoints(request: ConsoleRequest) -> HttpResponse:
    return _add(request) if request.method == "POST" else _list(request)


def _list(request: ConsoleRequest) -> HttpResponse:
    open_ring = Ring.objects.filter(is_open=True).first()
    found = Endpoint.objects.select_related("address__person__ring").order_by("address__person__name", "id")
    rows = [Row(one, ring) for one in found if (ring := one.address.person.ring or open_ring)]
    return render(request, "console/endpoints/list.html", {"rows": rows})


@may_edit_setup
def _add(request: ConsoleRequest) -> HttpResponse:
    """Asks who they are: what is added hears what a ring hears, for as long as nobody notices.

    And its secret stands in the answer, this once: whoever reads it has just said who they are, as for a new one.
    A profile asks nothing: it has no secret of ours and hears public words only, and its password, which is typed in
    here, is better not kept while somebody is asked.
    """
    add = _add_now if recognise(request.POST.get("url", "")).is_social else asks_again(_add_now)
    return add(request)


def _add_now(request: ConsoleRequest) -> HttpResponse:
    form = NewEndpointForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            added = endpoints.add(
                request.organization,
                given["name"],
                channel=recognise(given["url"]),
                url=given["url"],
                ring=given["ring"],
                pages=[given["page"]] if given["page"] else [],
                contact=given["contact"],
                token=given["token"],
                by=request.user,
            )
        except ValidationError as refusal:
            form.add_error("url", refusal)
        else:
            messages.success(request, f"{given['name']} is added, as {recognise(given['url']).label}. Try it out.")
            return _screen(request, added.endpoint, secret=added.secret, status=HTTPStatus.CREATED)
    return render(request, "console/endpoints/new.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@require_safe
def new_endpoint(request: ConsoleRequest) -> HttpResponse:
    return render(request, "console/endpoints/new.html", {"form": NewEndpointForm()})


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint(request: ConsoleRequest, public_id: str) -> HttpResponse:
    row = _find(public_id)
    if request.method != "POST":
        return _screen(request, row)
    form = EndpointForm(request.POST, endpoint=row)
    if not form.is_valid():
        return _screen(request, row, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    endpoints.change(row, form.cleaned_data["name"], contact=form.cleaned_data["contact"], by=request.user)
    messages.success(request, f"{form.cleaned_data['name']} is saved.")
    return lead_to(request, "endpoint", public_id)


@console
@may_edit_setup
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint_secret(request: ConsoleRequest, public_id: str) -> HttpResponse:
    """A new one, said in this answer and never again."""
    row = _find(public_id)
    if request.method != "POST":
        return to_the_button(request, "endpoint", public_id, button="Make a new secret")
    if row.address.channel != Channel.WEBHOOK.value:
        messages.error(request, "Only what is sent to a webhook is signed.")
        return lead_to(request, "endpoint", public_id)
    secret = endpoints.rotate(row, by=request.user)
    row.refresh_from_db()
    return _screen(request, row, secret=secret, status=HTTPStatus.CREATED)


@console
@may_edit_setup
@require_POST
def endpoint_test(request: ConsoleRequest, public_id: str) -> HttpResponse:
    """Waits for the other side, 15 seconds at most: nothing is locked, and no transaction is open."""
    row = _find(public_id)
    if Channel(row.address.channel).is_social:
        messages.error(request, "A test would be a post that everybody reads.")
        return lead_to(request, "endpoint", public_id)
    outcome = trying_out.try_out(row, by=request.user)
    if outcome.verdict is Verdict.ACCEPTED:
        messages.success(request, "The other side took the test message.")
    else:
        messages.error(request, f"The test message was not taken: {outcome.reason}.")
    return lead_to(request, "endpoint", public_id)


@console
@may_edit_setup
@require_POST
def endpoint_pause(request: ConsoleRequest, public_id: str) -> HttpResponse:
    endpoints.switch_off(_find(public_id), because=endpoints.BY_HAND, by=request.user)
    messages.success(request, "It is switched off. Nothing is sent to it.")
    return lead_to(request, "endpoint", public_id)


@console
@may_edit_setup
@require_POST
def endpoint_return(request: ConsoleRequest, public_id: str) -> HttpResponse:
    endpoints.switch_on(_find(public_id), by=request.user)
    messages.success(request, "It is switched on, and hears what is said from now on.")
    return lead_to(request, "endpoint", public_id)


@console
@may_edit_setup
@require_POST
def endpoint_replay(request: ConsoleRequest, public_id: str, broadcast: int) -> HttpResponse:
    if replaying.replay(_find(public_id), broadcast, by=request.user):
        messages.success(request, "It is sent again, under the same id.")
    else:
        messages.error(request, "That cannot be sent again: it is still on its way, or it is switched off.")
    return lead_to(request, "endpoint", public_id)


@console
@may_edit_setup
@require_POST
def endpoint_removal(request: ConsoleRequest, public_id: str) -> HttpResponse:
    row = _find(public_id)
    name = row.address.person.name
    endpoints.remove(row, by=request.user)
    messages.success(request, f"{name or 'The endpoint'} is removed and hears nothing more.")
    return lead_to(request, "endpoints")


def _find(public_id: str) -> Endpoint:
    rows = Endpoint.objects.select_related("organization", "address__person__ring")
    return get_object_or_404(rows, address__person__public_id=public_id)


def _screen(
    request: ConsoleRequest,
    row: Endpoint,
    *,
    form: EndpointForm | None = None,
    secret: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    ring = row.address.person.ring or Ring.objects.filter(is_open=True).first()
    context = {
        "row": Row(row, ring) if ring else None,
        "endpoint": row,
        "form": form or EndpointForm(endpoint=row),
        "secret": secret,
        "sent": replaying.lately(row),
    }
    return render(request, "console/endpoints/endpoint.html", context, status=status)

"""Every member's doors to how they themselves are told."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from statuspage.kit.client_addresses import client_address
from statuspage.kit.networks import block_of
from statuspage.organizations import audit
from statuspage.organizations.access import ConsoleRequest, console, lead_to
from statuspage.organizations.plan import Channel
from subscribers import belonging, habits, unsubscribing
from subscribers.forms import HabitsForm, own_initial
from subscribers.models import Address, Person, SignUp
from subscribers.reaching import Reachable
from subscribers.signing_up import Closed
from subscribers.ways import ways_of

WHY_CLOSED = {
    "often": "That was often. Wait ten minutes, then ask again.",
    "country": "SMS to this country are switched off for your organization.",
    "spent": "Today’s SMS of your organization are used up. Try again tomorrow.",
    "sms": "Many numbers were added lately. Try again in a few hours.",
}


@console
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: ConsoleRequest) -> HttpResponse:
    """GET for everybody; POST once it is known which person they are."""
    person = belonging.person_of(request.member)
    if request.method != "POST":
        return _show(request, person, HabitsForm(initial=own_initial(person)))
    if person is None:
        raise Http404
    form = HabitsForm(request.POST)
    if not form.is_valid():
        return _show(request, person, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    habits.adopt(person, form.habits)
    audit.record(
        request.organization, by=request.user, verb="chose how they are told", target=f"person {person.public_id}"
    )
    return _to_own(request, "Saved. You are told so from the next message on.")


@console
@require_POST
def own_addresses(request: ConsoleRequest) -> HttpResponse:
    """Nothing is added yet: a link or a code goes there first."""
    person, typed = belonging.person_of(request.member), request.POST.get("to", "")[:320]
    try:
        to = Reachable.parse(typed)
        language = (habits.Habits.of(person) if person else habits.usual()).language
        belonging.claim(request.member, to, language=language, block=block_of(client_address(request)))
    except Closed as closed:
        return _refuse(request, person, WHY_CLOSED[closed.reason], typed)
    except ValidationError as refusal:
        return _refuse(request, person, " ".join(refusal.messages), typed)
    if to.channel is Channel.SMS:
        return _to_own(request, f"A code of six digits is on its way to {to.value}. Type it in below.")
    return _to_own(request, f"A mail is on its way to {to.value}. Open its link here, within 24 hours.")


@console
@require_http_methods(["GET", "HEAD", "POST"])
def own_confirmation(request: ConsoleRequest, token: str) -> HttpResponse:
    """The link in the mail. It works for whoever asked for it only, and GET shows a button."""
    claimed = belonging.find(request.member, token)
    if claimed is None:
        sentence = "This link is used, or too old, or was sent for somebody else. Ask for another one."
        return _refuse(request, belonging.person_of(request.member), sentence, status=HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        return render(request, "console/people/own_confirm.html", {"it": claimed})
    return _confirm(request, claimed)


@console
@require_POST
def own_code(request: ConsoleRequest) -> HttpResponse:
    """The code in the SMS."""
    code, block = request.POST.get("code", "").strip()[:6], block_of(client_address(request))
    claimed = belonging.find_by_code(request.member, code, block=block)
    if claimed is None:
        sentence = "That is not the code, or it is too old, or was typed wrong too often. Look again, or ask anew."
        return _refuse(request, belonging.person_of(request.member), sentence)
    return _confirm(request, claimed)


@console
@require_POST
def own_address_removal(request: ConsoleRequest, token: str) -> HttpResponse:
    address = _own_address(request, token)
    try:
        belonging.remove(request.member, address)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _to_own(request)
    return _to_own(request, f"{address} is removed.")


def _own_address(request: ConsoleRequest, token: str) -> Address:
    """Somebody else's is none."""
    address = unsubscribing.find(token)
    if address is None or address.person.member_id != request.member.pk:
        raise Http404
    return address


def _confirm(request: ConsoleRequest, claimed: SignUp) -> HttpResponse:
    try:
        address = belonging.confirm(claimed, request.member)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _to_own(request)
    return _to_own(request, f"You are told at {address} from now on." if address else "")


def _refuse(
    request: ConsoleRequest,
    person: Person | None,
    sentence: str,
    typed: str = "",
    *,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HttpResponse:
    form = HabitsForm(initial=own_initial(person))
    return _show(request, person, form, refusal=sentence, typed=typed, status=status)


def _show(
    request: ConsoleRequest,
    person: Person | None,
    form: HabitsForm,
    *,
    refusal: str = "",
    typed: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    ways = ways_of(person) if person else []
    context = {
        "person": person,
        "form": form,
        "ways": [(way, unsubscribing.token_of(way.address)) for way in ways],
        "is_heard": any(not way.trouble for way in ways),
        "refusal": refusal,
        "typed": typed or ("" if person else request.user.email),
        "waits_for_code": belonging.waits_for_code(request.member),
    }
    return render(request, "console/people/own.html", context, status=status)


def _to_own(request: ConsoleRequest, said: str = "") -> HttpResponse:
    if said:
        messages.success(request, said)
    return lead_to(request, "own")

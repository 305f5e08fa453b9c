"""Admins' doors to everything held about one person, and a member's own to a test of how they are told."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from notifications import records, trying_out
from notifications.channels.base import Verdict
from statuspage.kit import limits
from statuspage.organizations.access import ConsoleRequest, asks_again, console, lead_to, may_edit_setup, to_the_button
from subscribers import belonging
from subscribers.models import Person


@console
@may_edit_setup
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def person_record(request: ConsoleRequest, public_id: str) -> HttpResponse:
    """POST, because taking it out is written down."""
    row = _find(public_id)
    if request.method != "POST":
        return to_the_button(request, "person", public_id, button="Download everything about them")
    record = records.take_out(row, by=request.user)
    answer = JsonResponse(record, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="person-{public_id}.json"'
    return answer


@console
@may_edit_setup
@require_POST
def erasure(request: ConsoleRequest, public_id: str) -> HttpResponse:
    records.erase(_find(public_id), by=request.user)
    messages.success(request, "Everything held about them is erased. Whoever must not be written to stays so.")
    return lead_to(request, "people")


@console
@require_POST
def own_test(request: ConsoleRequest) -> HttpResponse:
    """Waits for the relay and the provider; nothing is locked, and no transaction is open."""
    person = belonging.person_of(request.member)
    if person is None:
        raise Http404
    if not limits.take(trying_out.TESTS_OF_A_MEMBER, str(request.member.pk)):
        messages.error(request, "That was often. Wait a few minutes, then try again.")
        return lead_to(request, "own")
    told = trying_out.try_out_person(person, by=request.user)
    for address, outcome in told:
        if outcome.verdict is Verdict.ACCEPTED:
            messages.success(request, f"A test is on its way to {address}.")
        else:
            messages.error(request, f"The test to {address} was not taken: {outcome.reason}.")
    if not told:
        messages.error(request, "There is no address yet by which you hear.")
    return lead_to(request, "own")


def _find(public_id: str) -> Person:
    return get_object_or_404(Person.objects.select_related("ring", "organization"), public_id=public_id)

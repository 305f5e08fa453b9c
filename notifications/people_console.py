"""Admins' doors to everything held about one person."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.views.decorators.http import require_POST

from notifications import records
from statuspage.organizations.access import ConsoleRequest, console, may_edit_setup
from subscribers.models import Person


@console
@may_edit_setup
@require_POST
def person_record(request: ConsoleRequest, public_id: str) -> HttpResponse:
    """POST, because taking it out is written down."""
    record = records.take_out(_find(public_id), by=request.user)
    answer = JsonResponse(record, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="person-{public_id}.json"'
    return answer


@console
@may_edit_setup
@require_POST
def erasure(request: ConsoleRequest, public_id: str) -> HttpResponse:
    records.erase(_find(public_id), by=request.user)
    messages.success(request, "Everything held about them is erased. Whoever must not be written to stays so.")
    return HttpResponseRedirect(resolve_url("people", request.organization.slug), status=HTTPStatus.SEE_OTHER)


def _find(public_id: str) -> Person:
    return get_object_or_404(Person.objects.select_related("ring", "organization"), public_id=public_id)

"""Programs' door to people by ring: /api/ripple/people on the console's host. Their token says what they may do."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from statuspage.organizations.models import Ring, Scope
from statuspage.organizations.token_access import ProgramRequest, problem, program
from subscribers import enlisting
from subscribers.forms import PersonForm
from subscribers.habits import Habits, usual
from subscribers.models import Person

A_PAGE_OF = 100
for_people = program(reads=Scope.READ_PEOPLE, writes=Scope.WRITE_PEOPLE)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def people(request: ProgramRequest) -> HttpResponse:
    if request.method == "POST":
        return _saved(request, None)
    rows = Person.objects.people().select_related("ring").prefetch_related("addresses").order_by("pk")
    ring, after = request.GET.get("ring"), request.GET.get("after")
    if ring:
        rows = rows.filter(ring__key=ring)
    if after:
        last = Person.objects.filter(public_id=after).values_list("pk", flat=True).first()
        if last is None:
            return problem(HTTPStatus.BAD_REQUEST, "There is nobody with the id in “after”. Begin again without it.")
        rows = rows.filter(pk__gt=last)
    found = list(rows[: A_PAGE_OF + 1])
    shown = found[:A_PAGE_OF]
    next_ = shown[-1].public_id if len(found) > A_PAGE_OF else None
    return JsonResponse({"people": [_told(person) for person in shown], "after": next_})


@require_http_methods(["GET", "HEAD", "PUT", "DELETE"])
@for_people
def person(request: ProgramRequest, public_id: str) -> HttpResponse:
    rows = Person.objects.people().select_related("ring", "organization")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        return problem(HTTPStatus.NOT_FOUND, "There is no such person.")
    if request.method == "PUT":
        return _saved(request, row)
    if request.method == "DELETE":
        enlisting.remove(row, by=request.token.made_by)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return JsonResponse(_told(row))


@require_http_methods(["GET", "HEAD"])
@for_people
def rings(_request: ProgramRequest) -> HttpResponse:
    """What `ring` of a person may be."""
    rows = Ring.objects.values("key", "name", "position", "is_open")
    return JsonResponse({"rings": list(rows)})


def _saved(request: ProgramRequest, row: Person | None) -> HttpResponse:
    """A whole person, as in the console: an address that is left out is gone. How they want to be told stays."""
    try:
        form = PersonForm(_given(request.body, row), person=row)
    except ValueError as error:
        return problem(HTTPStatus.BAD_REQUEST, str(error))
    if form.is_valid():
        try:
            if row is None:
                made = enlisting.enlist(request.organization, form.details, by=request.token.made_by)
                return JsonResponse(_told(made), status=HTTPStatus.CREATED)
            enlisting.change(row, form.details, by=request.token.made_by)
            return JsonResponse(_told(row))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    errors = {field: [str(sentence) for sentence in sentences] for field, sentences in form.errors.items()}
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Nothing was changed. See errors.", errors=errors)


def _given(body: bytes, row: Person | None) -> dict[str, Any]:
    """As the console's form has it. Raises ValueError saying what is wrong."""
    try:
        told = json.loads(body)
    except ValueError:
        raise ValueError("The body is no JSON.") from None
    addresses = told.get("addresses") if isinstance(told, dict) else None
    if not isinstance(addresses, list) or not all(isinstance(each, str) for each in addresses):
        raise ValueError('Send {"name": …, "ring": …, "addresses": ["ann@example.org", "+49…"]}.')
    ring = Ring.objects.filter(key=str(told.get("ring", ""))).first()
    lines = "\n".join(each.replace("\n", " ") for each in addresses)
    habits = {**asdict(Habits.of(row) if row else usual()), **_habits(told)}
    member = row.member_id if row else None
    return {
        **habits,
        "member": member or "",
        "name": str(told.get("name", "")),
        "ring": ring.pk if ring else "",
        "addresses": lines,
    }


def _habits(told: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are told. Raises ValueError."""
    given = {name: str(told[name] or "") for name in ("language", "zone", "preferred_channel") if name in told}
    if "quiet_hours" in told:
        hours = told["quiet_hours"] or {}
        if not isinstance(hours, dict):
            raise ValueError('Send "quiet_hours": {"from": "22:00", "until": "07:00"}, or null for none.')
        given |= {f"quiet_{end}": str(hours.get(end, "")) for end in ("from", "until")}
    return given


def _told(row: Person) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "name": row.name,
        "ring": row.ring.key if row.ring else None,
        "addresses": [
            {"channel": each.channel, "value": each.value, "hears": bool(each.confirmed_at and not each.stopped_at)}
            for each in sorted(row.addresses.all(), key=lambda each: each.pk)
        ],
        "language": row.language,
        "zone": row.zone,
        "preferred_channel": row.preferred_channel or None,
        "quiet_hours": _hours(row),
    }


def _hours(row: Person) -> dict[str, str] | None:
    if row.quiet_from is None or row.quiet_until is None:
        return None
    return {"from": f"{row.quiet_from:%H:%M}", "until": f"{row.quiet_until:%H:%M}"}

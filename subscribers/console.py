"""Admins' doors to people, by ring. Everybody in the organization may look."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup
from statuspage.organizations.models import Ring
from subscribers import enlisting
from subscribers.forms import PersonForm
from subscribers.models import Address, Person
from subscribers.ways import ways_of

A_PAGE_OF = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRow:
    """A ring in the list at the side. In an open ring are all who subscribed and belong to no other.

    `is_silent`: it is to hear of incidents, and nobody in it can be reached (R16).
    """

    ring: Ring
    people: int
    is_silent: bool


@console
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: ConsoleRequest) -> HttpResponse:
    return _add(request) if request.method == "POST" else _list(request)


def _list(request: ConsoleRequest) -> HttpResponse:
    rings = list(Ring.objects.all())
    ring = next((ring for ring in rings if ring.key == request.GET.get("ring")), rings[0] if rings else None)
    sought = request.GET.get("sought", "").strip()
    found = _sought(_people_of(ring), sought) if ring else Person.objects.none()
    rows = _rows(rings)
    context = {
        "rows": rows,
        "is_silent": any(row.is_silent for row in rows if row.ring == ring),
        "ring": ring,
        "sought": sought,
        "page": Paginator(found.prefetch_related("addresses"), A_PAGE_OF).get_page(request.GET.get("page")),
        "query": urlencode({"ring": ring.key if ring else "", "sought": sought}),
    }
    return render(request, "console/people/list.html", context)


def _people_of(ring: Ring) -> QuerySet[Person]:
    rows = Person.objects.people().filter(ring=None if ring.is_open else ring)
    return rows.order_by("name", "id")


def _sought(rows: QuerySet[Person], sought: str) -> QuerySet[Person]:
    if not sought:
        return rows
    return rows.filter(Q(name__icontains=sought) | Q(addresses__value__icontains=sought)).distinct()


def _rows(rings: Iterable[Ring]) -> list[RingRow]:
    counted = dict(Person.objects.people().values_list("ring").annotate(people=Count("id")).order_by())
    heard = set(Address.objects.reachable().filter(person__ring__isnull=False).values_list("person__ring", flat=True))
    return [
        RingRow(
            ring=ring,
            people=counted.get(None if ring.is_open else ring.pk, 0),
            is_silent=not ring.is_open and ring.position is not None and ring.pk not in heard,
        )
        for ring in rings
    ]


@may_edit_setup
def _add(request: ConsoleRequest) -> HttpResponse:
    form = PersonForm(request.POST)
    if form.is_valid():
        given = form.details
        try:
            person = enlisting.enlist(request.organization, given, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{person} is in {given.ring} now.")
            return lead_to(request, "people", ring=given.ring.key)
    return _edit(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@require_safe
def new_person(request: ConsoleRequest) -> HttpResponse:
    return _edit(request, PersonForm(ring=Ring.objects.filter(key=request.GET.get("ring", "")).first()))


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: ConsoleRequest, public_id: str) -> HttpResponse:
    row = _find(public_id)
    if request.method != "POST":
        return _edit(request, PersonForm(person=row), person=row)
    form = PersonForm(request.POST, person=row)
    if form.is_valid():
        given = form.details
        try:
            enlisting.change(row, given, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{row} is saved.")
            return lead_to(request, "people", ring=given.ring.key)
    return _edit(request, form, person=row, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@require_POST
def removal(request: ConsoleRequest, public_id: str) -> HttpResponse:
    row = _find(public_id)
    name = str(row)
    enlisting.remove(row, by=request.user)
    messages.success(request, f"{name or 'The person'} is removed and hears nothing more.")
    return lead_to(request, "people")


def _find(public_id: str) -> Person:
    return get_object_or_404(Person.objects.people().select_related("ring", "organization"), public_id=public_id)


def _edit(
    request: ConsoleRequest, form: PersonForm, *, person: Person | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    ways = ways_of(person) if person else []
    return render(request, "console/people/edit.html", {"form": form, "person": person, "ways": ways}, status=status)

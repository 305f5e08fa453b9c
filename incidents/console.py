"""Commanders' doors: the list, opening, and the room of one incident."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import declaring, handing_over, opening, posting, timeline
from incidents.forms import OpenForm, Setting, from_template
from incidents.models import Incident, IncidentTemplate
from incidents.posting_forms import PostingForm, ResolutionForm, RolesForm, SeverityForm
from incidents.rooms import Room, composer_of, in_its_place
from incidents.words import IncidentStatus
from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup, may_post
from statuspage.pages.models import Service
from statuspage.pages.status import ServiceStatus

BLANK = "blank"
A_PAGE_OF = 50
LASTED = F("resolved_at") - F("started_at")
STATES = {"open": "Open", "resolved": "Resolved", "all": "All"}


@console
@require_http_methods(["GET", "HEAD", "POST"])
def incidents(request: ConsoleRequest) -> HttpResponse:
    return _open(request) if request.method == "POST" else _list(request)


def _list(request: ConsoleRequest) -> HttpResponse:
    state = request.GET.get("state", "all")
    rows = (
        Incident.objects.unplanned_work()
        .select_related("severity", "commander")
        .annotate(touched=Count("affected"), lasted=LASTED)
        .order_by("-number")
    )
    open_rows = rows.open()
    chosen: QuerySet[Incident] = {"open": open_rows, "resolved": rows.filter(status=IncidentStatus.RESOLVED)}.get(
        state, rows
    )
    context = {
        "page": Paginator(chosen, A_PAGE_OF).get_page(request.GET.get("page")),
        "state": state if state in STATES else "all",
        "states": STATES.items(),
        "open_count": open_rows.count(),
        "planned_count": Incident.objects.planned_work().open().count(),
        "query": f"state={state}" if state in STATES else "",
        "now": clock.now(),
    }
    return render(request, "console/incidents/list.html", context)


@may_post
def _open(request: ConsoleRequest) -> HttpResponse:
    form = OpenForm(request.POST, organization=request.organization, setting=Setting.of(request.organization))
    if form.is_valid():
        try:
            incident = opening.open_incident(request.organization, form.draft(clock.now()), by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Opened. The rings are being told, each at its time.")
            return to_room(request, incident)
    return _new(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_post
@require_safe
def new_incident(request: ConsoleRequest) -> HttpResponse:
    """Without a choice in the address: the templates to choose from."""
    key = request.GET.get("template", "")
    if not key:
        templates = IncidentTemplate.objects.select_related("severity")
        return render(request, "console/incidents/choose.html", {"templates": templates, "blank": BLANK})
    template = None if key == BLANK else get_object_or_404(IncidentTemplate.objects.select_related("severity"), key=key)
    form = OpenForm(
        organization=request.organization, setting=Setting.of(request.organization), initial=from_template(template)
    )
    return _new(request, form, template=template)


def _new(
    request: ConsoleRequest, form: OpenForm, *, template: IncidentTemplate | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "template": template, "now": clock.now()}
    return render(request, "console/incidents/new.html", context, status=status)


@console
@require_safe
def incident(request: ConsoleRequest, number: int) -> HttpResponse:
    return _room(request, Room(find(number), clock.now()))


# These are asked with GET by whoever had to log in again in between: the room, with their draft, is the answer.
@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def updates(request: ConsoleRequest, number: int) -> HttpResponse:
    row = find(number)
    return post_from(request, row, composer_of(row), said="Posted.")


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def severity(request: ConsoleRequest, number: int) -> HttpResponse:
    return post_from(request, find(number, is_planned=False), SeverityForm, said="Severity changed.")


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def resolution(request: ConsoleRequest, number: int) -> HttpResponse:
    said = "Resolved. Whoever heard of it hears that it is over."
    return post_from(request, find(number, is_planned=False), ResolutionForm, said=said)


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: ConsoleRequest, number: int) -> HttpResponse:
    row = find(number)
    if request.method != "POST":
        return to_room(request, row)
    form = RolesForm(request.POST, incident=row)
    if not form.is_valid():
        return _room(request, Room(row, clock.now(), sent=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen = form.cleaned_data
    handing_over.hand_over(row, commander=chosen["commander"], lead=chosen["lead"], by=request.user)
    messages.success(request, f"{chosen['commander']} commands, {chosen['lead']} speaks.")
    return to_room(request, row)


@console
@may_edit_setup
@require_POST
def service_status(request: ConsoleRequest, public_id: str) -> HttpResponse:
    """What a service is by itself. Lives here because what is shown depends on incidents too."""
    service = get_object_or_404(Service.objects.living(), public_id=public_id)
    chosen = request.POST.get("base_status", "")
    if chosen in set(ServiceStatus):
        service = declaring.declare(service, ServiceStatus(chosen), by=request.user)
        messages.success(request, f"{service}: {service.state.label.lower()}.")
    return lead_to(request, "services")


def find(number: int, *, is_planned: bool | None = None) -> Incident:
    """Within the organization in scope; somebody else's is a 404 like one that does not exist.

    `is_planned`: what is done to a maintenance only, or never to one, does not exist for the others.
    """
    rows = Incident.objects.select_related("organization", "severity", "commander", "lead").annotate(lasted=LASTED)
    if is_planned is not None:
        rows = rows.planned_work() if is_planned else rows.unplanned_work()
    return get_object_or_404(rows, number=number)


def post_from(request: ConsoleRequest, row: Incident, kind: type[PostingForm], *, said: str) -> HttpResponse:
    """What every form of a room does: post, or come back with what is wrong, or with what somebody else posted."""
    if request.method != "POST":
        return to_room(request, row)
    now = clock.now()
    form = kind(request.POST, incident=row, setting=Setting.of(row.organization, row))
    if not form.is_valid():
        return _room(request, Room(row, now, sent=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        posting.post_update(row, form.draft(now), by=request.user)
    except posting.SomebodyElsePosted as event:
        return _show_newer(request, row.number, form, event)
    except ValidationError as refusal:
        form.refuse(refusal)
        row = find(row.number)
        return _room(request, Room(row, now, sent=in_its_place(form, row)), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, said)
    return to_room(request, row)


def _show_newer(
    request: ConsoleRequest, number: int, form: PostingForm, event: posting.SomebodyElsePosted
) -> HttpResponse:
    row = find(number)
    form.catch_up(row)
    newer = timeline.entries_of(event.newer, plan=row.frozen_plan)
    room = Room(row, clock.now(), sent=in_its_place(form, row), newer=newer)
    return _room(request, room, status=HTTPStatus.CONFLICT)


def _room(request: ConsoleRequest, room: Room, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"room": room, "incident": room.incident, "forms": room.forms, "now": room.now}
    return render(request, "console/incidents/room.html", context, status=status)


def to_room(request: ConsoleRequest, row: Incident) -> HttpResponse:
    return lead_to(request, "incident", row.number)

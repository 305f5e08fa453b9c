"""Commanders' doors: the list, opening, and the room of one incident."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import declaring, handing_over, opening, posting, timeline
from incidents.forms import OpenForm, Setting, from_template
from incidents.models import Incident, IncidentTemplate
from incidents.posting_forms import RESOLVED_MEANWHILE, PostingForm, ResolutionForm, RolesForm, SeverityForm, UpdateForm
from incidents.words import IncidentStatus
from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console, may_edit_setup, may_post
from statuspage.pages.models import Service
from statuspage.pages.status import ServiceStatus

BLANK = "blank"
A_PAGE_OF = 50
LASTED = F("resolved_at") - F("started_at")
STATES = {"open": "Open", "resolved": "Resolved", "all": "All"}
Form = TypeVar("Form", bound=PostingForm)


@dataclass(frozen=True)
class Room:
    """What the room's templates show beside the incident itself. A form that was refused comes back as it was sent."""

    incident: Incident
    now: datetime
    sent: PostingForm | RolesForm | None = None
    newer: Sequence[timeline.Entry] = ()

    @cached_property
    def setting(self) -> Setting:
        return Setting.of(self.incident.organization, self.incident)

    @cached_property
    def entries(self) -> list[timeline.Entry]:
        return timeline.of(self.incident)

    @cached_property
    def submissions(self) -> str:
        """Of the newest updates: the browser may forget its drafts of these."""
        return " ".join(str(row) for row in self.incident.updates.values_list("submission_id", flat=True)[:20])

    @cached_property
    def update(self) -> UpdateForm:
        return self._form(UpdateForm)

    @cached_property
    def severity(self) -> SeverityForm:
        return self._form(SeverityForm)

    @cached_property
    def resolution(self) -> ResolutionForm:
        return self._form(ResolutionForm)

    @cached_property
    def roles(self) -> RolesForm:
        return self.sent if isinstance(self.sent, RolesForm) else RolesForm(incident=self.incident)

    @property
    def public_url(self) -> str:
        """Where the world reads of it, once it does."""
        page = (
            self.incident.pages().prefetch_related("hosts").order_by("id").first() if self.incident.public_at else None
        )
        return f"{page.url}/incidents/{self.incident.public_id}" if page and page.url else ""

    @property
    def unfolded(self) -> str:
        """Which of the forms begins open."""
        return type(self.sent).__name__ if self.sent else UpdateForm.__name__

    def _form(self, kind: type[Form]) -> Form:
        return self.sent if isinstance(self.sent, kind) else kind(incident=self.incident, setting=self.setting)


@console
@require_http_methods(["GET", "HEAD", "POST"])
def incidents(request: ConsoleRequest) -> HttpResponse:
    return _open(request) if request.method == "POST" else _list(request)


def _list(request: ConsoleRequest) -> HttpResponse:
    state = request.GET.get("state", "all")
    rows = (
        Incident.objects.select_related("severity", "commander")
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
            return _to_room(request, incident)
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
    return _post(request, find(number), UpdateForm, said="Posted.")


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def severity(request: ConsoleRequest, number: int) -> HttpResponse:
    return _post(request, find(number), SeverityForm, said="Severity changed.")


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def resolution(request: ConsoleRequest, number: int) -> HttpResponse:
    return _post(request, find(number), ResolutionForm, said="Resolved. Whoever heard of it hears that it is over.")


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: ConsoleRequest, number: int) -> HttpResponse:
    row = find(number)
    if request.method != "POST":
        return _to_room(request, row)
    form = RolesForm(request.POST, incident=row)
    if not form.is_valid():
        return _room(request, Room(row, clock.now(), sent=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen = form.cleaned_data
    handing_over.hand_over(row, commander=chosen["commander"], lead=chosen["lead"], by=request.user)
    messages.success(request, f"{chosen['commander']} commands, {chosen['lead']} speaks.")
    return _to_room(request, row)


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
    return HttpResponseRedirect(resolve_url("services", request.organization.slug), status=HTTPStatus.SEE_OTHER)


def find(number: int) -> Incident:
    """Within the organization in scope; somebody else's is a 404 like one that does not exist."""
    return get_object_or_404(
        Incident.objects.select_related("organization", "severity", "commander", "lead").annotate(lasted=LASTED),
        number=number,
    )


def _post(request: ConsoleRequest, row: Incident, kind: type[PostingForm], *, said: str) -> HttpResponse:
    if request.method != "POST":
        return _to_room(request, row)
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
        return _room(request, Room(row, now, sent=_in_its_place(form, row)), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, said)
    return _to_room(request, row)


def _in_its_place(form: PostingForm, row: Incident) -> PostingForm:
    """After the end only the record can be added to: the words of a form that is no longer shown go there."""
    if row.is_open or isinstance(form, UpdateForm):
        return form
    kept = UpdateForm(form.data, incident=row, setting=Setting.of(row.organization, row))
    kept.add_error(None, RESOLVED_MEANWHILE)
    return kept


def _show_newer(
    request: ConsoleRequest, number: int, form: PostingForm, event: posting.SomebodyElsePosted
) -> HttpResponse:
    row = find(number)
    form.catch_up(row)
    newer = timeline.entries_of(event.newer, plan=row.frozen_plan)
    room = Room(row, clock.now(), sent=_in_its_place(form, row), newer=newer)
    return _room(request, room, status=HTTPStatus.CONFLICT)


def _room(request: ConsoleRequest, room: Room, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"room": room, "incident": room.incident, "now": room.now}
    return render(request, "console/incidents/room.html", context, status=status)


def _to_room(request: ConsoleRequest, row: Incident) -> HttpResponse:
    return HttpResponseRedirect(
        resolve_url("incident", request.organization.slug, row.number), status=HTTPStatus.SEE_OTHER
    )

"""What the world may know of incidents and maintenance, as plain values: briefly of all, in full of those asked for.

Inner titles, notes and severities are not filtered out of these: they are never read from the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from incidents import announcements
from incidents.models import AffectedService, Incident, Update, UpdateService
from incidents.models.note import readable_by
from incidents.words import Impact, IncidentStatus, UpdateKind, stage_label
from statuspage.kit import markdown
from statuspage.kit.kept import Kept
from statuspage.organizations.plan import PlanRing
from statuspage.pages.board import Board, ShownService
from statuspage.pages.models import Page, Service
from statuspage.pages.status import ServiceStatus

TIMES = ("started_at", "resolved_at", "scheduled_for", "scheduled_until", "cancelled_at")
BRIEFLY = ("public_id", "last_number", "impact", *TIMES)
IN_FULL_KEPT = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChange:
    """What an update made of a service of this page. `name` says its group as well: "Europe - London"."""

    public_id: str
    name: str
    old: ServiceStatus
    new: ServiceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedShown:
    """A service of this page that an incident touches, or touched."""

    public_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicUpdate:
    """`body` and `html` are as they were written; `said` and `said_html` in the active language, if the words are
    Ripple's own."""

    public_id: str
    status: IncidentStatus
    body: str
    html: str
    posted_at: datetime
    changes: tuple[ServiceChange, ...]
    is_cancellation: bool = False
    is_told: bool = True
    """Off: it stands on the page, and nobody was written to."""
    notes: tuple[tuple[str, str], ...] = ()
    """For inner eyes only: whom each was written for, and its words as HTML."""

    @property
    def label(self) -> str:
        return stage_label(self.status, is_cancelled=self.is_cancellation)

    @property
    def said(self) -> str:
        return announcements.spoken(self.body)

    @property
    def said_html(self) -> str:
        return self.html if self.said == self.body else markdown.to_html(self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """An incident or a maintenance in a line. `last_number` is of its newest update, of which the public may know
    nothing: nothing changes without one, so it says whether something must be drawn again. It is never shown."""

    public_id: str
    last_number: int
    title: str
    impact: Impact
    started_at: datetime
    resolved_at: datetime | None
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    cancelled_at: datetime | None = None

    def __hash__(self) -> int:
        """What is kept of it is looked up for thousands at every publish."""
        return hash(self.version)

    @property
    def version(self) -> tuple[str, int]:
        return self.public_id, self.last_number

    @property
    def values(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(Brief)}

    @property
    def is_maintenance(self) -> bool:
        return self.scheduled_for is not None

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def began_at(self) -> datetime:
        """When it is found in a calendar: planned work on the day it is planned for."""
        return self.scheduled_for or self.started_at

    @property
    def lasted(self) -> timedelta | None:
        return self.resolved_at - self.began_at if self.resolved_at else None

    @property
    def css(self) -> str:
        """Never green while it is open, whatever its services say."""
        return self.impact.css if self.is_open or self.is_maintenance else "is-operational"

    @property
    def path(self) -> str:
        return f"/incidents/{self.public_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicIncident(Brief):
    """An incident as a page shows it. `updates` are the public ones, newest first, at least one."""

    next_update_at: datetime | None
    expected_fix_at: datetime | None
    updates: tuple[PublicUpdate, ...]
    affected: tuple[AffectedShown, ...]

    __hash__ = Brief.__hash__

    @property
    def status(self) -> IncidentStatus:
        """The newest word the public was given, unless it is over."""
        if self.is_open:
            return self.updates[0].status
        return IncidentStatus.COMPLETED if self.is_maintenance else IncidentStatus.RESOLVED

    @property
    def label(self) -> str:
        return stage_label(self.status, is_cancelled=self.cancelled_at is not None)

    @property
    def published_at(self) -> datetime:
        return self.updates[-1].posted_at

    @property
    def updated_at(self) -> datetime:
        return max(self.updates[0].posted_at, self.resolved_at or self.updates[0].posted_at)

    @property
    def monitoring_at(self) -> datetime | None:
        watched = (update.posted_at for update in self.updates if update.status is IncidentStatus.MONITORING)
        return min(watched, default=None)


_in_full: Kept[PublicIncident] = Kept(IN_FULL_KEPT)


def read_briefs(board: Board) -> list[Brief]:
    """Every incident and maintenance the edition's readers may know of, latest beginning first.

    Call in the organization's scope.
    """
    told_of = _told_of(board.page, board.eyes) if board.eyes else []
    known = Incident.objects.touching(board.page).filter(Q(public_at__isnull=False) | Q(pk__in=told_of))
    rows = known.distinct().values(*BRIEFLY, "public_title").order_by("-pk")
    return sorted(map(_brief, rows), key=lambda brief: brief.began_at, reverse=True)


def _brief(row: dict[str, Any]) -> Brief:
    title, impact = row.pop("public_title"), Impact(row.pop("impact"))
    return Brief(title=title, impact=impact, **row)


def read_in_full(board: Board, briefs: Sequence[Brief]) -> list[PublicIncident]:
    """These, in the same order. Call in the organization's scope, in the transaction the briefs were read in.

    Of most, nothing has been said since they were read the last time.
    """
    around = (board.naming, board.eyes)
    found = {brief.public_id: _in_full.get((brief, around)) for brief in briefs}
    missing = {brief.public_id: brief for brief in briefs if found[brief.public_id] is None}
    shown = {one.service.pk: one for one in board.services}
    for row in _rows(missing, board.eyes) if missing else ():
        brief = missing[row.public_id]
        found[row.public_id] = _in_full.put((brief, around), _record(row, brief, shown, board.eyes))
    return [incident for incident in found.values() if incident]


def _told_of(page: Page, eyes: PlanRing) -> list[int]:
    """Incidents the world does not know of, in which this ring may read a note."""
    hidden = Incident.objects.touching(page).filter(public_at=None).prefetch_related("updates__notes")
    return [row.pk for row in hidden if any(_notes(update, row, eyes) for update in row.updates.all())]


def _rows(public_ids: Iterable[str], eyes: PlanRing | None) -> QuerySet[Incident]:
    changes = UpdateService.objects.only("update_row_id", "service_id", "old", "new")
    words = ("incident_id", "public_id", "number", "kind", "status", "body", "html", "posted_at", "notify")
    updates = (
        Update.objects.only(*words)
        .order_by("-number")
        .prefetch_related(Prefetch("services", queryset=changes.order_by()))
    )
    # The public's words are all that is read for the public; a ring's notes need the plan that was frozen with them.
    updates = updates.prefetch_related("notes") if eyes else updates.exclude(body="")
    return (
        Incident.objects.filter(public_id__in=public_ids)
        .only("public_id", "next_update_at", "expected_fix_at", *(["plan"] if eyes else []))
        .order_by()
        .prefetch_related(
            Prefetch("updates", queryset=updates),
            Prefetch("affected", queryset=AffectedService.objects.order_by()),
        )
    )


def _record(
    incident: Incident, brief: Brief, shown: Mapping[int, ShownService], eyes: PlanRing | None
) -> PublicIncident:
    """Services of other pages are none of this page's business, here and in the updates."""
    touched = (shown[row.service_id] for row in incident.affected.all() if row.service_id in shown)
    updates = ((row, _notes(row, incident, eyes) if eyes else ()) for row in incident.updates.all())
    return PublicIncident(
        **brief.values,
        next_update_at=incident.next_update_at,
        expected_fix_at=incident.expected_fix_at,
        updates=tuple(_update(row, shown, notes) for row, notes in updates if row.body or notes),
        affected=tuple(
            AffectedShown(public_id=one.service.public_id, name=one.service.name)
            for one in sorted(touched, key=lambda one: one.place)
        ),
    )


def _notes(update: Update, incident: Incident, eyes: PlanRing) -> tuple[tuple[str, str], ...]:
    """What this ring may read, by the plan frozen on the incident; nothing for a ring that came later.

    Nor for one that anybody may join by now, whatever it was then.
    """
    if eyes.is_open:
        return ()
    rings = incident.frozen_plan.rings
    ring = next((ring for ring in rings if ring.key == eyes.key), None)
    readable = readable_by(ring, update.notes.all()) if ring else []
    return tuple((note.addressee(rings), markdown.to_html(note.body)) for note in readable)


def _update(update: Update, shown: Mapping[int, ShownService], notes: tuple[tuple[str, str], ...] = ()) -> PublicUpdate:
    rows = [row for row in update.services.all() if row.service_id in shown]
    return PublicUpdate(
        public_id=update.public_id,
        status=update.stage,
        body=update.body,
        html=update.html,
        posted_at=update.posted_at,
        is_cancellation=update.kind == UpdateKind.CANCEL.value,
        is_told=update.notify,
        notes=notes,
        changes=tuple(
            ServiceChange(
                public_id=shown[row.service_id].service.public_id,
                name=_full_name(shown[row.service_id].service),
                old=ServiceStatus(row.old),
                new=ServiceStatus(row.new),
            )
            for row in sorted(rows, key=lambda row: shown[row.service_id].place)
        ),
    )


def _full_name(service: Service) -> str:
    return f"{service.group.name} - {service.name}" if service.group else service.name

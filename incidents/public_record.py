"""What the world may know of incidents, as plain values.

Inner titles, notes and severities are not filtered out of these: they are never read from the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from incidents.models import AffectedService, Incident, Update, UpdateService
from incidents.words import Impact, IncidentStatus
from statuspage.pages.board import Board, ShownService
from statuspage.pages.models import Service
from statuspage.pages.status import ServiceStatus


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
    public_id: str
    status: IncidentStatus
    body: str
    html: str
    posted_at: datetime
    changes: tuple[ServiceChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicIncident:
    """An incident as a page shows it. `updates` are the public ones, newest first, at least one."""

    public_id: str
    title: str
    impact: Impact
    started_at: datetime
    resolved_at: datetime | None
    next_update_at: datetime | None
    expected_fix_at: datetime | None
    updates: tuple[PublicUpdate, ...]
    affected: tuple[AffectedShown, ...]

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def status(self) -> IncidentStatus:
        """The newest word the public was given, unless it is over."""
        return self.updates[0].status if self.is_open else IncidentStatus.RESOLVED

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

    @property
    def lasted(self) -> timedelta | None:
        return self.resolved_at - self.started_at if self.resolved_at else None

    @property
    def css(self) -> str:
        """Never green while it is open, whatever its services say."""
        return self.impact.css if self.is_open else "is-operational"

    @property
    def path(self) -> str:
        return f"/incidents/{self.public_id}"


def read_public(board: Board) -> list[PublicIncident]:
    """Every public incident of the page, newest first. Call in the organization's scope."""
    shown = {one.service.pk: one for one in board.services}
    return [_record(incident, shown) for incident in _rows(board)]


def _rows(board: Board) -> QuerySet[Incident]:
    changes = UpdateService.objects.only("update_row_id", "service_id", "old", "new")
    updates = (
        Update.objects.exclude(body="")
        .only("incident_id", "public_id", "number", "status", "body", "html", "posted_at")
        .order_by("-number")
        .prefetch_related(Prefetch("services", queryset=changes.order_by()))
    )
    return (
        Incident.objects.on_page(board.page)
        .only(
            "public_id",
            "public_title",
            "impact",
            "started_at",
            "resolved_at",
            "next_update_at",
            "expected_fix_at",
        )
        .order_by("-started_at", "-pk")
        .prefetch_related(
            Prefetch("updates", queryset=updates),
            Prefetch("affected", queryset=AffectedService.objects.order_by()),
        )
    )


def _record(incident: Incident, shown: Mapping[int, ShownService]) -> PublicIncident:
    """Services of other pages are none of this page's business, here and in the updates."""
    touched = (shown[row.service_id] for row in incident.affected.all() if row.service_id in shown)
    return PublicIncident(
        public_id=incident.public_id,
        title=incident.public_title,
        impact=Impact(incident.impact),
        started_at=incident.started_at,
        resolved_at=incident.resolved_at,
        next_update_at=incident.next_update_at,
        expected_fix_at=incident.expected_fix_at,
        updates=tuple(_update(update, shown) for update in incident.updates.all()),
        affected=tuple(
            AffectedShown(public_id=one.service.public_id, name=one.service.name)
            for one in sorted(touched, key=lambda one: one.place)
        ),
    )


def _update(update: Update, shown: Mapping[int, ShownService]) -> PublicUpdate:
    rows = [row for row in update.services.all() if row.service_id in shown]
    return PublicUpdate(
        public_id=update.public_id,
        status=update.stage,
        body=update.body,
        html=update.html,
        posted_at=update.posted_at,
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

"""What one ring may read of an incident. The words a ring may not see are never gathered, so they cannot leak.

Rendering gets a `Reading` and nothing else: no model, no other ring's note, for open rings no inner title or severity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import override

from incidents import announcements
from incidents.models import Incident, Note, Update
from incidents.models.note import readable_by
from incidents.words import Impact, IncidentStatus
from notifications.planned_work import PlannedWork, planned_work
from notifications.rings import Kind
from statuspage.kit import markdown
from statuspage.organizations.plan import PlanRing
from statuspage.pages.languages import ENGLISH
from statuspage.pages.models import Page
from statuspage.pages.status import ServiceStatus

EARLIER_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One public message."""

    number: int
    status: str
    at: datetime
    text: str
    html: str

    @property
    def first_line(self) -> str:
        """For the list of earlier words."""
        return self.text.partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A note this ring may read, and whom it was written for."""

    reader: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """What only rings that are not open read."""

    severity: str
    severity_before: str
    commander: str
    lead: str
    bridge_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything a message is rendered from. `language` is that of every word in it that is ours."""

    organization: str
    ring: str
    kind: Kind
    title: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    newest: Saying | None
    notes: tuple[Aside, ...]
    earlier: tuple[Saying, ...]
    services: tuple[str, ...]
    next_update_at: datetime | None
    expected_fix_at: datetime | None
    planned: PlannedWork | None
    inner: Inner | None
    zone: str
    url: str
    thread: str
    language: str
    status_in_a_sentence: str
    impact: str

    @property
    def lasted(self) -> timedelta | None:
        return self.ended_at - self.started_at if self.ended_at else None

    @property
    def is_over(self) -> bool:
        return self.kind.is_ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is told of an incident at one moment, before anybody's eyes are considered: rows, saved or not."""

    incident: Incident
    updates: Sequence[tuple[Update, Sequence[Note]]]  # oldest first
    services: Sequence[tuple[int, str, ServiceStatus]]

    @property
    def said(self) -> list[Update]:
        return [update for update, _notes in self.updates]

    @classmethod
    def of(cls, incident: Incident) -> "Telling":
        updates = incident.updates.order_by("number").prefetch_related("notes")
        affected = incident.affected.select_related("service")
        return cls(
            incident=incident,
            updates=[(update, list(update.notes.all())) for update in updates],
            services=[(row.service_id, row.service.name, row.state) for row in affected],
        )


def what_may_be_read(
    telling: Telling, *, ring: PlanRing, kind: Kind, after: int = 0, page: Page | None = None, language: str = ENGLISH
) -> Reading:
    """The incident as `ring` may see it, when it has heard everything up to update `after`.

    New are the newest public message and all notes since then; earlier messages are told in a line each. `page` is
    where a subscriber's link leads. Our own words are in `language`; what people wrote is as they wrote it.
    """
    incident, over = telling.incident, kind.is_ending
    shown = page or incident.first_page()
    zone = shown.zone if shown else "Etc/UTC"
    with override(language):
        newest, earlier = _sayings(telling, after=after)
        return Reading(
            organization=incident.organization.name,
            ring=ring.name,
            kind=kind,
            title=incident.public_title if ring.is_open else incident.title,
            status=IncidentStatus.RESOLVED.label if over and not incident.is_maintenance else incident.stage_label,
            started_at=incident.started_at,
            ended_at=incident.resolved_at if over else None,
            newest=newest,
            notes=_asides(telling, ring, after=after),
            earlier=earlier,
            services=_services(telling, page),
            next_update_at=None if over else incident.next_update_at,
            expected_fix_at=None if over else incident.expected_fix_at,
            planned=planned_work(incident, telling.said, kind=kind, after=after, zone=zone),
            inner=None if ring.is_open else _inner(telling, ring),
            zone=zone,
            url=_url(incident, ring, shown, language),
            thread=incident.public_id,
            language=language,
            status_in_a_sentence=(IncidentStatus.RESOLVED if over else incident.stage).in_a_sentence,
            impact=Impact(incident.impact).label,
        )


def _services(telling: Telling, page: Page | None) -> tuple[str, ...]:
    """Subscribers of a page read of its services only: the others' names are inner words.

    Before a maintenance begins, how a service is has nothing to do with it: the name is enough.
    """
    shown = set(page.shown.values_list("service_id", flat=True)) if page else {pk for pk, _, _ in telling.services}
    is_ahead = telling.incident.stage is IncidentStatus.SCHEDULED
    return tuple(
        name if is_ahead else f"{name}: {status.in_a_sentence}" for pk, name, status in telling.services if pk in shown
    )


def _sayings(telling: Telling, *, after: int) -> tuple[Saying | None, tuple[Saying, ...]]:
    """The newest public message, if it is one they have not heard, and a few of those before it, newest first."""
    sayings = [_saying(update) for update in reversed(telling.said) if update.is_public]
    newest = sayings.pop(0) if sayings and sayings[0].number > after else None
    return newest, tuple(sayings[:EARLIER_LINES])


def _saying(update: Update) -> Saying:
    said = announcements.spoken(update.body)
    return Saying(
        number=update.number,
        status=update.stage_label,
        at=update.posted_at,
        text=markdown.to_text(said),
        html=update.html if said == update.body else markdown.to_html(said),
    )


def _asides(telling: Telling, ring: PlanRing, *, after: int) -> tuple[Aside, ...]:
    rings = telling.incident.frozen_plan.rings
    return tuple(
        Aside(reader=note.addressee(rings), text=markdown.to_text(note.body))
        for update, notes in telling.updates
        if update.number > after
        for note in readable_by(ring, notes)
    )


def _inner(telling: Telling, ring: PlanRing) -> Inner:
    incident = telling.incident
    keys = [update.severity_key for update in telling.said]
    before = next((key for key in reversed(keys) if key != incident.severity.key), "")
    return Inner(
        severity=_severity_name(incident, incident.severity.key),
        severity_before=_severity_name(incident, before),
        commander=str(incident.commander or ""),
        lead=str(incident.lead or ""),
        bridge_url=incident.bridge_url if ring.position == 0 else "",
    )


def _severity_name(incident: Incident, key: str) -> str:
    return next((severity.name for severity in incident.frozen_plan.severities if severity.key == key), "")


def _url(incident: Incident, ring: PlanRing, page: Page | None, language: str) -> str:
    """On-call goes to the room; everybody else to the public page, which all other channels point to, in their
    language."""
    if ring.position == 0:
        return incident.organization.console_url("incident", number=incident.number)
    if page and page.url and incident.public_at:
        return f"{page.url}{page.language_root(language)}/incidents/{incident.public_id}"
    return ""

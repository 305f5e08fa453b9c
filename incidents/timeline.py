"""What happened in an incident, as entries of the room's timeline. Ripple's own doings are added further up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from incidents.models import Incident, Update, UpdateService
from incidents.words import UpdateKind
from statuspage.organizations.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`who` is empty for Ripple itself. `html` is sanitised; `notes` are (readers, words)."""

    at: datetime
    headline: str
    who: str = ""
    html: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    services: tuple[str, ...] = ()
    number: int = 0


def of(incident: Incident) -> list[Entry]:
    """Newest first."""
    updates = incident.updates.select_related("posted_by").prefetch_related("notes", "services__service")
    return [*entries_of(updates.order_by("-number"), plan=incident.frozen_plan), *_beginning(incident)]


def entries_of(updates: Iterable[Update] | QuerySet[Update], *, plan: Plan) -> list[Entry]:
    """In the order given."""
    return [_entry(update, plan) for update in updates]


def _beginning(incident: Incident) -> list[Entry]:
    """Shown when it began earlier than it was opened."""
    if incident.started_at >= incident.clock_started_at:
        return []
    return [Entry(at=incident.started_at, headline="It began, as the public reads it")]


def _entry(update: Update, plan: Plan) -> Entry:
    return Entry(
        at=update.posted_at,
        who=str(update.posted_by or ""),
        headline=_headline(update, plan),
        html=update.html,
        notes=tuple((note.addressee(plan.rings), note.body) for note in update.notes.all()),
        services=tuple(_change(row) for row in update.services.all() if row.old != row.new),
        number=update.number,
    )


_HEADLINES = {UpdateKind.REMIND.value: "Reminder", UpdateKind.RESCHEDULE.value: "New window"}


def _headline(update: Update, plan: Plan) -> str:
    if update.kind == UpdateKind.SEVERITY.value:
        names = {severity.key: severity.name for severity in plan.severities}
        return f"Severity changed to {names.get(update.severity_key, update.severity_key)}"
    if update.kind in _HEADLINES:
        return _HEADLINES[update.kind]
    if update.is_public or update.kind == UpdateKind.RESOLVE.value:
        return update.stage_label
    return "Note" if update.notes.all() else f"{update.stage.label}, services changed"


def _change(row: UpdateService) -> str:
    return f"{row.service.name}: {row.get_new_display().lower()}"

"""What a message of a maintenance is about, and when the work is planned: said instead of since when and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from incidents.models import Incident, Update
from incidents.words import IncidentStatus, UpdateKind
from notifications.rings import Kind
from statuspage.kit.templatetags.ripple import day_and_time, in_words, span


class Occasion(StrEnum):
    """Why this is said now, in the words a subject begins with."""

    SCHEDULED = gettext_noop("Scheduled maintenance")
    REMINDER = gettext_noop("Maintenance reminder")
    UPDATE = gettext_noop("Maintenance update")
    CHECKING = gettext_noop("Maintenance being checked")
    MOVED = gettext_noop("Maintenance moved")
    EXTENDED = gettext_noop("Maintenance extended")
    BEGINS = gettext_noop("Maintenance begins")
    GOES_ON = gettext_noop("Maintenance in progress")
    FINISHED = gettext_noop("Maintenance finished")
    CANCELLED = gettext_noop("Maintenance cancelled")

    @property
    def label(self) -> str:
        return _(self.value)


# Of everything that one message covers, what it is named after: the last of these.
_BY_WEIGHT = [Occasion.UPDATE, Occasion.REMINDER, Occasion.CHECKING, Occasion.MOVED, Occasion.EXTENDED, Occasion.BEGINS]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWork:
    occasion: Occasion
    begins_at: datetime
    ends_at: datetime
    lasted: timedelta | None
    zone: str

    @property
    def when(self) -> str:
        """In the active language. Never how far away it is: this may be read late."""
        if self.lasted is not None and self.occasion is not Occasion.CANCELLED:
            return _("It took %(lasted)s.") % {"lasted": in_words(self.lasted)}
        match self.occasion:
            case Occasion.CANCELLED:
                return _("It was planned for %(window)s.") % {"window": self.window}
            case Occasion.BEGINS | Occasion.GOES_ON | Occasion.CHECKING | Occasion.EXTENDED:
                return _("Planned until %(end)s.") % {"end": day_and_time(self.ends_at, self.zone)}
            case _:
                return _("Planned for %(window)s.") % {"window": self.window}

    @property
    def window(self) -> str:
        return span(self.begins_at, self.ends_at, self.zone)


def planned_work(
    maintenance: Incident, updates: Sequence[Update], *, kind: Kind, after: int, zone: str
) -> PlannedWork | None:
    """None for what nobody planned. `updates` are all, oldest first; the reader has heard those up to `after`."""
    window = maintenance.window
    if window is None:
        return None
    return PlannedWork(
        occasion=_occasion(maintenance, updates, kind=kind, after=after),
        begins_at=window.begins_at,
        ends_at=window.ends_at,
        lasted=maintenance.resolved_at - maintenance.started_at if maintenance.resolved_at else None,
        zone=zone,
    )


def _occasion(maintenance: Incident, updates: Sequence[Update], *, kind: Kind, after: int) -> Occasion:
    if kind.is_ending:
        return Occasion.CANCELLED if maintenance.cancelled_at else Occasion.FINISHED
    if kind is Kind.FIRST:
        return Occasion.SCHEDULED if maintenance.stage is IncidentStatus.SCHEDULED else Occasion.GOES_ON
    before = IncidentStatus.SCHEDULED
    found = [Occasion.UPDATE]
    for update in updates:
        if update.number > after:
            found.append(_of(update, before=before))
        before = update.stage
    return max(found, key=_BY_WEIGHT.index)


def _of(update: Update, *, before: IncidentStatus) -> Occasion:
    if update.kind == UpdateKind.REMIND.value:
        return Occasion.REMINDER
    if update.kind == UpdateKind.RESCHEDULE.value:
        return Occasion.MOVED if before is IncidentStatus.SCHEDULED else Occasion.EXTENDED
    if update.stage is IncidentStatus.IN_PROGRESS and before is IncidentStatus.SCHEDULED:
        return Occasion.BEGINS
    return Occasion.CHECKING if update.stage is IncidentStatus.VERIFYING is not before else Occasion.UPDATE

"""The one sentence that matters first: what is wrong, since when, and when we speak again. Pure.

It is honest where the compatible JSON cannot be: with an open incident it never says that all is well, even when no
service is marked, and it says plainly when a promised update is late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.public_record import PublicIncident
from incidents.words import Impact, IncidentStatus
from statuspage.pages.status import ServiceStatus, worst_of
from statuspage.pages.templatetags.moments import moment_words

ALL_WELL = "All services are operating normally."
NOTHING_LISTED = "No trouble is known."
STAGES = {
    IncidentStatus.INVESTIGATING: "The cause is not known yet.",
    IncidentStatus.IDENTIFIED: "The cause is known and is being fixed.",
    IncidentStatus.MONITORING: "A fix is in place and is being watched.",
}
AS_BAD_AS = {
    Impact.CRITICAL: ServiceStatus.MAJOR_OUTAGE,
    Impact.MAJOR: ServiceStatus.PARTIAL_OUTAGE,
}
COLOURS = {
    ServiceStatus.OPERATIONAL: "2a9d64",
    ServiceStatus.UNDER_MAINTENANCE: "4a80d4",
    ServiceStatus.DEGRADED_PERFORMANCE: "b98a12",
    ServiceStatus.PARTIAL_OUTAGE: "d96a1f",
    ServiceStatus.MAJOR_OUTAGE: "d8424a",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """`tone` colours it. `due_at` is when the next word was promised; late, when that has passed."""

    sentence: str
    tone: ServiceStatus
    stage: str = ""
    due_at: datetime | None = None
    is_late: bool = False
    rest: str = ""

    @property
    def colour(self) -> str:
        """For the tab's icon, which style sheets do not reach: six hex digits, readable on light and on dark."""
        return COLOURS[self.tone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything the headline is made from. `services` are all on the page, by name."""

    incidents: Sequence[PublicIncident]
    services: Sequence[tuple[str, ServiceStatus]]
    now: datetime
    zone: str

    @property
    def troubled(self) -> list[tuple[str, ServiceStatus]]:
        return [pair for pair in self.services if pair[1] is not ServiceStatus.OPERATIONAL]


def headline(situation: Situation) -> Headline:
    if situation.incidents:
        return _of_incidents(situation)
    if situation.troubled:
        return _of_services(situation)
    return Headline(sentence=ALL_WELL if situation.services else NOTHING_LISTED, tone=ServiceStatus.OPERATIONAL)


def _of_incidents(situation: Situation) -> Headline:
    """The worst incident speaks, of equals the one that has lasted longest; the nearest promise counts."""
    first, *others = sorted(situation.incidents, key=lambda incident: (-tone_of(incident).rank, incident.started_at))
    since = moment_words(first.started_at, now=situation.now, zone=situation.zone)
    promised = [incident.next_update_at for incident in situation.incidents if incident.next_update_at]
    due_at = min(promised, default=None)
    return Headline(
        sentence=f"{first.title.rstrip('. ')} since {since}{_and_more(len(others))}.",
        tone=worst_of([tone_of(first), *(status for _name, status in situation.troubled)]),
        stage="" if others else STAGES.get(first.status, ""),
        due_at=due_at,
        is_late=due_at is not None and due_at <= situation.now,
        rest=_rest(situation),
    )


def tone_of(incident: PublicIncident) -> ServiceStatus:
    """Never better than degraded while it is open."""
    return AS_BAD_AS.get(incident.impact, ServiceStatus.DEGRADED_PERFORMANCE)


def _and_more(number: int) -> str:
    if not number:
        return ""
    return f", and {number} more incident" if number == 1 else f", and {number} more incidents"


def _rest(situation: Situation) -> str:
    """What may be said of the services that no open incident touches."""
    if not all(incident.affected for incident in situation.incidents):
        return ""  # one of them does not say what it touches
    touched = {service.name for incident in situation.incidents for service in incident.affected}
    others = [name for name, _status in situation.troubled if name not in touched]
    if others:
        return f"{_subject(others)} {'is' if len(others) == 1 else 'are'} not operating normally either."
    is_anything_else_well = touched and any(name not in touched for name, _status in situation.services)
    return "Everything else is operating normally." if is_anything_else_well else ""


def _of_services(situation: Situation) -> Headline:
    """Services are marked, and nobody has opened an incident: say exactly that."""
    worst = worst_of(status for _name, status in situation.troubled)
    are_alike = all(status is worst for _name, status in situation.troubled)
    subject = _subject([name for name, _status in situation.troubled])
    sentence = f"{subject}: {worst.label.lower()}." if are_alike else f"{subject} are not operating normally."
    is_all = len(situation.troubled) == len(situation.services)
    return Headline(sentence=sentence, tone=worst, rest="" if is_all else "Everything else is operating normally.")


def _subject(names: Sequence[str]) -> str:
    if len(names) > 2:
        return f"{len(names)} services"
    return " and ".join(names)

"""The one sentence that matters first: what is wrong, since when, and when we speak again. Pure.

It is honest where the compatible JSON cannot be: with an open incident it never says that all is well, even when no
service is marked, and it says plainly when a promised update is late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from incidents.public_record import PublicIncident
from incidents.words import Impact, IncidentStatus
from statuspage.pages.status import ServiceStatus, worst_of
from statuspage.pages.templatetags.moments import moment_words

ALL_WELL = gettext_noop("All services are operating normally.")
NOTHING_LISTED = gettext_noop("No trouble is known.")
ALL_ELSE_WELL = gettext_noop("Everything else is operating normally.")
STAGES = {
    IncidentStatus.INVESTIGATING: gettext_noop("The cause is not known yet."),
    IncidentStatus.IDENTIFIED: gettext_noop("The cause is known and is being fixed."),
    IncidentStatus.MONITORING: gettext_noop("A fix is in place and is being watched."),
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
    def is_calm(self) -> bool:
        """Nothing is wrong, and nobody is at work."""
        return self.tone is ServiceStatus.OPERATIONAL

    @property
    def colour(self) -> str:
        """For the tab's icon, which style sheets do not reach: six hex digits, readable on light and on dark."""
        return COLOURS[self.tone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the headline is made from. `services` are all on the page, by name; `works` is maintenance going on."""

    incidents: Sequence[PublicIncident]
    services: Sequence[tuple[str, ServiceStatus]]
    now: datetime
    zone: str
    works: Sequence[PublicIncident] = ()

    @property
    def troubled(self) -> list[tuple[str, ServiceStatus]]:
        return [pair for pair in self.services if pair[1] is not ServiceStatus.OPERATIONAL]


def headline(situation: Situation) -> Headline:
    """In the active language."""
    if situation.incidents:
        return _of_incidents(situation)
    if situation.works and all(status is ServiceStatus.UNDER_MAINTENANCE for _name, status in situation.troubled):
        return _of_works(situation)
    if situation.troubled:
        return _of_services(situation)
    return Headline(sentence=_(ALL_WELL if situation.services else NOTHING_LISTED), tone=ServiceStatus.OPERATIONAL)


def _of_incidents(situation: Situation) -> Headline:
    """The worst incident speaks, of equals the one that has lasted longest; the nearest promise counts."""
    first, *others = sorted(situation.incidents, key=lambda incident: (-tone_of(incident).rank, incident.started_at))
    promised = [incident.next_update_at for incident in situation.incidents if incident.next_update_at]
    due_at = min(promised, default=None)
    return Headline(
        sentence=_sentence(first, len(others), situation),
        tone=worst_of([tone_of(first), *(status for _name, status in situation.troubled)]),
        stage="" if others or first.status not in STAGES else _(STAGES[first.status]),
        due_at=due_at,
        is_late=due_at is not None and due_at <= situation.now,
        rest=_rest(situation),
    )


def _sentence(first: PublicIncident, more: int, situation: Situation) -> str:
    words = {
        "title": first.title.rstrip(". "),
        "since": moment_words(first.started_at, now=situation.now, zone=situation.zone),
        "count": more,
    }
    if not more:
        return _("%(title)s since %(since)s.") % words
    return (
        ngettext(
            "%(title)s since %(since)s, and %(count)d more incident.",
            "%(title)s since %(since)s, and %(count)d more incidents.",
            more,
        )
        % words
    )


def tone_of(incident: PublicIncident) -> ServiceStatus:
    """Never better than degraded while it is open."""
    return AS_BAD_AS.get(incident.impact, ServiceStatus.DEGRADED_PERFORMANCE)


def _rest(situation: Situation) -> str:
    """What may be said of the services that no open incident touches."""
    if not all(incident.affected for incident in situation.incidents):
        return ""  # one of them does not say what it touches
    touched = {service.name for incident in situation.incidents for service in incident.affected}
    others = [name for name, _status in situation.troubled if name not in touched]
    if len(others) == 1:
        return _("%(services)s is not operating normally either.") % {"services": others[0]}
    if others:
        return _("%(services)s are not operating normally either.") % {"services": _subject(others)}
    is_anything_else_well = touched and any(name not in touched for name, _status in situation.services)
    return _(ALL_ELSE_WELL) if is_anything_else_well else ""


def _of_works(situation: Situation) -> Headline:
    """Nothing is wrong: somebody is at work, as announced, until a time that was told."""
    first = min(situation.works, key=lambda work: (work.scheduled_until or work.began_at, work.public_id))
    ends_at = first.scheduled_until or first.began_at
    words = {
        "title": first.title.rstrip(". "),
        "until": moment_words(ends_at, now=situation.now, zone=situation.zone),
    }
    is_late = ends_at <= situation.now
    others_are_well = any(status is ServiceStatus.OPERATIONAL for _name, status in situation.services)
    return Headline(
        sentence=(_("Maintenance: %(title)s.") if is_late else _("Maintenance until %(until)s: %(title)s.")) % words,
        tone=ServiceStatus.UNDER_MAINTENANCE,
        stage=_("It is taking longer than announced.") if is_late else "",
        rest=_(ALL_ELSE_WELL) if others_are_well else "",
    )


def _of_services(situation: Situation) -> Headline:
    """Services are marked, and nobody has opened an incident: say exactly that."""
    worst = worst_of(status for _name, status in situation.troubled)
    are_alike = all(status is worst for _name, status in situation.troubled)
    words = {"services": _subject([name for name, _status in situation.troubled]), "status": worst.in_a_sentence}
    sentence = _("%(services)s: %(status)s.") if are_alike else _("%(services)s are not operating normally.")
    is_all = len(situation.troubled) == len(situation.services)
    return Headline(sentence=sentence % words, tone=worst, rest="" if is_all else _(ALL_ELSE_WELL))


def _subject(names: Sequence[str]) -> str:
    if len(names) > 2:
        return ngettext("%(count)d service", "%(count)d services", len(names)) % {"count": len(names)}
    return _(" and ").join(names)

"""Planning: rings move. One incident per transaction, under its lock; nothing here talks to a network.

The dispatcher calls `plan_next` until nothing is waiting or due. Two dispatchers share the work (SKIP LOCKED).
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from incidents.models import Incident, Note, Update
from incidents.models.note import readable_by
from incidents.words import UpdateKind
from notifications import releasing, rings
from notifications.models import RingState
from notifications.releasing import Situation
from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.models import Ring
from statuspage.organizations.plan import Plan, PlanRing

log = logging.getLogger(__name__)


class PlanningFailed(Exception):  # noqa: N818 - says what happened
    """One incident could not be planned; the others can. Carries which, so that it is left alone for a while."""

    def __init__(self, incident_id: int) -> None:
        super().__init__(f"Planning failed for incident row {incident_id}.")
        self.incident_id = incident_id


def plan_next(*, except_for: Collection[int] = ()) -> bool:
    """Plan one incident that has news or a ring due; False when there is none.

    Raises PlanningFailed, with nothing changed, when that incident cannot be planned.
    """
    with transaction.atomic(), across_organizations():
        now = clock.now()
        incident = _claim(now, except_for)
        if incident is None:
            return False
        try:
            with transaction.atomic(), scope(organization=incident.organization):
                plan(incident, now=now)
        except (InterfaceError, OperationalError):
            raise  # the database is away, or two of us were in each other's way: nothing is wrong with this incident
        except Exception as error:
            raise PlanningFailed(incident.pk) from error
        return True


def _claim(now: datetime, except_for: Collection[int]) -> Incident | None:
    """Two queries, an index each. The incident is locked, never its updates: two planners cannot deadlock."""
    rows = Incident.objects.select_related("organization", "severity", "commander", "lead").exclude(id__in=except_for)
    locked = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    # The lock re-reads the row, so what another planner has just finished no longer matches.
    unplanned = locked.unplanned().order_by("id").first()
    if unplanned:
        return unplanned
    due = (
        RingState.objects.due(now)
        .exclude(incident_id__in=except_for)
        .order_by("due_at")
        .values_list("incident_id", flat=True)
    )
    for incident_id in due[:100]:
        incident = locked.filter(pk=incident_id).first()
        # Look again: between finding the ring and getting the lock, its work may have been done.
        if incident and RingState.objects.due(now).filter(incident=incident).exists():
            return incident
    return None


def plan(incident: Incident, *, now: datetime) -> None:
    """Move the rings and release what is due, for good."""
    moved = fold(incident, now=now)
    if any(outgoing for _state, outgoing in moved):
        situation = Situation.of(incident, [state for state, _outgoing in moved], now=now)
        for state, outgoing in moved:
            if outgoing:
                releasing.release(situation, state, outgoing)
    Incident.objects.filter(pk=incident.pk).update(planned_number=incident.last_number)


def fold(incident: Incident, *, now: datetime) -> list[tuple[RingState, rings.Release | None]]:
    """Give every ring what was posted since the last pass, by number, then its timer; innermost ring first."""
    frozen = incident.frozen_plan
    updates = list(
        incident.updates.filter(number__gt=incident.planned_number).order_by("number").prefetch_related("notes")
    )
    moved = []
    for state in _ring_states(incident, frozen):
        ring = frozen.ring(state.ring.key)
        events = [
            event_for(ring, update, list(update.notes.all()), incident=incident, plan=frozen) for update in updates
        ]
        values, outgoing = rings.advance(state.as_values(), events, terms=terms_for(ring, incident, frozen), now=now)
        state.take_over(values)
        moved.append((state, outgoing))
    return moved


def _ring_states(incident: Incident, plan: Plan) -> list[RingState]:
    """In id order. The first pass makes them; nobody else can, since the incident is locked."""
    states = list(
        RingState.objects.select_for_update(of=("self",), no_key=True)
        .select_related("ring", "incident")
        .filter(incident=incident)
        .order_by("id")
    )
    if states:
        return states
    first = incident.updates.order_by("number").values_list("severity_key", flat=True)[0]
    rows = {ring.key: ring for ring in Ring.objects.filter(organization=incident.organization)}
    for ring in plan.line_rings:
        state = RingState(organization=incident.organization, incident=incident, ring=rows[ring.key])
        state.take_over(rings.opened(terms_for(ring, incident, plan), severity=first))
        states.append(state)
    return states


def terms_for(ring: PlanRing, incident: Incident, plan: Plan) -> rings.Terms:
    return rings.Terms(
        clock_started_at=incident.clock_started_at,
        is_open=ring.is_open,
        cells={severity.key: plan.cell(severity=severity.key, ring=ring.key) for severity in plan.severities},
        severity_ranks={severity.key: severity.position for severity in plan.severities},
    )


def event_for(ring: PlanRing, update: Update, notes: Sequence[Note], *, incident: Incident, plan: Plan) -> rings.Event:
    """One update as `ring` sees it. For a ring it does not concern, it is as if it did not exist."""
    return rings.Event(
        number=update.number,
        kind=UpdateKind.RESOLVE.value if UpdateKind(update.kind).is_the_end else update.kind,
        severity=update.severity_key,
        concerns=update.is_public or bool(readable_by(ring, notes)),
        is_public=update.is_public,
        is_important=update.is_important,
        notify=update.notify,
        tell_anyway=incident.is_told_anyway or update.severity_key == plan.highest_severity,
    )

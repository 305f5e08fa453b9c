"""What each ring got, and what it waits for. Read from chunks, never from deliveries: cheap at a million."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Max, Min, Q, QuerySet, Sum

from incidents.models import Incident
from incidents.timeline import Entry
from notifications.models import Broadcast, Chunk, ChunkState, RingState
from notifications.rings import Kind, State
from statuspage.organizations.plan import Channel, Mode, Plan, PlanRing

MOVING = Q(state__in=[ChunkState.WAITING, ChunkState.LEASED])


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    channel: str
    addressed: int
    accepted: int

    @property
    def label(self) -> str:
        return Channel(self.channel).label


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What became of one broadcast, in addresses. `took` is the time from the first to be queued to the last done."""

    addressed: int = 0
    accepted: int = 0
    failed: int = 0
    waiting: int = 0
    took: timedelta | None = None
    channels: tuple[ChannelCount, ...] = ()

    @property
    def is_moving(self) -> bool:
        return self.waiting > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RingTold:
    """One ring of one incident. `state` is None until the dispatcher has seen the incident, a moment after opening."""

    name: str
    is_open: bool
    state: State | None
    due_at: datetime | None = None
    speak_by: datetime | None = None
    wants_words: bool = False
    first_word_after: timedelta | None = None
    told_at: datetime | None = None
    reached: Reached = field(default_factory=Reached)

    @property
    def has_heard(self) -> bool:
        return self.told_at is not None

    @property
    def is_silent(self) -> bool:
        """Hears nothing of this incident, as things stand."""
        return self.state in {State.IDLE, State.CLOSED_SILENT}

    @property
    def is_waiting(self) -> bool:
        return self.state is None or self.state is State.WAITING


def told(incident: Incident) -> list[RingTold]:
    """One entry per line ring, innermost first."""
    plan = incident.frozen_plan
    states = {state.ring.key: state for state in RingState.objects.filter(incident=incident).select_related("ring")}
    broadcasts = _broadcasts_by_ring(incident)
    reached = reached_by(broadcast for rows in broadcasts.values() for broadcast in rows[-1:])
    return [
        _told(states[ring.key], broadcasts.get(states[ring.key].pk, []), ring, reached)
        if ring.key in states
        else _not_planned_yet(incident, plan, ring)
        for ring in plan.line_rings
    ]


def _broadcasts_by_ring(incident: Incident) -> dict[int, list[Broadcast]]:
    """Oldest first."""
    rows: dict[int, list[Broadcast]] = {}
    for broadcast in Broadcast.objects.filter(ring_state__incident=incident).order_by("sequence"):
        rows.setdefault(broadcast.ring_state_id, []).append(broadcast)
    return rows


def _told(state: RingState, broadcasts: list[Broadcast], ring: PlanRing, reached: Mapping[int, Reached]) -> RingTold:
    first, newest = (broadcasts[0], broadcasts[-1]) if broadcasts else (None, None)
    return RingTold(
        name=ring.name,
        is_open=ring.is_open,
        state=State(state.state),
        due_at=state.due_at,
        speak_by=state.speak_by,
        wants_words=state.wants_words,
        first_word_after=first.released_at - state.incident.clock_started_at if first else None,
        told_at=newest.released_at if newest else None,
        reached=reached.get(newest.pk, Reached()) if newest else Reached(),
    )


def _not_planned_yet(incident: Incident, plan: Plan, ring: PlanRing) -> RingTold:
    cell = plan.cell(severity=incident.severity.key, ring=ring.key)
    is_told = cell.mode is not Mode.NEVER
    return RingTold(
        name=ring.name,
        is_open=ring.is_open,
        state=None if is_told else State.IDLE,
        due_at=incident.clock_started_at + cell.delay if is_told else None,
    )


def reached_by(broadcasts: Iterable[Broadcast]) -> dict[int, Reached]:
    """By broadcast id. A broadcast without chunks reached nobody and is left out."""
    rows: dict[int, list[dict[str, object]]] = {}
    sums: QuerySet[Chunk, dict[str, object]] = (
        Chunk.objects.filter(broadcast__in=[broadcast.pk for broadcast in broadcasts])
        .values("broadcast_id", "channel")
        .annotate(
            addressed=Sum("size"),
            taken=Sum("accepted"),
            lost=Sum("failed"),
            left=Sum(F("size") - F("accepted"), filter=MOVING, default=0),
            began_at=Min("queued_at"),
            ended_at=Max("finished_at"),
        )
        .order_by("channel")
    )
    for row in sums:
        rows.setdefault(int(str(row["broadcast_id"])), []).append(row)
    return {broadcast_id: _added_up(channels) for broadcast_id, channels in rows.items()}

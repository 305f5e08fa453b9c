"""What each ring got, and what it waits for. Read from chunks, never from deliveries: cheap at a million."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max, Q, Sum

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
    """What became of one broadcast, in addresses. `took` is the longest that any of them waited in the queue."""

    addressed: int = 0
    accepted: int = 0
    failed: int = 0
    waiting: int = 0
    took: timedelta | None = None
    channels: tuple[ChannelCount, ...] = ()

    @property
    def in_words(self) -> str:
        """ "1,204 of 1,942", or "22" when it is all of them."""
        if self.accepted == self.addressed:
            return f"{self.addressed:,}"
        return f"{self.accepted:,} of {self.addressed:,}"

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
    newest = _newest_by_ring(incident)
    reached = reached_by(newest.values())
    return [
        _told(states[ring.key], newest.get(states[ring.key].pk), ring, reached)
        if ring.key in states
        else _not_planned_yet(incident, plan, ring)
        for ring in plan.line_rings
    ]


def look_again_after(incident: Incident, rings: Iterable[RingTold]) -> int | None:
    """Seconds until the numbers may have moved: soon while something is being sent. None: all is said and done."""
    if incident.planned_number < incident.last_number or any(ring.reached.is_moving for ring in rings):
        return 1
    return 2 if incident.is_open or any(ring.due_at for ring in rings) else None


def _newest_by_ring(incident: Incident) -> dict[int, Broadcast]:
    rows = Broadcast.objects.filter(ring_state__incident=incident)
    return {row.ring_state_id: row for row in rows.order_by("ring_state", "-sequence").distinct("ring_state")}


def _told(state: RingState, newest: Broadcast | None, ring: PlanRing, reached: Mapping[int, Reached]) -> RingTold:
    return RingTold(
        name=ring.name,
        is_open=ring.is_open,
        state=State(state.state),
        due_at=state.due_at,
        speak_by=state.speak_by,
        wants_words=state.wants_words,
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
    """By broadcast id. A broadcast without chunks is for nobody and is left out."""
    sums = (
        Chunk.objects.filter(broadcast__in=[broadcast.pk for broadcast in broadcasts])
        .values("broadcast_id", "channel")
        .annotate(
            addressed=Sum("size"),
            taken=Sum("accepted"),
            lost=Sum("failed"),
            left=Sum(F("size") - F("accepted") - F("failed"), filter=MOVING, default=0),
            took=Max(F("finished_at") - F("queued_at")),
        )
        .order_by("channel")
    )
    found: dict[int, Reached] = {}
    for row in sums:
        found[row["broadcast_id"]] = _with_channel(found.get(row["broadcast_id"], Reached()), row)
    return found


def _with_channel(so_far: Reached, row: Mapping[str, Any]) -> Reached:
    took = [length for length in (so_far.took, row["took"]) if length is not None]
    channel = ChannelCount(channel=row["channel"], addressed=row["addressed"], accepted=row["taken"])
    return Reached(
        addressed=so_far.addressed + row["addressed"],
        accepted=so_far.accepted + row["taken"],
        failed=so_far.failed + row["lost"],
        waiting=so_far.waiting + row["left"],
        took=max(took, default=None),
        channels=(*so_far.channels, channel),
    )


_HEADLINES = {
    Kind.FIRST: "told for the first time",
    Kind.UPDATE: "told the news",
    Kind.SEVERITY: "told of the new severity",
    Kind.RESOLVED: "told that it is over",
    Kind.SUMMARY: "told that it happened and is over",
}


def releases(incident: Incident) -> list[Entry]:
    """Ripple's own lines of the timeline."""
    rows = Broadcast.objects.filter(ring_state__incident=incident).select_related("ring_state__ring")
    names = {ring.key: ring.name for ring in incident.frozen_plan.rings}
    reached = reached_by(rows)
    return [_release(row, names[row.ring_state.ring.key], reached.get(row.pk, Reached())) for row in rows]


def _release(broadcast: Broadcast, ring: str, reached: Reached) -> Entry:
    noun = "message" if reached.addressed == 1 else "messages"  # somebody with mail and SMS gets two
    counts = f"{reached.in_words} {noun}" if reached.addressed else "nobody to tell"
    return Entry(at=broadcast.released_at, headline=f"{ring} {_HEADLINES[Kind(broadcast.kind)]}: {counts}")

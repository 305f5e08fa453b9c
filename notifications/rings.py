"""The ring machine: who hears what when, by the rules of docs/rules.md. Pure: no database, no clock, no words.

One ring of one incident is a `RingState`. `advance` is one pass of the planner over it, under the incident's lock:
first the updates it has not seen, by number, then its timer. A pass releases at most one broadcast, which covers
everything up to that moment.

Not here yet, and where it will go: undo (R12) in `_pend`; cool-down, reopen (R9) and false alarms beside `_resolve`;
hold (R13) and the holding update in `_fall_due`. Corrections (R11) will go by themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from statuspage.organizations.plan import Cell, Channel, Mode, OnEarlyResolve, SmsOn


class State(StrEnum):
    """Where a ring stands."""

    IDLE = "idle"  # hears nothing at this severity
    WAITING = "waiting"  # will hear its first word
    ACTIVE = "active"  # has heard, and will hear more
    CLOSED = "closed"  # has heard the end
    CLOSED_SILENT = "closed_silent"  # it was over before the first word, and nothing was said


class Kind(StrEnum):
    """What a broadcast is, least important first: of what is pending, the most important names it."""

    UPDATE = "update"
    FIRST = "first"
    SEVERITY = "severity"
    RESOLVED = "resolved"
    SUMMARY = "summary"

    @property
    def rank(self) -> int:
        return list(Kind).index(self)

    @property
    def is_ending(self) -> bool:
        """Whether it says that the incident is over."""
        return self in {Kind.RESOLVED, Kind.SUMMARY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One update as one ring sees it. `concerns`: it has a public message, or a note this ring may read."""

    number: int
    kind: str
    severity: str
    concerns: bool
    is_public: bool
    is_important: bool = False
    notify: bool = True
    tell_anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the plan frozen on the incident says of this ring."""

    clock_started_at: datetime
    is_open: bool
    cells: Mapping[str, Cell]
    severity_ranks: Mapping[str, int]

    def is_worse(self, severity: str, *, than: str) -> bool:
        return self.severity_ranks[severity] < self.severity_ranks[than]

    def due_at(self, severity: str) -> datetime:
        """When the first word is due at this severity. Counted from the clock's start: waiting done counts (R4)."""
        return self.clock_started_at + self.cells[severity].delay


@dataclass(frozen=True, slots=True, kw_only=True)
class RingState:
    """`due_at` is the next instant this ring releases something by itself: its first word, or what is `pending`."""

    state: State
    severity: str
    due_at: datetime | None
    wants_words: bool = False
    pending: Kind | None = None
    is_important: bool = False  # what is pending is a milestone, whatever its kind
    concerned_number: int = 0
    last_number: int = 0
    next_ok_at: datetime | None = None
    speak_by: datetime | None = None
    told_channels: frozenset[Channel] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One broadcast to go out now, covering updates (from_number, to_number]."""

    kind: Kind
    from_number: int
    to_number: int
    channels: frozenset[Channel]


def opened(terms: Terms, *, severity: str) -> RingState:
    """A ring at the opening of an incident."""
    if terms.cells[severity].mode is Mode.NEVER:
        return RingState(state=State.IDLE, severity=severity, due_at=None)
    return RingState(state=State.WAITING, severity=severity, due_at=terms.due_at(severity))


def advance(
    ring: RingState, events: Sequence[Event], *, terms: Terms, now: datetime
) -> tuple[RingState, Release | None]:
    """One pass: fold `events` by number, then the timer. Afterwards `due_at` is None or in the future."""
    for event in sorted(events, key=lambda event: event.number):
        ring = _change_severity(ring, event, terms=terms, now=now)
        ring = _hear(ring, event, cell=terms.cells[ring.severity], now=now)
        if event.kind == "resolve":
            ring = _resolve(ring, event, cell=terms.cells[ring.severity], now=now)
    if ring.due_at is None or ring.due_at > now:
        return ring, None
    newest = max([ring.concerned_number, ring.last_number, *(event.number for event in events)])
    return _fall_due(ring, cell=terms.cells[ring.severity], newest=newest, now=now)


def _change_severity(ring: RingState, event: Event, *, terms: Terms, now: datetime) -> RingState:
    """R4 and R5."""
    if event.severity == ring.severity:
        return ring
    is_up = terms.is_worse(event.severity, than=ring.severity)
    old, new = terms.cells[ring.severity], terms.cells[event.severity]
    moved = replace(ring, severity=event.severity)
    if ring.state is State.IDLE and is_up and new.mode is not Mode.NEVER:
        return replace(moved, state=State.WAITING, due_at=terms.due_at(event.severity))
    if ring.state is State.WAITING:
        is_sooner = is_up and new.mode is not Mode.NEVER
        return _rise(moved, terms=terms) if is_sooner else _sink(moved, terms=terms, now=now)
    if ring.state is State.ACTIVE:
        moved = _measure_anew(moved, old=old, new=new, now=now)
        if event.notify and (event.is_public or not terms.is_open):
            return _pend(moved, Kind.SEVERITY, at=now)
    return moved


def _rise(ring: RingState, *, terms: Terms) -> RingState:
    """Worse, while waiting: never later than before."""
    if ring.due_at is None:
        return ring
    return replace(ring, due_at=min(ring.due_at, terms.due_at(ring.severity)))


def _sink(ring: RingState, *, terms: Terms, now: datetime) -> RingState:
    """Better, while waiting: later, or never."""
    if terms.cells[ring.severity].mode is Mode.NEVER:
        return replace(ring, state=State.IDLE, due_at=None, wants_words=False)
    return replace(ring, due_at=max(now, terms.due_at(ring.severity)), wants_words=False)


def _measure_anew(ring: RingState, *, old: Cell, new: Cell, now: datetime) -> RingState:
    """The new cell's gap and promise, counted from the last release. What is pending comes sooner by them, never later.

    It must, or a `speak_by` that has moved nearer would pass in silence. Milestone cells have no pace of their own.
    """
    if ring.next_ok_at is None:
        return ring
    released_at = ring.next_ok_at - _gap(old)
    speak_by = released_at + new.promise if new.promise else None
    moved = replace(ring, next_ok_at=released_at + _gap(new), speak_by=speak_by)
    if moved.due_at is None or new.mode in {Mode.MILESTONE, Mode.NEVER}:
        return moved
    return replace(moved, due_at=min(moved.due_at, _may_speak_at(moved, now=now)))


def _hear(ring: RingState, event: Event, *, cell: Cell, now: datetime) -> RingState:
    """Take in an update that concerns the ring. One with `notify` off is words for later, no reason to speak."""
    if not event.concerns:
        return ring
    ring = replace(ring, concerned_number=event.number)
    if not event.notify:
        return ring
    if ring.state is State.WAITING and ring.wants_words:
        return replace(ring, due_at=now, wants_words=False)
    if ring.state is State.CLOSED:
        return _pend(ring, Kind.UPDATE, at=now, is_important=True) if event.is_important else ring
    if ring.state is State.ACTIVE:
        at = _when_to_speak(ring, event, cell=cell, now=now)
        return _pend(ring, Kind.UPDATE, at=at, is_important=event.is_important) if at else ring
    return ring


def _when_to_speak(ring: RingState, event: Event, *, cell: Cell, now: datetime) -> datetime | None:
    """By mode; None: no reason to speak. A ring told at a worse severity still hears milestones (R5)."""
    match cell.mode:
        case Mode.EVERY:
            return now
        case Mode.LATEST:
            return _may_speak_at(ring, now=now)
        case Mode.DIGEST:
            return now if event.is_important else _may_speak_at(ring, now=now)
        case Mode.MILESTONE | Mode.NEVER:
            return now if event.is_important else None


def _may_speak_at(ring: RingState, *, now: datetime) -> datetime:
    """When the gap or the digest is over; `speak_by` beats them."""
    waits = [at for at in (ring.next_ok_at, ring.speak_by) if at]
    return max(now, min(waits, default=now))


def _resolve(ring: RingState, event: Event, *, cell: Cell, now: datetime) -> RingState:
    """Whoever heard the beginning hears the end; whoever did not, by R6."""
    if ring.state is State.ACTIVE:
        return replace(_pend(ring, Kind.RESOLVED, at=now), state=State.CLOSED)
    if ring.state is not State.WAITING:
        return ring
    is_told = event.tell_anyway or cell.on_early_resolve is OnEarlyResolve.SUMMARY
    if is_told and ring.concerned_number:  # words never come from nowhere
        return replace(ring, state=State.CLOSED, due_at=now, pending=Kind.SUMMARY, wants_words=False)
    return replace(ring, state=State.CLOSED_SILENT, due_at=None, wants_words=False)


def _pend(ring: RingState, kind: Kind, *, at: datetime, is_important: bool = False) -> RingState:
    """Everything pending goes out together: as early as the most urgent, named after the most important."""
    pending = max(kind, ring.pending or kind, key=lambda known: known.rank)
    return replace(
        ring, pending=pending, due_at=min(at, ring.due_at or at), is_important=ring.is_important or is_important
    )


def _fall_due(ring: RingState, *, cell: Cell, newest: int, now: datetime) -> tuple[RingState, Release | None]:
    if ring.state is State.WAITING and not ring.concerned_number:  # R10
        return replace(ring, due_at=None, wants_words=True), None
    kind = ring.pending or Kind.FIRST
    release = Release(kind=kind, from_number=ring.last_number, to_number=newest, channels=_channels(ring, kind, cell))
    is_active = ring.state in {State.WAITING, State.ACTIVE}
    return replace(
        ring,
        state=State.ACTIVE if is_active else State.CLOSED,
        due_at=None,
        pending=None,
        is_important=False,
        last_number=newest,
        next_ok_at=now + _gap(cell) if is_active else None,
        speak_by=now + cell.promise if is_active and cell.promise else None,
        told_channels=ring.told_channels | release.channels,
    ), release


def _channels(ring: RingState, kind: Kind, cell: Cell) -> frozenset[Channel]:
    """The cell's, SMS for milestones only unless it says otherwise. What carried a word carries the end (R5)."""
    channels = frozenset(cell.channels) or ring.told_channels
    if kind is Kind.UPDATE and not ring.is_important and cell.sms_on is SmsOn.MILESTONES:
        channels -= {Channel.SMS}
    return channels | ring.told_channels if kind is Kind.RESOLVED else channels


def _gap(cell: Cell) -> timedelta:
    return cell.digest_every if cell.mode is Mode.DIGEST else cell.min_gap

"""The ring machine a second time, from docs/rules.md alone, to compare notifications/rings.py with.

It keeps no state: it remembers all that happened to one ring and answers every question from the beginning.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from notifications.rings import Event, Kind, Release, State, Terms
from statuspage.organizations.plan import Channel, Mode, OnEarlyResolve, SmsOn


@dataclass(frozen=True)
class Heard:
    event: Event
    look: int
    before: str  # the severity until then


@dataclass
class History:
    terms: Terms
    opening: str
    looks: list[datetime] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    said: list[tuple[int, Release]] = field(default_factory=list)  # with its look

    def look(self, events: list[Event], now: datetime) -> Release | None:
        """One pass of the planner."""
        was_over = self.is_over
        for event in events:
            self.heard.append(Heard(event, len(self.looks), self.severity))
        self.looks.append(now)
        if was_over:
            kind = self._afterword(events)
        else:
            kind = self._ending() if self.is_over else self._next() if self.said else self._first(events)
        if kind is None:
            return None
        known = [heard.event.number for heard in self.heard if heard.event.concerns or heard.event in events]
        release = Release(kind=kind, from_number=self.last_number, to_number=max(known), channels=self._channels(kind))
        self.said.append((len(self.looks) - 1, release))
        return release

    @property
    def severity(self) -> str:
        return self.heard[-1].event.severity if self.heard else self.opening

    @property
    def last_number(self) -> int:
        return self.said[-1][1].to_number if self.said else 0

    @property
    def is_over(self) -> bool:
        return any(heard.event.kind == "resolve" for heard in self.heard)

    @property
    def told_channels(self) -> frozenset[Channel]:
        return frozenset(channel for _, release in self.said for channel in release.channels)

    @property
    def state(self) -> State:
        if self.said:
            return State.CLOSED if self.is_over else State.ACTIVE
        if self.turn is None:
            return State.IDLE
        return State.CLOSED_SILENT if self.is_over else State.WAITING

    @property
    def due_at(self) -> datetime | None:
        """When it will speak by itself if nothing more happens."""
        if self.state is State.WAITING:
            return None if self.wants_words else self.turn
        times = [self._go_at(heard) for heard in self.pending] if self.state is State.ACTIVE else []
        return min((time for time in times if time), default=None)

    @property
    def speak_by(self) -> datetime | None:
        promise = self.terms.cells[self.severity].promise
        return self.looks[self.said[-1][0]] + promise if self.state is State.ACTIVE and promise else None

    # Before the first word

    @property
    def turn(self) -> datetime | None:
        """When the first word is due; None: this ring is not to hear."""
        return self._turn_at(len(self.looks))[0]

    def _turn_at(self, look: int) -> tuple[datetime | None, int]:
        """The turn as it stood at that look, and the look that last gave one or put it off (R4, R5)."""
        turn, since = self._start(self.opening), 0
        for change in self._changes():
            start, is_up = self._start(change.event.severity), self._is_up(change)
            if change.look > look or not (turn or is_up):
                continue
            since = since if turn and is_up and start else change.look
            turn = start and (min(turn or start, start) if is_up else max(self.looks[change.look], start))
        return turn, since

    def _is_up(self, change: Heard) -> bool:
        return self.terms.is_worse(change.event.severity, than=change.before)

    def _start(self, severity: str) -> datetime | None:
        cell = self.terms.cells[severity]
        return None if cell.mode is Mode.NEVER else self.terms.clock_started_at + cell.delay

    def _changes(self, after: int = 0) -> Iterator[Heard]:
        """Changes of severity while the incident was open."""
        for heard in self.heard:
            if heard.event.severity != heard.before and heard.event.number > after:
                yield heard
            if heard.event.kind == "resolve":
                return

    @property
    def wants_words(self) -> bool:
        return self.state is State.WAITING and self._fell_due(len(self.looks))

    def _fell_due(self, looks: int) -> bool:
        """Within so many looks, its turn had come, and was not put off again."""
        since = self._turn_at(len(self.looks))[1]
        turns = ((self.looks[look], self._turn_at(look)[0]) for look in range(since, looks))
        return any(turn is not None and at >= turn for at, turn in turns)

    def _first(self, events: list[Event]) -> Kind | None:
        is_news = any(event.concerns and event.notify for event in events)
        is_turn = self._fell_due(len(self.looks)) and (is_news or not self._fell_due(len(self.looks) - 1))
        return Kind.FIRST if is_turn and any(heard.event.concerns for heard in self.heard) else None

    # Between the first word and the end

    @property
    def pending(self) -> list[Heard]:
        return [heard for heard in self.heard if heard.look > self.said[-1][0] and self._go_at(heard)]

    def _next(self) -> Kind | None:
        if not self.due_at or self.due_at > self.looks[-1]:
            return None
        return Kind.SEVERITY if any(self._is_severity_milestone(heard) for heard in self.pending) else Kind.UPDATE

    def _is_severity_milestone(self, heard: Heard) -> bool:
        is_for_this_ring = heard.event.is_public or not self.terms.is_open
        return heard.event.severity != heard.before and is_for_this_ring and heard.event.notify

    def _go_at(self, heard: Heard) -> datetime | None:
        """The earliest that each cell in force since then would have made of it."""
        if self._is_severity_milestone(heard):
            return self.looks[heard.look]
        first = self._by(heard, heard) if heard.event.notify and heard.event.concerns else None
        views = [self._by(change, None) for change in self._changes(heard.event.number)]
        return min([first, *(view for view in views if view)]) if first else None

    def _by(self, view: Heard, news: Heard | None) -> datetime | None:
        """What the cell in force at `view` makes of these news; without: of words that were waiting already."""
        cell, now = self.terms.cells[view.event.severity], self.looks[view.look]
        is_important = news is not None and news.event.is_important
        if cell.mode is Mode.EVERY or (is_important and cell.mode is not Mode.LATEST):
            return now
        if cell.mode in (Mode.NEVER, Mode.MILESTONE):
            return None
        pace = cell.min_gap if cell.mode is Mode.LATEST else cell.digest_every
        return max(now, self.looks[self.said[-1][0]] + min(pace, cell.promise or pace))

    # The end

    def _ending(self) -> Kind | None:
        if self.said:
            return Kind.RESOLVED
        end = next(heard.event for heard in self.heard if heard.event.kind == "resolve")
        has_words = any(heard.event.concerns and heard.event.number <= end.number for heard in self.heard)
        is_owed = end.tell_anyway or self.terms.cells[end.severity].on_early_resolve is OnEarlyResolve.SUMMARY
        return Kind.SUMMARY if self.turn and has_words and is_owed else None

    def _afterword(self, events: list[Event]) -> Kind | None:
        is_news = any(event.is_important and event.concerns and event.notify for event in events)
        return Kind.UPDATE if self.said and is_news else None

    def _channels(self, kind: Kind) -> frozenset[Channel]:
        cell = self.terms.cells[self.severity]
        is_milestone = kind is not Kind.UPDATE or self.is_over or any(h.event.is_important for h in self.pending)
        has_sms = is_milestone or cell.sms_on is SmsOn.ALL
        known = frozenset(cell.channels) or self.told_channels
        now = frozenset(channel for channel in known if has_sms or channel is not Channel.SMS)
        return now | self.told_channels if kind is Kind.RESOLVED else now

"""A second telling of RINGS §3–4, written from the document and slow on purpose.

It remembers nothing but what happened. Every answer is worked out again from the whole history, by asking questions of
it ("when was its turn?", "what has it not heard?"), so that it cannot share a mistake of bookkeeping with the machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.rings import Event, Terms
from statuspage.organizations.plan import Cell, Channel, Mode, OnEarlyResolve, SmsOn


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something happened: an update was folded, or (no event) the planner came to the end of a pass."""

    at: datetime
    event: Event | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """The ring was told, at the end of the pass that is fact number `index`."""

    index: int
    at: datetime
    kind: str
    channels: frozenset[Channel]


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One ring of one incident, opened at `opening` severity."""

    terms: Terms
    opening: str

    # Questions any ring may be asked

    def severity(self, facts: Sequence[Fact]) -> str:
        return next((fact.event.severity for fact in reversed(facts) if fact.event), self.opening)

    def cell(self, facts: Sequence[Fact]) -> Cell:
        return self.terms.cells[self.severity(facts)]

    def is_over(self, facts: Sequence[Fact]) -> bool:
        return any(fact.event and fact.event.kind == "resolve" for fact in facts)

    def has_words(self, facts: Sequence[Fact]) -> bool:
        return any(fact.event and fact.event.concerns for fact in facts)

    def state(self, facts: Sequence[Fact]) -> str:
        if self.told(facts):
            return "closed" if self.is_over(facts) else "active"
        if self.turn(facts) is None:
            return "idle"
        return "closed_silent" if self.is_over(facts) else "waiting"

    def due_at(self, facts: Sequence[Fact]) -> datetime | None:
        match self.state(facts):
            case "waiting":
                return None if self.wants_words(facts) else self.turn(facts)
            case "active":
                return self.next_word_at(facts)
            case _:
                return None

    def speak_by(self, facts: Sequence[Fact]) -> datetime | None:
        promise = self.cell(facts).promise
        if self.state(facts) != "active" or promise is None:
            return None
        return self.told(facts)[-1].at + promise

    # Before the first word

    def turn(self, facts: Sequence[Fact]) -> datetime | None:
        """When its first word is due; None while it is to hear nothing (R4, R5)."""
        if not facts:
            return self._invited_at(self.opening)
        *earlier, last = facts
        before, now = self.turn(earlier), self.severity(facts)
        was = self.severity(earlier)
        if now == was:
            return before
        invited = self._invited_at(now)
        if self.terms.severity_ranks[now] < self.terms.severity_ranks[was]:
            return min((at for at in (before, invited) if at), default=None)
        return max(last.at, invited) if before and invited else None

    def _invited_at(self, severity: str) -> datetime | None:
        cell = self.terms.cells[severity]
        return None if cell.mode is Mode.NEVER else self.terms.clock_started_at + cell.delay

    def wants_words(self, facts: Sequence[Fact]) -> bool:
        """Its turn came and there was nothing to say; and nobody has said anything to it since (R10)."""
        if not facts or self.is_over(facts):
            return False
        *earlier, last = facts
        if last.event is None:
            turn = self.turn(earlier)
            came_empty = turn is not None and turn <= last.at and not self.has_words(earlier)
            return came_empty or self.wants_words(earlier)
        is_spoken_to = last.event.concerns and last.event.notify
        ranks = self.terms.severity_ranks
        got_better = ranks[last.event.severity] > ranks[self.severity(earlier)]
        return self.wants_words(earlier) and not is_spoken_to and not got_better

    # Everything it was told

    def told(self, facts: Sequence[Fact]) -> list[Told]:
        told: list[Told] = []
        for index, fact in enumerate(facts):
            if fact.event is None:
                kind = self._kind_now(facts[: index + 1], told)
                if kind:
                    channels = self._channels(facts[:index], told, kind)
                    told.append(Told(index=index, at=fact.at, kind=kind, channels=channels))
        return told

    def _kind_now(self, facts: Sequence[Fact], told: list[Told]) -> str | None:
        if told:
            return self._kind_after_first(facts, told[-1])
        at = facts[-1].at
        if self.is_over(facts):
            return "summary" if self._ends_with_summary(facts) else None
        turn = self.turn(facts)
        is_due = turn is not None and turn <= at and not self.wants_words(facts)
        return "first" if is_due and self.has_words(facts) else None

    def _ends_with_summary(self, facts: Sequence[Fact]) -> bool:
        """R6, at the end of the pass in which it was resolved. Later passes change nothing."""
        index, end = next((i, f.event) for i, f in enumerate(facts) if f.event and f.event.kind == "resolve")
        until = facts[: index + 1]
        if any(fact.event is None for fact in facts[index:-1]) or self.turn(until) is None:
            return False
        wanted = end.tell_anyway or self.cell(until).on_early_resolve is OnEarlyResolve.SUMMARY
        return wanted and self.has_words(until)

    def _kind_after_first(self, facts: Sequence[Fact], last: Told) -> str | None:
        unheard = [fact.event for fact in facts[last.index :] if fact.event]
        if any(event.kind == "resolve" for event in unheard):
            return "resolved"
        if self.is_over(facts):
            told_off = any(event.is_important and event.notify and event.concerns for event in unheard)
            return "update" if told_off else None
        if self._severity_is_news(facts, last):
            return "severity"
        ripe_at = self.next_word_at(facts, last)
        return "update" if ripe_at and ripe_at <= facts[-1].at else None

    def _severity_is_news(self, facts: Sequence[Fact], last: Told) -> bool:
        return any(
            fact.event
            and fact.event.severity != self.severity(facts[:index])
            and fact.event.notify
            and (fact.event.is_public or not self.terms.is_open)
            for index, fact in enumerate(facts)
            if index > last.index
        )

    def next_word_at(self, facts: Sequence[Fact], last: Told | None = None) -> datetime | None:
        """When the earliest of what it has not heard is due."""
        last = last or self.told(facts)[-1]
        times = [self._ripe_at(facts, index, last) for index in range(last.index + 1, len(facts))]
        return min((at for at in times if at), default=None)

    def _ripe_at(self, facts: Sequence[Fact], index: int, last: Told) -> datetime | None:
        """When an update is due: by the cell it arrived under, or sooner if a later cell speaks sooner."""
        at, event = facts[index].at, facts[index].event
        if event is None or not event.concerns or not event.notify:
            return None
        if event.is_important and self.cell(facts[: index + 1]).mode is not Mode.LATEST:
            return at  # a milestone; only `latest` keeps its gap even so
        ripe_at = self._by_gap(facts[: index + 1], last)
        for later in range(index + 1, len(facts)):
            if ripe_at and self.severity(facts[: later + 1]) != self.severity(facts[:later]):
                ripe_at = min(ripe_at, self._by_gap(facts[: later + 1], last) or ripe_at)
        return ripe_at

    def _by_gap(self, facts: Sequence[Fact], last: Told) -> datetime | None:
        cell, at = self.cell(facts), facts[-1].at
        if cell.mode in {Mode.MILESTONE, Mode.NEVER}:
            return None
        gaps = {Mode.DIGEST: cell.digest_every, Mode.LATEST: cell.min_gap, Mode.EVERY: timedelta(0)}
        silence = min(gaps[cell.mode], cell.promise or timedelta.max)
        return max(at, last.at + silence)

    def _channels(self, facts: Sequence[Fact], told: list[Told], kind: str) -> frozenset[Channel]:
        cell = self.cell(facts)
        before = frozenset(channel for one in told for channel in one.channels)
        channels = frozenset(cell.channels) or before
        since = told[-1].index if told else 0
        important = any(
            fact.event and fact.event.is_important and fact.event.notify and fact.event.concerns
            for fact in facts[since:]
        )
        if kind == "resolved":
            return channels | before
        if kind == "update" and not important and cell.sms_on is SmsOn.MILESTONES:
            return channels - {Channel.SMS}
        return channels

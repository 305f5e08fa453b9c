"""The machine against the reference, on stories nobody would think of; and what RINGS §4 says is always true."""

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from notifications import rings
from statuspage.organizations.plan import Cell, Channel, Mode, OnEarlyResolve, SmsOn
from tests.notifications.reference_rings import Fact, Reference

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
SEVERITIES = ("sev1", "sev2", "sev3")
WHO = st.sampled_from(["public", "public", "note", "inner"])  # who may read it; "inner" does not concern the ring
MOSTLY = st.sampled_from([True, True, True, False])


def minutes(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda number: timedelta(minutes=number))


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    """Any cell, also one that a plan is refused for: a promise shorter than the gap must be kept all the same."""
    mode = draw(st.sampled_from([Mode.LATEST, Mode.DIGEST, *Mode]))
    if mode is Mode.NEVER:
        return Cell(mode=mode, channels=())
    gap = draw(minutes(0 if mode is Mode.LATEST else 1, 30)) if mode in {Mode.LATEST, Mode.DIGEST} else timedelta(0)
    promise = None if mode is Mode.MILESTONE else draw(st.none() | minutes(1, 60))
    return Cell(
        mode=mode,
        delay=draw(minutes(0, 15)),
        min_gap=timedelta(0) if mode is Mode.DIGEST else gap,
        digest_every=gap if mode is Mode.DIGEST else timedelta(0),
        promise=promise,
        channels=tuple(draw(st.sampled_from([(Channel.EMAIL,), (Channel.SMS,), tuple(Channel)]))),
        sms_on=draw(st.sampled_from(SmsOn)),
        on_early_resolve=draw(st.sampled_from(OnEarlyResolve)),
    )


class RingsModel(RuleBasedStateMachine):
    """Updates are posted, time passes, the planner comes by: at the due minute, late, or twice."""

    machine: ClassVar[ModuleType] = rings

    @initialize(
        table=st.fixed_dictionaries(dict.fromkeys(SEVERITIES, cells())),
        is_open=st.booleans(),
        severity=st.sampled_from(SEVERITIES),
        who=WHO,
        shortest=st.integers(1, 7),
    )
    def open(self, *, table: dict[str, Cell], is_open: bool, severity: str, who: str, shortest: int) -> None:
        ranks = {key: position for position, key in enumerate(SEVERITIES)}
        self.terms = self.machine.Terms(clock_started_at=START, is_open=is_open, cells=table, severity_ranks=ranks)
        self.reference = Reference(terms=self.terms, opening=severity)
        self.ring = self.machine.opened(self.terms, severity=severity)
        self.now, self.severity, self.number, self.shortest = START, severity, 0, shortest
        self.unplanned: list[Any] = []
        self.facts: list[Fact] = []
        self.released: list[Any] = []
        self.is_resolved = self.is_planned = False
        self._post("message", who, is_planned=True)

    @rule(who=WHO, is_plain=MOSTLY, notify=MOSTLY, is_planned=MOSTLY)
    def say(self, who: str, is_plain: bool, notify: bool, is_planned: bool) -> None:
        self._post("message", who, is_planned=is_planned, is_important=not is_plain, notify=notify)

    @precondition(lambda self: not self.is_resolved)
    @rule(severity=st.sampled_from(SEVERITIES), who=WHO, notify=MOSTLY, is_planned=MOSTLY)
    def change_severity(self, severity: str, who: str, notify: bool, is_planned: bool) -> None:
        self.severity = severity
        self._post("severity", who, is_planned=is_planned, notify=notify)

    @precondition(lambda self: not self.is_resolved and self.number >= self.shortest)
    @rule(who=WHO, tell_anyway=st.booleans(), is_planned=MOSTLY)
    def resolve(self, who: str, tell_anyway: bool, is_planned: bool) -> None:
        self.is_resolved = True
        self._post("resolve", who, is_planned=is_planned, tell_anyway=tell_anyway)

    @rule(later=minutes(0, 8) | minutes(0, 40))
    def plan(self, later: timedelta) -> None:
        """The planner comes at any moment, also long after something fell due."""
        self._pass(self.now + later)

    @precondition(lambda self: self.ring.due_at)
    @rule()
    def plan_when_due(self) -> None:
        self._pass(max(self.now, self.ring.due_at))

    @invariant()
    def machine_and_reference_agree(self) -> None:
        if not self.is_planned:
            return
        told = self.reference.told(self.facts)
        assert [(one.kind, one.channels) for one in told] == [(one.kind, one.channels) for one in self.released]
        assert self.ring.state == self.reference.state(self.facts)
        assert self.ring.due_at == self.reference.due_at(self.facts)
        assert self.ring.speak_by == self.reference.speak_by(self.facts)
        wants_words = self.ring.state == "waiting" and self.reference.wants_words(self.facts)
        assert self.ring.wants_words == wants_words

    @invariant()
    def numbers_never_fall_and_none_is_skipped(self) -> None:
        covered = 0
        for release in getattr(self, "released", []):
            assert release.from_number == covered < release.to_number
            covered = release.to_number
        if self.is_planned:
            assert self.ring.last_number == covered <= self.number

    @invariant()
    def a_story_has_one_beginning_and_one_end(self) -> None:
        kinds = [release.kind.value for release in getattr(self, "released", [])]
        assert kinds[:1] in ([], ["first"], ["summary"])
        assert not {"first", "summary"} & set(kinds[1:])
        assert kinds.count("resolved") <= 1
        if kinds and self.ring.state == "closed_silent":
            raise AssertionError("a silent ring was told something")
        if self.is_planned and self.ring.state == "closed":
            assert {"resolved", "summary"} & set(kinds)

    @invariant()
    def no_concerned_ring_stays_due(self) -> None:
        if self.is_planned:
            assert self.ring.due_at is None or self.ring.due_at > self.now
            assert not self.ring.wants_words or self.ring.due_at is None

    @invariant()
    def what_is_pending_goes_out_by_speak_by(self) -> None:
        if self.is_planned and self.ring.state == "active" and self.ring.pending and self.ring.speak_by:
            assert self.ring.due_at <= max(self.ring.speak_by, self.now)

    def _post(self, kind: str, who: str, *, is_planned: bool, **flags: bool) -> None:
        """Usually the planner has it at once; sometimes several updates wait for one pass."""
        self.number += 1
        event = self.machine.Event(
            number=self.number,
            kind=kind,
            severity=self.severity,
            concerns=who != "inner",
            is_public=who == "public",
            **flags,
        )
        self.unplanned.append(event)
        if is_planned:
            self._pass(self.now)

    def _pass(self, now: datetime) -> None:
        """The updates are handed over in the wrong order: the machine folds them by number."""
        self.now = now
        self.ring, release = self.machine.advance(self.ring, self.unplanned[::-1], terms=self.terms, now=now)
        self.facts += [Fact(at=now, event=event) for event in self.unplanned] + [Fact(at=now)]
        newest_words = max((fact.event.number for fact in self.facts if fact.event and fact.event.concerns), default=0)
        self.unplanned, self.is_planned = [], True
        if release:
            assert newest_words <= release.to_number  # everything it may read up to now is covered
            self.released.append(release)
        again, nothing = self.machine.advance(self.ring, [], terms=self.terms, now=now)
        assert (again, nothing) == (self.ring, None), "a second wake-up changed something"


RingsModel.TestCase.settings = settings(max_examples=150, stateful_step_count=20, deadline=None)
TestTheMachineAgainstItsReference = RingsModel.TestCase

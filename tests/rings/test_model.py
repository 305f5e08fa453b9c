"""Hypothesis drives the ring machine and the reference together: they must say the same words at the same instants.

RING_EXAMPLES=20000 runs many more of them than the suite does.
"""

import os
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from notifications import rings
from notifications.rings import Event, Kind, Release, State, Terms
from statuspage.organizations.plan import NEVER, Cell, Channel, Mode, OnEarlyResolve, SmsOn, default_plan
from tests.rings.reference import History

BEGINNING = datetime(2026, 3, 2, 10, tzinfo=UTC)
SEVERITIES = ("sev1", "sev2", "sev3")

minutes = st.sampled_from([0, 1, 2, 5, 10, 15, 20, 25, 30, 45, 60]).map(lambda count: timedelta(minutes=count))
pauses = st.integers(1, 50 * 60).map(lambda seconds: timedelta(seconds=seconds))
severities = st.sampled_from(SEVERITIES)
words = st.sampled_from(["public", "inner", "elsewhere"])  # "inner": a note this ring may read; "elsewhere": not for it


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    mode = draw(st.sampled_from([mode for mode in Mode if mode is not Mode.NEVER]))
    channel_sets = [(Channel.EMAIL,), (Channel.SMS,), (Channel.EMAIL, Channel.SMS)]
    return Cell(
        mode=mode,
        delay=draw(minutes),
        min_gap=draw(minutes) if mode is Mode.LATEST else timedelta(0),
        digest_every=timedelta(minutes=5) + draw(minutes) if mode is Mode.DIGEST else timedelta(0),
        promise=draw(st.none() | minutes.filter(bool)) if mode is not Mode.MILESTONE else None,
        channels=draw(st.sampled_from(channel_sets)),
        sms_on=draw(st.sampled_from(SmsOn)),
        on_early_resolve=draw(st.sampled_from(OnEarlyResolve)),
    )


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Cell]:
    told = draw(st.integers(0, len(SEVERITIES)))
    return {severity: draw(cells()) if place < told else NEVER for place, severity in enumerate(SEVERITIES)}


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """A ring of the default plan, or one with cells of every sort.

    None that is told at one severity and never at a worse one: the rules leave open what becomes of whoever waits then.
    """
    plan = default_plan()
    ring = draw(st.sampled_from(plan.line_rings))
    default = {severity: plan.cell(severity=severity, ring=ring.key) for severity in SEVERITIES}
    return Terms(
        clock_started_at=BEGINNING,
        is_open=draw(st.booleans()),
        cells=draw(st.just(default) | rows()),
        severity_ranks={severity: rank for rank, severity in enumerate(SEVERITIES)},
    )


class MachineAgainstReference(RuleBasedStateMachine):
    """Updates queue up until the planner looks: at once, when the ring falls due, or late."""

    @initialize(terms=terms(), severity=severities)
    def opens(self, terms: Terms, severity: str) -> None:
        self.terms, self.severity, self.now = terms, severity, BEGINNING
        self.ring = rings.opened(terms, severity=severity)
        self.reference = History(terms, severity)
        self.number, self.is_over = 0, False
        self.queue: list[Event] = []
        self.concerning: list[int] = []
        self.releases: list[Release] = []

    @rule(words=words, is_important=st.booleans(), notify=st.booleans())
    def posts(self, words: str, is_important: bool, notify: bool) -> None:
        self.happens("message", words, is_important=is_important, notify=notify)

    @precondition(lambda self: not self.is_over)
    @rule(severity=severities, words=words, notify=st.booleans())
    def changes_severity(self, severity: str, words: str, notify: bool) -> None:
        if severity != self.severity:
            self.severity = severity
            self.happens("severity", words, notify=notify)

    @precondition(lambda self: not self.is_over)
    @rule(severity=severities, words=words)
    def posts_with_a_severity(self, severity: str, words: str) -> None:
        self.severity = severity
        self.happens("message", words)

    @precondition(lambda self: not self.is_over and self.number > 2)
    @rule(words=words, notify=st.booleans(), tell_anyway=st.booleans())
    def resolves(self, words: str, notify: bool, tell_anyway: bool) -> None:
        self.is_over = True
        self.happens("resolve", words, notify=notify, tell_anyway=tell_anyway)

    @rule(length=pauses)
    def nobody_looks(self, length: timedelta) -> None:
        self.now += length

    @rule(length=pauses)
    def time_passes(self, length: timedelta) -> None:
        """With a planner that is on time."""
        until = self.now + length
        self.looks()
        while self.ring.due_at and self.ring.due_at <= until:
            self.now = self.ring.due_at
            self.looks()
        self.now = until
        self.looks()

    @rule()
    def looks(self) -> None:
        before, expected = self.ring, self.reference.look(self.queue, self.now)
        self.ring, release = rings.advance(self.ring, self.queue[::-1], terms=self.terms, now=self.now)
        self.queue = []
        assert release == expected
        self.releases += [release] if release else []
        self.compare_states()
        assert rings.advance(self.ring, [], terms=self.terms, now=self.now) == (self.ring, None), "looking twice"
        self.check_step(before, release)

    def happens(self, kind: str, words: str, **flags: bool) -> None:
        self.number += 1
        concerns, is_public = words != "elsewhere", words == "public"
        self.concerning += [self.number] if concerns else []
        self.queue.append(
            Event(
                number=self.number, kind=kind, severity=self.severity, concerns=concerns, is_public=is_public, **flags
            )
        )

    def compare_states(self) -> None:
        names = ("state", "due_at", "wants_words", "speak_by", "last_number", "told_channels")
        machine = {name: getattr(self.ring, name) for name in names}
        assert machine == {name: getattr(self.reference, name) for name in names}

    def check_step(self, before: rings.RingState, release: Release | None) -> None:
        assert self.ring.last_number >= before.last_number, "a number fell"
        assert self.ring.due_at is None or self.ring.due_at > self.now, "a ring stayed due"
        if before.pending and before.speak_by and self.now >= before.speak_by:
            assert release, "the promise passed with something pending"
        if release:
            assert release.from_number == before.last_number
            assert release.from_number < release.to_number <= self.number

    @invariant()
    def who_was_told_nothing_heard_nothing(self) -> None:
        is_told = self.ring.state in (State.ACTIVE, State.CLOSED)
        assert is_told is bool(self.releases)

    @invariant()
    def whoever_heard_the_beginning_hears_the_end_once(self) -> None:
        ends = [release for release in self.releases if release.kind in (Kind.RESOLVED, Kind.SUMMARY)]
        is_ended = self.is_over and not self.queue
        assert len(ends) == (1 if self.releases and is_ended else len(ends[:1]))

    @invariant()
    def words_never_come_from_nowhere(self) -> None:
        assert all(self.concerning[0] <= release.to_number for release in self.releases)


TestMachineAgainstReference = MachineAgainstReference.TestCase
TestMachineAgainstReference.settings = settings(
    max_examples=int(os.environ.get("RING_EXAMPLES", "400")), stateful_step_count=30, deadline=None
)

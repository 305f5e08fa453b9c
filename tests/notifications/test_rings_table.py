"""Every rule of RINGS §3 the machine keeps, as stories a reader can check by hand."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from types import ModuleType
from typing import Any

import pytest

from notifications import rings
from statuspage.organizations.plan import default_plan
from tests.notifications.ring_cases import CASES, Case

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
PLAN = default_plan()


@dataclass
class Teller:
    """Plays a case: a planner that comes when something is posted or due."""

    case: Case
    machine: Any

    def __post_init__(self) -> None:
        ring = PLAN.ring(self.case.ring)
        self.terms = self.machine.Terms(
            clock_started_at=START,
            is_open=ring.is_open,
            cells={severity.key: PLAN.cell(severity=severity.key, ring=ring.key) for severity in PLAN.severities},
            severity_ranks={severity.key: severity.position for severity in PLAN.severities},
        )
        self.ring = self.machine.opened(self.terms, severity=self.case.severity)
        self.severity, self.number = self.case.severity, 0
        self.told: list[str] = []

    def play(self) -> None:
        lines = [(int(minute), words) for minute, *words in (line.split() for line in self.case.story.split(","))]
        for minute, group in groupby(lines, key=lambda line: self._planned_at(line[0])):
            events = [self.event(words) for _minute, words in group if words]
            self._wait_until(minute)
            self.pass_at(minute, events)

    def _planned_at(self, minute: int) -> int:
        away_from, back_at = self.case.away
        return back_at if away_from <= minute < back_at else minute

    def _wait_until(self, minute: int) -> None:
        while self.ring.due_at and (due := self._planned_at(_minutes(self.ring.due_at))) < minute:
            self.pass_at(due, [])

    def pass_at(self, minute: int, events: list[Any]) -> None:
        now = START + timedelta(minutes=minute)
        self.ring, release = self.machine.advance(self.ring, events, terms=self.terms, now=now)
        if release:
            channels = "".join(sorted(channel.value[0] for channel in release.channels))
            numbers = f"{release.from_number + 1}-{release.to_number}"
            self.told.append(f"{minute} {release.kind.value} {numbers} {channels}")

    def event(self, words: list[str]) -> Any:
        changed = [word for word in words if word.startswith("sev")]
        self.severity = changed[0] if changed else self.severity
        self.number += 1
        return self.machine.Event(
            number=self.number,
            kind="resolve" if "resolve" in words else "severity" if changed else "message",
            severity=self.severity,
            concerns="public" in words or "note" in words,
            is_public="public" in words,
            is_important="important" in words,
            notify="page_only" not in words,
            tell_anyway="anyway" in words or self.severity == PLAN.highest_severity,
        )


def _minutes(at: datetime) -> int:
    return int((at - START) / timedelta(minutes=1))


def check(case: Case, machine: ModuleType) -> None:
    """Raises AssertionError where `machine` tells another story."""
    teller = Teller(case, machine)
    teller.play()
    assert ", ".join(teller.told) == case.told
    assert f"{teller.ring.state.value}{' wants_words' * teller.ring.wants_words}" == case.ends


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.sentence}")
def test_the_machine_tells_it_as_the_rules_do(case: Case) -> None:
    check(case, rings)


def test_every_rule_of_the_machine_has_at_least_two_cases() -> None:
    counts = Counter(case.rule for case in CASES)
    assert [rule for rule in ("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R10", "R15") if counts[rule] < 2] == []


def test_speak_by_is_the_last_release_plus_the_promise() -> None:
    teller = Teller(Case("", "", "customers", "sev2", "0 public, 55 public, 60", "", ""), rings)
    teller.play()
    assert teller.ring.speak_by == START + timedelta(minutes=55 + 60)


def test_what_is_pending_does_not_outstay_the_promise_of_a_worse_severity() -> None:
    """By SEV4 it is due at 35, but SEV1 promises on-call a word every 15 minutes, and tells them everything at once."""
    teller = Teller(Case("", "", "on_call", "sev4", "0 note, 7 note, 8 sev1 inner page_only", "", ""), rings)
    teller.play()
    assert teller.told == ["5 first 1-1 es", "8 update 2-3 es"]
    assert teller.ring.speak_by == START + timedelta(minutes=8 + 15)


def test_a_closed_ring_has_nothing_due_and_nothing_promised() -> None:
    teller = Teller(Case("", "", "customers", "sev1", "0 public, 12 public, 20 resolve", "", ""), rings)
    teller.play()
    assert (teller.ring.due_at, teller.ring.speak_by, teller.ring.pending) == (None, None, None)


def test_a_severity_change_after_the_end_moves_only_the_severity() -> None:
    teller = Teller(Case("", "", "customers", "sev2", "0 public, 25 resolve", "", ""), rings)
    teller.play()
    before = teller.ring
    teller.pass_at(30, [teller.event(["sev1"])])
    assert teller.ring.severity == "sev1"
    assert replace(teller.ring, severity=before.severity) == before

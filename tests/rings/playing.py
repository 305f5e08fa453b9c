"""Plays one case of the table to a ring machine. See cases.py for the language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from statuspage.organizations.plan import Cell, default_plan

DAY = datetime(2026, 3, 2, tzinfo=UTC)
AFTERWARDS = timedelta(hours=5)


@dataclass(frozen=True)
class Case:
    rule: str
    sentence: str
    script: str
    cells: Mapping[str, Cell] = field(default_factory=dict)  # instead of the plan's, by severity


def expected(case: Case) -> list[str]:
    return [line.replace(" >", "") for line in _lines(case) if " > " in line]


def heard(machine: ModuleType, case: Case) -> list[str]:
    """What the machine, a module like notifications.rings, tells the ring of this case; as the `>` lines say it."""
    opening, *later = [line for line in _lines(case) if " > " not in line]
    start, severity, ring, *words = opening.replace(": ", " ").split()
    play = _Play(machine, terms_of(machine, case, ring, started_at=_at(start)), severity, _at(start))
    play.on(_at(start), words)
    for line in later:
        time, *words = line.split()
        play.on(_at(time), words)
    play.wait_until(play.now + AFTERWARDS)
    return play.releases


def terms_of(machine: ModuleType, case: Case, ring: str, *, started_at: datetime) -> Any:
    plan = default_plan()
    cells = {severity.key: plan.cell(severity=severity.key, ring=ring) for severity in plan.severities}
    return machine.Terms(
        clock_started_at=started_at,
        is_open=plan.ring(ring).is_open,
        cells={**cells, **case.cells},
        severity_ranks={severity.key: severity.position for severity in plan.severities},
    )


def _lines(case: Case) -> list[str]:
    return [line.strip() for line in case.script.strip().splitlines()]


def _at(time: str) -> datetime:
    hour, minute = time.split(":")
    return DAY + timedelta(hours=int(hour), minutes=int(minute))


class _Play:
    """One ring, a clock, and the updates the planner has not seen."""

    def __init__(self, machine: ModuleType, terms: Any, severity: str, now: datetime) -> None:
        self.machine, self.terms, self.severity, self.now = machine, terms, severity, now
        self.ring = machine.opened(terms, severity=severity)
        self.number, self.unseen, self.is_late = 0, list[Any](), False
        self.releases: list[str] = []

    def on(self, time: datetime, words: list[str]) -> None:
        if not self.is_late:
            self.wait_until(time - timedelta(seconds=1))
        self.now, self.is_late = time, "late" in words
        self.unseen.append(self._update(words))
        if not self.is_late:
            self._look()

    def wait_until(self, until: datetime) -> None:
        while self.ring.due_at and self.ring.due_at <= until:
            self.now = max(self.now, self.ring.due_at)
            self._look()

    def _look(self) -> None:
        unsorted = self.unseen[::-1]  # their numbers tell the order
        self.ring, release = self.machine.advance(self.ring, unsorted, terms=self.terms, now=self.now)
        self.unseen = []
        assert self.ring.due_at is None or self.ring.due_at > self.now, "it stays due"
        if release:
            channels = " ".join(sorted(channel.value for channel in release.channels))
            covers = f"{release.from_number + 1}-{release.to_number}"
            self.releases.append(f"{self.now:%H:%M} {release.kind} {covers} {channels}")

    def _update(self, words: list[str]) -> Any:
        self.number += 1
        self.severity = next((word for word in words if word in self.terms.cells), self.severity)
        return self.machine.Event(
            number=self.number,
            kind="resolve" if "resolve" in words else "message",
            severity=self.severity,
            concerns="public" in words or "inner" in words,
            is_public="public" in words,
            is_important="important" in words,
            notify="page-only" not in words,
            tell_anyway="anyway" in words,
        )

"""The communication plan as plain values: for every severity × ring, who hears what when. Pure.

The default plan is a data file beside this one. An incident freezes the plan it opened under as JSON.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

DEFAULT_FILE = Path(__file__).with_name("default_plan.toml")


class Mode(StrEnum):
    """How a ring hears of updates after its first word (docs/rules.md)."""

    NEVER = "never"
    EVERY = "every"
    LATEST = "latest"
    MILESTONE = "milestone"
    DIGEST = "digest"


class Channel(StrEnum):
    """How a message travels. The first two reach people; the others are endpoints: a machine, a room, or the world."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"
    SLACK = "slack"
    TEAMS = "teams"
    DISCORD = "discord"
    GOOGLE_CHAT = "google_chat"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    X = "x"

    @property
    def label(self) -> str:
        return {
            "email": "E-mail",
            "sms": "SMS",
            "webhook": "Webhook",
            "slack": "Slack",
            "teams": "Microsoft Teams",
            "discord": "Discord",
            "google_chat": "Google Chat",
            "mastodon": "Mastodon",
            "bluesky": "Bluesky",
        }.get(self.value, "X")

    @property
    def is_endpoint(self) -> bool:
        """Its address is a URL. An endpoint of a ring hears whatever the plan's channels say: those are for people."""
        return self not in {Channel.EMAIL, Channel.SMS}

    @property
    def is_social(self) -> bool:
        """Everybody reads what is posted there."""
        return self in {Channel.MASTODON, Channel.BLUESKY, Channel.X}

    @classmethod
    def for_people(cls) -> "tuple[Channel, ...]":
        """What a plan may choose between."""
        return tuple(channel for channel in cls if not channel.is_endpoint)


class SmsOn(StrEnum):
    MILESTONES = "milestones"
    ALL = "all"


class OnEarlyResolve(StrEnum):
    """What a ring hears when the incident was over before its turn."""

    SILENT = "silent"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one ring hears at one severity. `breaks_quiet`: SMS are sent in people's quiet hours, too."""

    mode: Mode
    delay: timedelta = timedelta(0)
    min_gap: timedelta = timedelta(0)
    digest_every: timedelta = timedelta(0)
    promise: timedelta | None = None
    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    sms_on: SmsOn = SmsOn.MILESTONES
    on_early_resolve: OnEarlyResolve = OnEarlyResolve.SILENT
    breaks_quiet: bool = False


NEVER = Cell(mode=Mode.NEVER, channels=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRing:
    key: str
    name: str
    position: int | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSeverity:
    key: str
    name: str
    position: int
    colour: str
    criteria: str
    is_for_maintenance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    rings: tuple[PlanRing, ...]
    severities: tuple[PlanSeverity, ...]
    cells: Mapping[tuple[str, str], Cell]

    def cell(self, *, severity: str, ring: str) -> Cell:
        """A pair the plan does not mention hears nothing."""
        return self.cells.get((severity, ring), NEVER)

    def ring(self, key: str) -> PlanRing:
        """Raises KeyError for a ring the plan does not know."""
        return {ring.key: ring for ring in self.rings}[key]

    def tightest_promise(self, *, severity: str, rings: Iterable[str]) -> timedelta | None:
        """The shortest silence promised to any of these rings at this severity; None where nothing is promised."""
        promises = [self.cell(severity=severity, ring=ring).promise for ring in rings]
        return min((promise for promise in promises if promise is not None), default=None)

    @property
    def highest_severity(self) -> str:
        return min(self.severities_of_incidents, key=lambda severity: severity.position).key

    @property
    def severities_of_incidents(self) -> tuple[PlanSeverity, ...]:
        return tuple(severity for severity in self.severities if not severity.is_for_maintenance)

    @property
    def line_rings(self) -> tuple[PlanRing, ...]:
        """Innermost first."""
        return tuple(sorted((r for r in self.rings if r.position is not None), key=lambda r: r.position or 0))

    @property
    def open_rings(self) -> tuple[PlanRing, ...]:
        return tuple(ring for ring in self.rings if ring.is_open)

    def to_json(self) -> dict[str, Any]:
        """Durations in whole seconds."""
        return {
            "rings": [asdict(ring) for ring in self.rings],
            "severities": [asdict(severity) for severity in self.severities],
            "cells": [
                {"severity": severity, "ring": ring, **_cell_to_json(cell)}
                for (severity, ring), cell in self.cells.items()
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Plan":
        return cls(
            rings=tuple(PlanRing(**row) for row in data["rings"]),
            severities=tuple(PlanSeverity(**row) for row in data["severities"]),
            cells={(row["severity"], row["ring"]): _cell_from_json(row) for row in data["cells"]},
        )


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def _cell_to_json(cell: Cell) -> dict[str, Any]:
    return {
        "mode": cell.mode.value,
        "delay": _seconds(cell.delay),
        "min_gap": _seconds(cell.min_gap),
        "digest_every": _seconds(cell.digest_every),
        "promise": _seconds(cell.promise),
        "channels": [channel.value for channel in cell.channels],
        "sms_on": cell.sms_on.value,
        "on_early_resolve": cell.on_early_resolve.value,
        "breaks_quiet": cell.breaks_quiet,
    }


def _cell_from_json(row: Mapping[str, Any]) -> Cell:
    return Cell(
        mode=Mode(row["mode"]),
        delay=timedelta(seconds=row["delay"]),
        min_gap=timedelta(seconds=row["min_gap"]),
        digest_every=timedelta(seconds=row["digest_every"]),
        promise=None if row["promise"] is None else timedelta(seconds=row["promise"]),
        channels=tuple(Channel(name) for name in row["channels"]),
        sms_on=SmsOn(row["sms_on"]),
        on_early_resolve=OnEarlyResolve(row["on_early_resolve"]),
        breaks_quiet=row.get("breaks_quiet", False),  # plans that were frozen before there was such a thing
    )


def default_plan() -> Plan:
    """The plan a new organization begins with, read from default_plan.toml (minutes there)."""
    data = tomllib.loads(DEFAULT_FILE.read_text(encoding="utf-8"))
    return Plan(
        rings=tuple(
            PlanRing(key=r["key"], name=r["name"], position=r.get("position"), is_open=r.get("is_open", False))
            for r in data["ring"]
        ),
        severities=tuple(PlanSeverity(**row, position=position) for position, row in enumerate(data["severity"])),
        cells={
            (severity, ring): _cell_from_minutes(row)
            for severity, row_of_rings in data["plan"].items()
            for ring, row in row_of_rings.items()
        },
    )


def _cell_from_minutes(row: Mapping[str, Any]) -> Cell:
    minutes = {name: timedelta(minutes=row.get(name, 0)) for name in ("delay", "min_gap", "digest_every")}
    return Cell(
        mode=Mode(row["mode"]),
        **minutes,
        promise=timedelta(minutes=row["promise"]) if "promise" in row else None,
        channels=tuple(Channel(name) for name in row["channels"]),
        sms_on=SmsOn(row.get("sms_on", SmsOn.MILESTONES)),
        on_early_resolve=OnEarlyResolve(row.get("on_early_resolve", OnEarlyResolve.SILENT)),
        breaks_quiet=row.get("breaks_quiet", False),
    )

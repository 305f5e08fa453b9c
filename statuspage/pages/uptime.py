"""How a service has been: its steps of status become days, and days become uptime. Pure: no clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext

from statuspage.pages.status import ServiceStatus, worst_of

DAYS = 90
WHOLE_DAYS_KEPT = 10_000
WEIGHT = {ServiceStatus.MAJOR_OUTAGE: 1.0, ServiceStatus.PARTIAL_OUTAGE: 0.3}
"""How much of a second in this status counts as down. Everything else counts as up."""


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on, the service has this status."""

    at: datetime
    status: ServiceStatus


@dataclass(frozen=True)
class Day:
    """One day in the page's zone: how long the service had each status. Nothing in it: no data."""

    on: date
    spent: dict[ServiceStatus, timedelta] = field(default_factory=dict)

    @cached_property
    def worst(self) -> ServiceStatus | None:
        return worst_of(self.spent) if self.spent else None

    @cached_property
    def troubles(self) -> tuple[tuple[ServiceStatus, timedelta], ...]:
        """What was not normal, worst first."""
        found = [(status, length) for status, length in self.spent.items() if status is not ServiceStatus.OPERATIONAL]
        return tuple(sorted(found, key=lambda pair: pair[0].rank, reverse=True))


@dataclass(frozen=True)
class Calendar:
    """The days a page looks back on. `midnights[i]` begins `dates[i]`; the last day ends `now`."""

    dates: tuple[date, ...]
    midnights: tuple[datetime, ...]
    now: datetime

    @classmethod
    def up_to(cls, now: datetime, *, zone: str, days: int = DAYS) -> "Calendar":
        """The last `days` days in `zone`, today included. A day is 23 or 25 hours where clocks were changed."""
        local = ZoneInfo(zone)
        today = now.astimezone(local).date()
        dates = tuple(today - timedelta(days=back) for back in reversed(range(days)))
        return cls(dates, tuple(midnight(day, zone=local) for day in dates), now)

    @property
    def begins_at(self) -> datetime:
        return self.midnights[0]

    def before_today(self) -> "Calendar":
        """The complete days: the same all day long."""
        return Calendar(self.dates[:-1], self.midnights[:-1], self.midnights[-1])

    def today(self) -> "Calendar":
        return Calendar(self.dates[-1:], self.midnights[-1:], self.now)

    @cached_property
    def spans(self) -> list[tuple[date, datetime, datetime]]:
        """Each day with when it begins and ends."""
        spans = zip(self.dates, pairwise([*self.midnights, self.now]), strict=True)
        return [(day, start, end) for day, (start, end) in spans]


def midnight(day: date, *, zone: ZoneInfo) -> datetime:
    """The instant a day begins, in UTC. Where clocks jump over midnight, it begins at the jump."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def days_of(steps: Sequence[Step], *, calendar: Calendar) -> tuple[Day, ...]:
    """Every day of the calendar. Before the first step nothing is known. `steps` are in the order of time."""
    ends = [*(step.at for step in steps[1:]), calendar.now]
    pieces = [(step.at, end, step.status) for step, end in zip(steps, ends, strict=False)]
    days, first = [], 0
    for day, start, end in calendar.spans:
        while first < len(pieces) and pieces[first][1] <= start:
            first += 1
        if first < len(pieces) and pieces[first][0] <= start and pieces[first][1] >= end:
            days.append(_whole_day(day, pieces[first][2], end - start))
        else:
            days.append(Day(day, _spent(pieces, first, start=start, end=end)))
    return tuple(days)


@lru_cache(maxsize=WHOLE_DAYS_KEPT)
def _whole_day(on: date, status: ServiceStatus, length: timedelta) -> Day:
    """On most days nothing changes, and most services share them."""
    return Day(on, {status: length})


def _spent(
    pieces: Sequence[tuple[datetime, datetime, ServiceStatus]], first: int, *, start: datetime, end: datetime
) -> dict[ServiceStatus, timedelta]:
    spent: dict[ServiceStatus, timedelta] = {}
    for begins, ends, status in pieces[first:]:
        if begins >= end:
            break
        length = min(ends, end) - max(begins, start)
        if length > timedelta(0):
            spent[status] = spent.get(status, timedelta(0)) + length
    return spent


@dataclass(frozen=True, slots=True)
class Tally:
    """Seconds that are known, and those of them that count as down."""

    known: float = 0.0
    down: float = 0.0

    @classmethod
    def of(cls, days: Sequence[Day]) -> "Tally":
        spent = [(status, length.total_seconds()) for day in days for status, length in day.spent.items()]
        return cls(
            sum(seconds for _status, seconds in spent),
            sum(seconds * WEIGHT.get(status, 0.0) for status, seconds in spent),
        )

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.known + other.known, self.down + other.down)

    @property
    def share(self) -> float | None:
        """The share of known time the service was up, 0 to 1. None when nothing is known."""
        return 1 - self.down / self.known if self.known else None


def uptime(days: Sequence[Day]) -> float | None:
    return Tally.of(days).share


def percent(share: float) -> str:
    """ "99.98%": rounded down, so that only a service that was never down says 100%."""
    hundredths = int(share * 10_000 + 1e-6)
    if hundredths == 10_000:
        return pgettext("uptime", "%(whole)d%%") % {"whole": 100}
    parts = {"whole": hundredths // 100, "rest": hundredths % 100}
    return pgettext("uptime", "%(whole)d.%(rest)02d%%") % parts

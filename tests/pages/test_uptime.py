"""Days and uptime, at the edges of zones and of summer time, and against a count minute by minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuspage.pages.status import ServiceStatus
from statuspage.pages.uptime import WEIGHT, Calendar, Day, Step, days_of, percent, uptime

UP, SLOW = ServiceStatus.OPERATIONAL, ServiceStatus.DEGRADED_PERFORMANCE
PART, DOWN, PLANNED = ServiceStatus.PARTIAL_OUTAGE, ServiceStatus.MAJOR_OUTAGE, ServiceStatus.UNDER_MAINTENANCE
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def look_back(now: str, *steps: tuple[str, ServiceStatus], zone: str = "Etc/UTC", days: int = 3) -> tuple[Day, ...]:
    calendar = Calendar.up_to(utc(now), zone=zone, days=days)
    return days_of([Step(utc(at), status) for at, status in steps], calendar=calendar)


def lengths(days: tuple[Day, ...]) -> list[timedelta]:
    return [sum(day.spent.values(), timedelta(0)) for day in days]


def test_an_outage_over_midnight_counts_on_both_days() -> None:
    days = look_back("2026-03-03 12:00", ("2026-02-01 00:00", UP), ("2026-03-01 23:00", DOWN), ("2026-03-02 02:00", UP))
    assert [day.spent.get(DOWN) for day in days] == [HOUR, 2 * HOUR, None]
    assert [day.worst for day in days] == [DOWN, DOWN, UP]


def test_midnight_is_the_pages_midnight() -> None:
    steps = (("2026-02-01 00:00", UP), ("2026-03-01 23:30", DOWN), ("2026-03-02 00:30", UP))
    berlin = look_back("2026-03-03 12:00", *steps, zone="Europe/Berlin")
    los_angeles = look_back("2026-03-03 12:00", *steps, zone="America/Los_Angeles")
    assert [day.worst for day in berlin] == [UP, DOWN, UP]
    assert [day.worst for day in los_angeles] == [DOWN, UP, UP]


@pytest.mark.parametrize(
    ("now", "zone", "hours"),
    [
        ("2026-03-30 12:00", "Europe/Berlin", 23),  # clocks went from 02:00 to 03:00
        ("2026-10-26 12:00", "Europe/Berlin", 25),
        ("2026-03-09 12:00", "America/New_York", 23),
        ("2018-11-05 12:00", "America/Sao_Paulo", 23),  # midnight itself did not happen
        ("2023-11-06 12:00", "America/Havana", 25),  # midnight happened twice
        ("2011-12-31 12:00", "Pacific/Apia", 24),
    ],
)
def test_a_day_is_as_long_as_it_was_where_the_page_is(now: str, zone: str, hours: int) -> None:
    days = look_back(now, ("2000-01-01 00:00", UP), zone=zone, days=2)
    assert lengths(days)[0] == timedelta(hours=hours)


def test_an_outage_through_the_night_of_25_hours_is_counted_once() -> None:
    days = look_back(
        "2026-10-26 12:00",
        ("2026-10-01 00:00", UP),
        ("2026-10-24 22:00", DOWN),
        ("2026-10-25 23:00", UP),
        zone="Europe/Berlin",
        days=2,
    )
    assert days[0].spent == {DOWN: 25 * HOUR}


def test_today_lasts_until_now() -> None:
    days = look_back("2026-03-03 06:00", ("2026-03-01 00:00", UP))
    assert lengths(days) == [24 * HOUR, 24 * HOUR, 6 * HOUR]


def test_nothing_is_known_of_days_before_the_service_was_there() -> None:
    days = look_back("2026-03-03 12:00", ("2026-03-02 18:00", UP))
    assert [day.worst for day in days] == [None, UP, UP]
    assert days[1].spent == {UP: 6 * HOUR}
    assert uptime(days) == 1.0


def test_without_any_data_there_is_no_uptime() -> None:
    assert uptime(look_back("2026-03-03 12:00")) is None


def test_a_major_outage_counts_fully_and_a_partial_one_for_30_percent() -> None:
    ten_hours = ("2026-03-01 14:00", "2026-03-02 00:00")
    for status, share in ((DOWN, 1 - 10 / 24), (PART, 1 - 3 / 24), (SLOW, 1.0), (PLANNED, 1.0)):
        days = look_back(
            "2026-03-02 00:00", ("2026-02-01 00:00", UP), (ten_hours[0], status), (ten_hours[1], UP), days=2
        )
        assert uptime(days) == pytest.approx(share)


def test_the_worst_of_a_day_is_shown_however_short_it_was() -> None:
    days = look_back(
        "2026-03-03 12:00",
        ("2026-02-01 00:00", UP),
        ("2026-03-02 10:00", SLOW),
        ("2026-03-02 11:00", DOWN),
        ("2026-03-02 11:01", UP),
    )
    assert days[1].worst is DOWN
    assert days[1].troubles == ((DOWN, timedelta(minutes=1)), (SLOW, HOUR))


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100%"), (0.99999, "99.99%"), (0.9999, "99.99%"), (0.995, "99.50%"), (0.3, "30.00%"), (0.0, "0.00%")],
)
def test_only_what_was_never_down_says_100_percent(share: float, text: str) -> None:
    assert percent(share) == text


FIRST = datetime(2026, 3, 26, tzinfo=UTC)
MINUTES = 5 * 24 * 60


@given(
    changes=st.dictionaries(st.integers(0, MINUTES - 1), st.sampled_from(list(ServiceStatus)), min_size=1, max_size=8),
    zone=st.sampled_from(["Etc/UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"]),
    now=st.integers(1, MINUTES),
)
def test_uptime_is_what_counting_minute_by_minute_says(changes: dict[int, ServiceStatus], zone: str, now: int) -> None:
    calendar = Calendar.up_to(FIRST + timedelta(minutes=now), zone=zone, days=3)
    steps = [Step(FIRST + timedelta(minutes=minute), status) for minute, status in sorted(changes.items())]
    days = days_of([step for step in steps if step.at < calendar.now], calendar=calendar)

    status: ServiceStatus | None = None
    known, down = 0, 0.0
    counted: dict[tuple[object, ServiceStatus], int] = {}
    for minute in range(now):
        status = changes.get(minute, status)
        on = (FIRST + timedelta(minutes=minute)).astimezone(ZoneInfo(zone)).date()
        if status is not None and on in calendar.dates:
            known, down = known + 1, down + WEIGHT.get(status, 0.0)
            counted[on, status] = counted.get((on, status), 0) + 1

    assert counted == {
        (day.on, status): length // timedelta(minutes=1) for day in days for status, length in day.spent.items()
    }
    assert uptime(days) == (pytest.approx(1 - down / known) if known else None)

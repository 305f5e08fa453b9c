"""The bars and their twin in words tell the same story."""

from datetime import UTC, datetime, timedelta

from statuspage.pages.bars import Before, History, Past
from statuspage.pages.status import ServiceStatus
from statuspage.pages.uptime import Calendar, Step, days_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
UP, DOWN = ServiceStatus.OPERATIONAL, ServiceStatus.MAJOR_OUTAGE
LONG_AGO = Step(NOW - timedelta(days=400), UP)


def history(*steps: Step) -> History:
    *before, today = days_of(steps, calendar=Calendar.up_to(NOW, zone="Etc/UTC"))
    return Past(Before(tuple(before)), today).history


def test_ninety_quiet_days_are_one_line() -> None:
    drawn = history(LONG_AGO)
    assert [(bar.css, bar.path) for bar in drawn.bars] == [("is-operational", "M0 18h897")]
    assert (drawn.uptime, drawn.troubles, drawn.tally) == ("100%", (), "")


def test_a_bad_day_interrupts_the_line_and_is_told_in_words() -> None:
    began = datetime(2026, 11, 20, 10, tzinfo=UTC)
    drawn = history(
        LONG_AGO,
        Step(began, DOWN),
        Step(began + timedelta(minutes=42), ServiceStatus.DEGRADED_PERFORMANCE),
        Step(began + timedelta(minutes=62), UP),
    )
    assert {bar.css: bar.path for bar in drawn.bars} == {
        "is-operational": "M0 18h847M860 18h37",
        "is-major": "M850 13h7",
    }
    assert drawn.troubles == ("20 November: major outage for 42 minutes, degraded performance for 20 minutes",)
    assert drawn.tally == "trouble on 1 day"


def test_days_before_the_service_was_there_have_no_bar_but_a_faint_line() -> None:
    drawn = history(Step(NOW - timedelta(days=1), UP))
    assert {bar.css: bar.path for bar in drawn.bars} == {"no-data": "M0 24h877", "is-operational": "M880 18h17"}


def test_maintenance_is_not_called_trouble() -> None:
    drawn = history(LONG_AGO, Step(NOW - timedelta(days=1), ServiceStatus.UNDER_MAINTENANCE))
    assert drawn.tally == "maintenance on 2 days"

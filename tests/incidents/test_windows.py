"""When a maintenance moves, as a table, and that no stop of the clock makes it move out of order or twice."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.windows import Move, Window, due_move, next_move, next_move_at
from incidents.words import IncidentStatus
from tests.timeline import instant

SCHEDULED, IN_PROGRESS = IncidentStatus.SCHEDULED, IncidentStatus.IN_PROGRESS
VERIFYING, COMPLETED = IncidentStatus.VERIFYING, IncidentStatus.COMPLETED
LEADS_TO = {
    Move.REMIND: SCHEDULED,
    Move.BEGIN: IN_PROGRESS,
    Move.VERIFY: VERIFYING,
    Move.COMPLETE: COMPLETED,
}
ORDER = list(Move)


def window(*, verify: int = 30, remind: tuple[int, ...] = (24, 1)) -> Window:
    """From 12:00 to 16:00 the day after the story's, `verify` minutes of it to check, reminders hours before."""
    return Window(
        begins_at=instant("+1 12:00"),
        ends_at=instant("+1 16:00"),
        verify_for=timedelta(minutes=verify),
        remind_before=tuple(timedelta(hours=hours) for hours in remind),
    )


@pytest.mark.parametrize(
    ("stage", "after", "expected"),
    [
        (SCHEDULED, "10:00", (Move.REMIND, "12:00")),
        (SCHEDULED, "12:00", (Move.REMIND, "+1 11:00")),
        (SCHEDULED, "13:00", (Move.REMIND, "+1 11:00")),
        (SCHEDULED, "+1 11:00", (Move.BEGIN, "+1 12:00")),
        (SCHEDULED, "+1 11:30", (Move.BEGIN, "+1 12:00")),
        (SCHEDULED, "+1 14:00", (Move.BEGIN, "+1 12:00")),  # overdue
        (SCHEDULED, "+2 10:00", (Move.BEGIN, "+1 12:00")),
        (IN_PROGRESS, "+1 11:00", (Move.VERIFY, "+1 15:30")),  # begun early, by hand
        (IN_PROGRESS, "+1 12:00", (Move.VERIFY, "+1 15:30")),
        (IN_PROGRESS, "+1 15:30", (Move.COMPLETE, "+1 16:00")),  # back to work: not checked twice
        (IN_PROGRESS, "+1 15:45", (Move.COMPLETE, "+1 16:00")),
        (VERIFYING, "+1 13:00", (Move.COMPLETE, "+1 16:00")),
        (VERIFYING, "+1 17:00", (Move.COMPLETE, "+1 16:00")),
        (COMPLETED, "+1 12:00", None),
    ],
)
def test_what_comes_next(stage: IncidentStatus, after: str, expected: tuple[Move, str] | None) -> None:
    found = next_move(window(), stage=stage, after=instant(after))
    assert found == (expected and (expected[0], instant(expected[1])))


@pytest.mark.parametrize(
    ("stage", "now", "expected"),
    [
        (SCHEDULED, "12:00", Move.REMIND),
        (SCHEDULED, "+1 11:59", Move.REMIND),  # one reminder, however many came due while nobody looked
        (SCHEDULED, "+1 12:00", Move.BEGIN),  # the beginning has overtaken them
        (SCHEDULED, "+1 18:00", Move.BEGIN),
        (IN_PROGRESS, "+1 15:30", Move.VERIFY),
        (IN_PROGRESS, "+1 15:59", Move.VERIFY),
        (IN_PROGRESS, "+1 16:00", Move.COMPLETE),  # too late to check
        (VERIFYING, "+1 16:00", Move.COMPLETE),
    ],
)
def test_what_is_to_be_done_when_the_clock_comes(stage: IncidentStatus, now: str, expected: Move) -> None:
    assert due_move(window(), stage=stage, now=instant(now)) is expected


def test_zero_minutes_to_check_are_skipped_and_so_are_more_than_there_are() -> None:
    for verify in (0, 240, 600):
        found = next_move(window(verify=verify), stage=IN_PROGRESS, after=instant("+1 12:00"))
        assert found == (Move.COMPLETE, instant("+1 16:00"))


def test_a_lead_that_lies_in_the_past_or_is_given_twice_is_no_reminder() -> None:
    assert window(remind=(1, 1, 0)).reminders == [instant("+1 11:00")]
    assert next_move(window(remind=(48,)), stage=SCHEDULED, after=instant("10:00")) == (
        Move.BEGIN,
        instant("+1 12:00"),
    )


windows = st.builds(
    lambda length, verify, leads: Window(
        begins_at=instant("+1 12:00"),
        ends_at=instant("+1 12:00") + timedelta(minutes=length),
        verify_for=timedelta(minutes=verify),
        remind_before=tuple(timedelta(minutes=lead) for lead in leads),
    ),
    st.integers(1, 600),
    st.integers(0, 700),
    st.lists(st.integers(1, 2000), max_size=4),
)
stops = st.lists(st.integers(0, 3000).map(lambda minute: instant("10:00") + timedelta(minutes=minute)), max_size=12)


def lived_through(planned: Window, at: list[datetime]) -> list[tuple[Move, datetime]]:
    """What is done when the clock stops at these instants, and for the last time long after the end."""
    stage, due_at = SCHEDULED, next_move_at(planned, stage=SCHEDULED, after=instant("10:00"))
    done = []
    for now in [*sorted(at), instant("+9 10:00")]:
        while due_at and due_at <= now:
            move = due_move(planned, stage=stage, now=now)
            done.append((move, now))
            stage = LEADS_TO[move]
            due_at = next_move_at(planned, stage=stage, after=now)
    return done


@given(windows, stops)
def test_moves_come_in_order_and_none_twice_wherever_the_clock_stops(planned: Window, at: list[datetime]) -> None:
    done = lived_through(planned, at)
    moves = [move for move, _at in done]
    assert moves == sorted(moves, key=ORDER.index)
    assert [moves.count(move) for move in (Move.BEGIN, Move.COMPLETE)] == [1, 1]
    assert moves.count(Move.VERIFY) <= 1
    assert moves.count(Move.REMIND) <= len(planned.reminders)
    assert len({now for move, now in done if move is Move.REMIND}) == moves.count(Move.REMIND), "one at a time"
    for move, now in done:
        assert move is not Move.REMIND or now < planned.begins_at
        assert move is not Move.BEGIN or now >= planned.begins_at
        assert move is not Move.VERIFY or (planned.verifying_at or now) <= now < planned.ends_at
        assert move is not Move.COMPLETE or now >= planned.ends_at


@given(windows)
def test_a_clock_that_stops_everywhere_drops_nothing(planned: Window) -> None:
    every_minute = [instant("10:00") + timedelta(minutes=minute) for minute in range(3000)]
    moves = [move for move, _at in lived_through(planned, every_minute)]
    assert moves.count(Move.REMIND) == len([at for at in planned.reminders if at > instant("10:00")])
    assert (Move.VERIFY in moves) is (planned.verifying_at is not None)


@given(windows)
def test_one_jump_over_everything_begins_and_ends(planned: Window) -> None:
    assert [move for move, _at in lived_through(planned, [])] == [Move.BEGIN, Move.COMPLETE]

"""What becomes of a domain's standing, look by look."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuspage.kit.proofs import LOCKED_FOR, MISSED_FOR, Finding, Standing, State, holds

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THERE, MISSING, NOT_KNOWN = Finding.THERE, Finding.MISSING, Finding.NOT_KNOWN
WAITING = Standing()
PROVEN = Standing(verified_at=NOW - 90 * DAY)
MISSED = Standing(PROVEN.verified_at, missed_at=NOW - 2 * DAY)
LOST = Standing(PROVEN.verified_at, missed_at=NOW - 10 * DAY, lost_at=NOW - 7 * DAY)

CASES = [
    (WAITING, THERE, Standing(verified_at=NOW)),
    (WAITING, MISSING, WAITING),
    (WAITING, NOT_KNOWN, WAITING),
    (PROVEN, THERE, PROVEN),
    (PROVEN, MISSING, Standing(PROVEN.verified_at, missed_at=NOW)),
    (PROVEN, NOT_KNOWN, PROVEN),
    (MISSED, THERE, PROVEN),
    (MISSED, MISSING, MISSED),
    (MISSED, NOT_KNOWN, MISSED),
    (LOST, THERE, PROVEN),
    (LOST, MISSING, LOST),
    (LOST, NOT_KNOWN, LOST),
]


@pytest.mark.parametrize(("before", "finding", "after"), CASES)
def test_a_look_makes_of_a_standing(before: Standing, finding: Finding, after: Standing) -> None:
    assert before.after(finding, NOW) == after


def test_three_days_missing_is_lost_and_thirty_days_lost_is_free() -> None:
    assert MISSED.missed_at
    assert LOST.lost_at
    end = MISSED.missed_at + MISSED_FOR
    assert MISSED.after(MISSING, end - HOUR).state is State.MISSED
    assert MISSED.after(MISSING, end) == Standing(PROVEN.verified_at, MISSED.missed_at, lost_at=end)
    assert MISSED.after(NOT_KNOWN, end + 99 * DAY) == MISSED, "who could not be asked has not said no"
    free = LOST.lost_at + LOCKED_FOR
    assert LOST.after(MISSING, free - HOUR) == LOST
    for finding in (MISSING, NOT_KNOWN):
        assert LOST.after(finding, free) == WAITING
    assert LOST.after(THERE, free).is_served, "it was there in time, since nobody has looked in between"


looks = st.lists(st.tuples(st.sampled_from(Finding), st.integers(1, 200)), max_size=60)


@given(looks)
def test_whatever_is_found_only_a_long_and_certain_absence_ends_serving(steps: list[tuple[Finding, int]]) -> None:
    standing, now, since = Standing(), NOW, None
    for finding, hours in steps:
        now += timedelta(hours=hours)
        before, standing = standing, standing.after(finding, now)
        since = None if finding is THERE else since or (now if finding is MISSING else None)
        assert not (standing.lost_at and not standing.verified_at)
        assert not (standing.missed_at and not standing.verified_at)
        if finding is THERE:
            assert standing.is_served
        if before.is_served and not standing.is_served:
            assert since is not None
            assert now - since >= MISSED_FOR
            assert finding is MISSING
        if before.lost_at and not standing.verified_at:
            assert now - before.lost_at >= LOCKED_FOR


@pytest.mark.parametrize(
    ("texts", "is_there"),
    [
        (["ripple-verification=abc"], True),
        (["v=spf1 -all", "ripple-verification=abc"], True),
        (['"ripple-verification=abc"'], True),
        (["  ripple-verification=abc\t"], True),
        (["google=1 ripple-verification=abc"], True),
        ([], False),
        (["ripple-verification=abcd"], False),
        (["ripple-verification="], False),
        (["ripple-verification=ABC"], False),
        (["xripple-verification=abc"], False),
        (["ripple-verification=xyz"], False),
    ],
)
def test_the_value_is_there_as_a_word_of_its_own(texts: list[str], is_there: bool) -> None:
    assert holds(texts, "ripple-verification=abc") is is_there

"""What time it is. There is one clock, the database's, so that every process on every machine agrees.

Story time (`now()`) decides what is due, and can be moved in tests and rehearsals. Wall time (leases, time-outs)
is `time.monotonic()` and the database's `clock_timestamp()`, and is never moved. The two must not be mixed.
"""

from datetime import datetime
from typing import Any, cast

from django.db import connection, models
from django.db.models.expressions import Func

from statuspage.kit import logs

WAKE_CHANNEL = "ripple_wake"


class ClockNow(Func):
    """`clock_now()` in SQL: the default of every `…_at` column that means "when this row was written"."""

    function = "clock_now"
    template = "%(function)s()"

    def __init__(self, **extra: Any) -> None:
        super().__init__(output_field=models.DateTimeField(), **extra)


def now() -> datetime:
    """The instant it is, by the database's clock. Ask once per transaction and pass it down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_now()")
        (instant,) = cursor.fetchone()
    return cast(datetime, instant)


def wake() -> None:
    """Wake every dispatcher as soon as the current transaction commits. Works with the broker dead.

    The dispatcher is told which request it was, for its log.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WAKE_CHANNEL, logs.current("request")])


def make_movable(start: datetime) -> None:
    """Tests and rehearsals only: from here on the database's clock stands at `start` until `move_to`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS clock_moved"
            " (is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), at timestamptz NOT NULL)"
        )
        cursor.execute(
            "INSERT INTO clock_moved (at) VALUES (%s) ON CONFLICT (is_only) DO UPDATE SET at = EXCLUDED.at", [start]
        )
        cursor.execute(
            "CREATE OR REPLACE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
            " AS 'SELECT at FROM clock_moved'"
        )


def move_to(instant: datetime) -> None:
    """Move a movable clock forward, never back, and tell every dispatcher."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clock_moved SET at = greatest(at, %s)", [instant])
    wake()


def make_real() -> None:
    """Give the database its real clock back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()'"
        )
        cursor.execute("DROP TABLE IF EXISTS clock_moved")

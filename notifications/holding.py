"""The hold switch: while the installation is on hold nothing is handed over to anybody, by no worker and no dispatcher.

Incidents are posted, planned and published as ever, and what would have left waits. A hold is a row in the database: it
outlives every restart. A restored or copied database is on hold by itself (`Installation`), whoever restored it and
however, because what it believes is still to be sent may have been sent long ago. So is one whose secret key is not at
hand: nobody could tell who unsubscribed.
"""

import time
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from notifications.models import Hold
from statuspage.kit import clock
from statuspage.kit.fingerprints import is_key_known
from statuspage.organizations.models import User

RESTORED = "This database was restored or copied. What waits here may have been sent already: look, then send or drop."
WRONG_KEY = (
    "RIPPLE_SECRET_KEY is not the one this database was made with, so nobody can tell who unsubscribed."
    " Set that one again, or name it in RIPPLE_SECRET_KEYS_BEFORE."
)

_IS_HELD = """
    SELECT EXISTS (SELECT 1 FROM notifications_hold WHERE released_at IS NULL)
        OR EXISTS (SELECT 1 FROM notifications_installation WHERE identity <> database_identity())
"""
_STAMP = """
    UPDATE notifications_installation SET identity = database_identity() WHERE identity <> database_identity()
"""
_BEGIN = """
    INSERT INTO notifications_hold (since_at, by_id, why) VALUES (clock_timestamp(), %s, %s) ON CONFLICT DO NOTHING
"""
_END = """
    UPDATE notifications_hold SET released_at = clock_timestamp(), released_by_id = %s WHERE released_at IS NULL
"""
# Whoever held them did so in another database. Nobody has taken anything here: it was on hold from the first instant.
_FORGET_LEASES = """
    UPDATE notifications_chunk SET leased_until = clock_timestamp() WHERE state = 'leased'
"""
_IN_FLIGHT = """
    SELECT count(*) FROM notifications_chunk WHERE state = 'leased' AND leased_until >= clock_timestamp()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A hold that stands. `since_at` None: a restored database that no dispatcher has looked at yet."""

    why: str
    since_at: datetime | None = None
    by: User | None = None


def is_held() -> bool:
    """Asked before a chunk is taken, and in each look before a hand-over."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_HELD)
        return bool(cursor.fetchone()[0]) or not is_key_known()


def standing() -> Standing | None:
    """The hold that stands, to be shown; None when messages may leave."""
    row = Hold.objects.filter(released_at=None).select_related("by").first()
    if row:
        return Standing(why=row.why, since_at=row.since_at, by=row.by)
    if not is_key_known():
        return Standing(why=WRONG_KEY)
    return Standing(why=RESTORED) if is_held() else None


@transaction.atomic
def hold(*, by: User | None, why: str) -> bool:
    """From its commit on nobody begins to hand anything over. False: it was on hold already.

    What was begun just before is finished and written down, at most a window for each worker: see `wait_until_quiet`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [by.pk if by else None, why[:200]])
        return bool(cursor.rowcount == 1)


@transaction.atomic
def release(*, by: User | None) -> bool:
    """What waits may leave from now on. False: nothing was on hold."""
    notice_a_restore()
    with connection.cursor() as cursor:
        cursor.execute(_END, [by.pk if by else None])
        is_released = bool(cursor.rowcount == 1)
    clock.wake()
    return is_released


@transaction.atomic
def notice_a_restore() -> bool:
    """Turn what a restored database knows of itself into a hold with a date. True when we are the first to see it."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        is_restored = bool(cursor.rowcount == 1)
        if is_restored:
            cursor.execute(_FORGET_LEASES)
    if is_restored:
        hold(by=None, why=RESTORED)
    return is_restored


def in_flight() -> int:
    """How many chunks are being handed over at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FLIGHT)
        return int(cursor.fetchone()[0])


def wait_until_quiet(*, seconds: float) -> bool:
    """Wait until what was begun before the hold is written down. False: after that time a lease is still held."""
    end = time.monotonic() + seconds
    while in_flight():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True

"""Writing down what became of deliveries. One transaction per window, fenced by the lease token."""

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from notifications import health, tallying
from notifications.channels.base import IN_DOUBT, OUT_OF_TIME, UNREADABLE, Outcome, Verdict
from notifications.models import DeliveryState
from notifications.taking import LEASE_SECONDS, Lease
from statuspage.organizations.plan import Channel

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
A_DAY = timedelta(hours=24)
PATIENCE = {Channel.SMS: timedelta(hours=4), Channel.WEBHOOK: timedelta(hours=75)}
"""How long a message is worth trying; a day where nothing is said. A webhook survives a long weekend."""
KNOWN_AGAIN = {Channel.EMAIL, Channel.WEBHOOK, Channel.MASTODON, Channel.BLUESKY}
"""Sent again they carry the same id, by which the other side knows them."""
# How long a provider's callback may take to say that an SMS of unknown fate did arrive.
DOUBT = timedelta(seconds=90)

_WRITE = """
    UPDATE notifications_delivery d SET
        state = o.state, attempts = d.attempts + 1, reason = o.reason, provider_id = o.provider_id,
        due_at = CASE WHEN o.state < 10 THEN clock_timestamp() + o.pause
                 + least(%s, %s * power(2, least(d.attempts, 10))) * o.jitter * interval '1 second' END,
        settled_at = CASE WHEN o.state >= 10 THEN clock_timestamp() END
    FROM unnest(%s::bigint[], %s::smallint[], %s::text[], %s::text[], %s::interval[], %s::float8[])
         AS o (address_id, state, reason, provider_id, pause, jitter)
    WHERE d.broadcast_id = %s AND d.address_id BETWEEN %s AND %s AND d.address_id = o.address_id AND d.state < 10
"""

_UNMARK = """
    UPDATE notifications_delivery SET state = 0 WHERE broadcast_id = %s AND address_id = ANY(%s) AND state = 1
"""
_RENEW = """
    UPDATE notifications_chunk
    SET accepted = accepted + %s, attempts = 0, leased_until = clock_timestamp() + %s * interval '1 second'
    WHERE id = %s AND lease_token = %s RETURNING clock_timestamp() - greatest(queued_at, quiet_until)
"""
_WHAT_IS_LEFT = f"""
    SELECT count(*) FILTER (WHERE d.state < 10), min(coalesce(d.due_at, clock_timestamp())) FILTER (WHERE d.state < 10),
           count(*) FILTER (WHERE d.state IN (11, 16)), {tallying.COUNTS}
    FROM notifications_delivery d WHERE d.broadcast_id = %(broadcast)s AND d.address_id BETWEEN %(lo)s AND %(hi)s
      AND d.chunk_id = %(chunk)s
"""  # noqa: S608 - fixed text, values are parameters
_GIVE_BACK = """
    UPDATE notifications_chunk
    SET state = %s, due_at = coalesce(%s, due_at), failed = %s, tallied = %s, lease_token = NULL, attempts = 0,
        finished_at = CASE WHEN %s = 0 THEN clock_timestamp() END
    WHERE id = %s AND lease_token = %s
"""


@transaction.atomic
def settle(lease: Lease, outcomes: Sequence[Outcome]) -> Lease | None:
    """Write the outcomes and renew the lease; None (and nothing written) when the chunk is no longer ours."""
    accepted = sum(outcome.verdict is Verdict.ACCEPTED for outcome in outcomes)
    renewed = replace(lease, until=time.monotonic() + LEASE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [accepted, LEASE_SECONDS, lease.chunk.pk, str(lease.token)])
        row = cursor.fetchone()
        if row is None:
            return None
        if Channel(lease.chunk.channel).is_endpoint:
            health.note(outcomes)
        _write(cursor, lease, outcomes, gives_up=row[0] > PATIENCE.get(Channel(lease.chunk.channel), A_DAY))
    return renewed


@transaction.atomic
def finish(lease: Lease) -> None:
    """Give the chunk back: done, or waiting for its earliest retry."""
    chunk = lease.chunk
    asked = {"broadcast": chunk.broadcast_id, "chunk": chunk.pk, "lo": chunk.lo, "hi": chunk.hi}
    with connection.cursor() as cursor:
        cursor.execute(_WHAT_IS_LEFT, {**asked, "queued_at": chunk.queued_at})
        unsettled, due_at, failed, counts = cursor.fetchone()
        state = "waiting" if unsettled else "done"
        cursor.execute(_GIVE_BACK, [state, due_at, failed, counts, unsettled, chunk.pk, str(lease.token)])
        if cursor.rowcount:  # otherwise it is somebody else's by now, and they count
            tallying.add(cursor, counts, before=chunk.tallied, broadcast_id=chunk.broadcast_id, channel=chunk.channel)


def _write(cursor: Any, lease: Lease, outcomes: Sequence[Outcome], *, gives_up: bool) -> None:
    tried = [outcome for outcome in outcomes if outcome.reason != OUT_OF_TIME]
    untried = [_address_id(outcome) for outcome in outcomes if outcome.reason == OUT_OF_TIME]
    if tried:
        _write_tried(cursor, lease, tried, gives_up=gives_up)
    if untried:  # an SMS was marked before its turn came
        cursor.execute(_UNMARK, [lease.chunk.broadcast_id, untried])


def _write_tried(cursor: Any, lease: Lease, tried: Sequence[Outcome], *, gives_up: bool) -> None:
    chunk, channel = lease.chunk, Channel(lease.chunk.channel)
    unknown = [_address_id(outcome) for outcome in tried if outcome.verdict is Verdict.UNKNOWN]
    doubted = _doubted_before(cursor, lease, unknown)
    columns = [
        [_address_id(outcome) for outcome in tried],
        [_state(outcome, gives_up=gives_up or _address_id(outcome) in doubted).value for outcome in tried],
        [outcome.reason[:120] or None for outcome in tried],
        [outcome.provider_id[:80] or None for outcome in tried],
        [_pause(outcome, channel) for outcome in tried],
        [random.random() for _ in tried],  # noqa: S311 - jitter, not a secret
    ]
    pauses = [LONGEST_PAUSE.total_seconds(), FIRST_PAUSE.total_seconds()]
    cursor.execute(_WRITE, [*pauses, *columns, chunk.broadcast_id, chunk.lo, chunk.hi])


def _doubted_before(cursor: Any, lease: Lease, address_ids: list[int]) -> set[int]:
    """What nobody can send twice and call it the same goes out once more, never a third time."""
    if not address_ids or Channel(lease.chunk.channel) in KNOWN_AGAIN:
        return set()
    cursor.execute(
        "SELECT address_id FROM notifications_delivery"
        " WHERE broadcast_id = %s AND address_id = ANY(%s) AND reason = ANY(%s)",
        [lease.chunk.broadcast_id, address_ids, [IN_DOUBT, UNREADABLE]],
    )
    return {address_id for (address_id,) in cursor.fetchall()}


def _address_id(outcome: Outcome) -> int:
    return int(outcome.key.rpartition(".")[2])


def _state(outcome: Outcome, *, gives_up: bool) -> DeliveryState:
    if outcome.verdict is Verdict.ACCEPTED:
        return DeliveryState.ACCEPTED
    if outcome.verdict is Verdict.NEVER or gives_up:
        return DeliveryState.FAILED
    return DeliveryState.AMBIGUOUS if outcome.verdict is Verdict.UNKNOWN else DeliveryState.RETRY_WAIT


def _pause(outcome: Outcome, channel: Channel) -> timedelta:
    """The least to wait before trying again. Mail goes again with the same Message-ID: there is nothing to await."""
    if outcome.verdict is Verdict.UNKNOWN and channel is Channel.SMS:
        return DOUBT
    return min(outcome.retry_after or timedelta(0), LONGEST_PAUSE)

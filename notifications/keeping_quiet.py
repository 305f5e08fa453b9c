"""R14: somebody's quiet hours. An SMS waits until they are over; but to the innermost ring, and where the plan says
that it breaks them, none ever waits.

What waits is covered by newer words, so one SMS an incident is what a morning brings; and if it was over meanwhile,
only whoever had an earlier one is told so.
"""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from notifications.models import Broadcast, Chunk
from notifications.rings import Kind
from statuspage.kit import clock
from statuspage.organizations.plan import Channel

QUIET = "quiet hours"
"""The reason that stands in a delivery which waited for their end."""

_WAITING = """
    SELECT d.address_id, p.zone, p.quiet_from, p.quiet_until FROM notifications_delivery d
    JOIN subscribers_address a ON a.id = d.address_id JOIN subscribers_person p ON p.id = a.person_id
    WHERE d.broadcast_id = %s AND d.address_id BETWEEN %s AND %s AND d.chunk_id = %s AND d.state = 0
      AND (d.due_at IS NULL OR d.due_at <= clock_timestamp()) AND p.quiet_from IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM incidents_incident i, jsonb_array_elements(i.plan -> 'cells') cell
                      WHERE i.id = %s AND cell ->> 'severity' = %s AND cell ->> 'ring' = %s
                        AND (cell ->> 'breaks_quiet')::boolean)
"""
# Deliveries are due by wall time, hours are the story's: what is left of them is the same by both.
_WAIT = """
    UPDATE notifications_delivery SET reason = %s, due_at = clock_timestamp() + %s * interval '1 second'
    WHERE broadcast_id = %s AND address_id = %s
"""
_CHUNK_WAITS = """
    UPDATE notifications_chunk
    SET quiet_until = greatest(quiet_until, clock_timestamp() + %s * interval '1 second') WHERE id = %s
"""
_NEVER_TOLD = """
    SELECT d.address_id FROM notifications_delivery d
    WHERE d.broadcast_id = %(broadcast)s AND d.address_id BETWEEN %(lo)s AND %(hi)s AND d.chunk_id = %(chunk)s
      AND d.state = 0 AND d.reason = %(quiet)s
      AND NOT EXISTS (SELECT 1 FROM notifications_broadcast earlier
                      JOIN notifications_delivery e ON e.broadcast_id = earlier.id AND e.address_id = d.address_id
                      WHERE earlier.ring_state_id = %(ring_state)s AND earlier.sequence < %(sequence)s
                        AND e.attempts > 0)
"""


def quiet_left(now: datetime, *, zone: str, begins: time, ends: time) -> timedelta:
    """For how much longer somebody wants to be left alone; zero when they do not. Pure. Hours may reach over midnight.

    An hour that a change of clocks leaves out or has twice is the one the zone's rules make of it (PEP 495).
    """
    local = now.astimezone(ZoneInfo(zone or "UTC"))
    is_night = begins > ends
    at = local.time()
    is_quiet = (at >= begins or at < ends) if is_night else begins <= at < ends
    if not is_quiet:
        return timedelta(0)
    day = local.date() + timedelta(days=int(is_night and at >= begins))
    return datetime.combine(day, ends, tzinfo=local.tzinfo) - now


def keep_quiet(chunk: Chunk) -> None:
    """Let what is now due in somebody's quiet hours wait until they are over."""
    broadcast, told = chunk.broadcast, chunk.broadcast.ring_state
    if chunk.channel != Channel.SMS.value or told.ring.position == 0:
        return
    now = clock.now()
    with connection.cursor() as cursor:
        addresses = (broadcast.pk, chunk.lo, chunk.hi, chunk.pk)
        cursor.execute(_WAITING, (*addresses, told.incident_id, told.severity_key, told.ring.key))
        for address_id, zone, begins, ends in cursor.fetchall():
            left = quiet_left(now, zone=zone, begins=begins, ends=ends).total_seconds()
            if left:
                cursor.execute(_WAIT, [QUIET, left, broadcast.pk, address_id])
                cursor.execute(_CHUNK_WAITS, [left, chunk.pk])


def slept_through(chunk: Chunk) -> set[int]:
    """Whom the end of an incident is not worth telling in the morning: they never heard of its beginning."""
    broadcast: Broadcast = chunk.broadcast
    if broadcast.kind != Kind.RESOLVED.value or chunk.quiet_until is None:
        return set()
    values: dict[str, Any] = {
        "broadcast": broadcast.pk,
        "lo": chunk.lo,
        "hi": chunk.hi,
        "chunk": chunk.pk,
        "quiet": QUIET,
        "ring_state": broadcast.ring_state_id,
        "sequence": broadcast.sequence,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEVER_TOLD, values)
        return {address_id for (address_id,) in cursor.fetchall()}

"""The look before each hand-over: whoever was told to stop, or is covered by newer words, is not written to."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from notifications import holding, keeping_quiet
from notifications.addressing import Audience
from notifications.models import Chunk, ChunkState, DeliveryState
from notifications.rings import Kind
from notifications.taking import Lease
from statuspage.organizations.plan import Channel
from subscribers.suppressing import suppressed_among

SMS_LIVES = timedelta(hours=4)
"""So long an SMS is worth having, but for the last word, which is no snapshot: it never comes too late."""

# Barred is who stopped, was removed, wants this no more, or, while waiting for another try, was told further in.
_NEXT_TURNS = """
    SELECT d.address_id, d.rendition_id, coalesce(a.value, ''), coalesce(a.normalised, ''), coalesce(d.provider_id, ''),
        a.id IS NULL OR r.id IS NULL OR a.stopped_at IS NOT NULL
        OR (r.page_id IS NOT NULL AND NOT ({wanted}))
        OR (d.attempts > 0 AND EXISTS (
            SELECT 1 FROM subscribers_person p JOIN notifications_ringstate told ON told.ring_id = p.ring_id
            WHERE p.id = a.person_id AND told.incident_id = %s AND told.id <> %s
              AND told.last_number > 0))
    FROM notifications_delivery d LEFT JOIN subscribers_address a ON a.id = d.address_id
    LEFT JOIN notifications_rendition r ON r.id = d.rendition_id
    WHERE d.broadcast_id = %s AND d.address_id BETWEEN %s AND %s AND d.chunk_id = %s
      AND d.state < 10 AND (d.due_at IS NULL OR d.due_at <= clock_timestamp()) ORDER BY d.address_id LIMIT %s
"""


# A machine reads in order: what it has not taken of an earlier broadcast holds up the later one, for this machine only.
_HOLD_UP = """
    UPDATE notifications_delivery d SET due_at = greatest(held.until, clock_timestamp()) + interval '1 second'
    FROM (SELECT w.address_id, max(coalesce(e.due_at, clock_timestamp())) AS until FROM notifications_delivery w
          JOIN notifications_broadcast eb ON eb.ring_state_id = %s AND eb.sequence < %s
          JOIN notifications_delivery e ON e.broadcast_id = eb.id AND e.address_id = w.address_id AND e.state < 10
          WHERE w.broadcast_id = %s AND w.address_id BETWEEN %s AND %s AND w.chunk_id = %s AND w.state < 10
            AND (w.due_at IS NULL OR w.due_at <= clock_timestamp())
          GROUP BY w.address_id) held
    WHERE d.broadcast_id = %s AND d.address_id = held.address_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One delivery whose turn it is."""

    address_id: int
    rendition_id: int
    address: str
    normalised: str
    provider_id: str
    is_stopped: bool


@transaction.atomic
def look_again(lease: Lease, *, limit: int) -> list[Turn]:
    """Up to `limit` deliveries of the chunk to hand over now; what must not go out any more is settled here.

    Empty when nothing is left to do now, the installation is on hold, or the chunk is no longer ours. SMS are marked
    before the hand-over: nobody can send one twice and call it the same.
    """
    while True:
        chunk = (
            Chunk.objects.filter(pk=lease.chunk.pk, lease_token=lease.token, state=ChunkState.LEASED)
            .select_related("broadcast__ring_state__ring")
            .first()
        )
        if chunk is None or holding.is_held():
            return []
        whole = _reason_to_stop(chunk)
        if whole is not None:
            _settle_rest(chunk, whole)
            return []
        _hold_up(chunk)
        keeping_quiet.keep_quiet(chunk)
        turns = _next_turns(chunk, lease.audience, limit)
        barred = _barred(chunk, turns)
        if not turns or len(barred) < len(turns):
            break
        _mark(chunk, barred)
    _mark(chunk, barred)
    going = [turn for turn in turns if turn.address_id not in barred]
    if chunk.channel == Channel.SMS.value:
        _mark(chunk, {turn.address_id: DeliveryState.LEASED for turn in going})
    return going


def _reason_to_stop(chunk: Chunk) -> DeliveryState | None:
    if chunk.superseded_at:
        return DeliveryState.SUPERSEDED
    is_snapshot = chunk.channel == Channel.SMS.value and not Kind(chunk.broadcast.kind).is_ending
    if is_snapshot and _age(chunk) > SMS_LIVES:
        return DeliveryState.EXPIRED
    return None


def _age(chunk: Chunk) -> timedelta:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp() - %s)", [chunk.quiet_until or chunk.queued_at])
        (seconds,) = cursor.fetchone()
    return timedelta(seconds=float(seconds))


def _hold_up(chunk: Chunk) -> None:
    if chunk.channel != Channel.WEBHOOK.value:
        return
    broadcast = chunk.broadcast
    these = [broadcast.pk, chunk.lo, chunk.hi, chunk.pk]
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_UP, [broadcast.ring_state_id, broadcast.sequence, *these, broadcast.pk])


def _next_turns(chunk: Chunk, audience: Audience, limit: int) -> list[Turn]:
    state = chunk.broadcast.ring_state
    wanted, values = audience.wanted("s.page_id = r.page_id", [])
    told = [state.incident_id, state.pk]
    these = [chunk.broadcast_id, chunk.lo, chunk.hi, chunk.pk, limit]
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_TURNS.replace("{wanted}", wanted), [*values, *told, *these])
        return [
            Turn(
                address_id=address_id,
                rendition_id=rendition_id,
                address=value,
                normalised=normalised,
                provider_id=provider_id,
                is_stopped=stopped,
            )
            for address_id, rendition_id, value, normalised, provider_id, stopped in cursor.fetchall()
        ]


def _barred(chunk: Chunk, turns: list[Turn]) -> dict[int, DeliveryState]:
    """Who of these may not be written to any more, and what becomes of their delivery."""
    suppressed = suppressed_among([turn.normalised for turn in turns], channel=Channel(chunk.channel))
    barred = {turn.address_id: DeliveryState.SUPPRESSED for turn in turns if turn.normalised in suppressed}
    slept = keeping_quiet.slept_through(chunk)
    unwanted = (turn for turn in turns if turn.is_stopped or turn.address_id in slept)
    barred.update({turn.address_id: DeliveryState.CANCELLED for turn in unwanted})
    return barred


def _mark(chunk: Chunk, states: dict[int, DeliveryState]) -> None:
    if not states:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE notifications_delivery SET state = %s, settled_at = CASE WHEN %s THEN clock_timestamp() END"
            " WHERE broadcast_id = %s AND address_id = %s",
            [(state.value, state.is_final, chunk.broadcast_id, address_id) for address_id, state in states.items()],
        )


def _settle_rest(chunk: Chunk, state: DeliveryState) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_delivery SET state = %s, settled_at = clock_timestamp()"
            " WHERE broadcast_id = %s AND address_id BETWEEN %s AND %s AND chunk_id = %s AND state < 10",
            [state.value, chunk.broadcast_id, chunk.lo, chunk.hi, chunk.pk],
        )

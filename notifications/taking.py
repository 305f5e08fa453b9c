"""Taking a chunk: a lease on a range of addresses, for as long as the worker shows it is alive.

A Celery message says only "this lane has work". Which chunk is next is decided here: tenants take turns, and a newer
message to the same people never overtakes one that is being handed over.
"""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from notifications import holding
from notifications.addressing import FROM, Audience
from notifications.channels.base import IN_DOUBT
from notifications.models import Broadcast, Chunk, ChunkState, Delivery, DeliveryState, Rendition
from notifications.releasing import audience_of
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.plan import Channel
from statuspage.pages.languages import ENGLISH

log = logging.getLogger(__name__)

_Found = tuple[int | None, str, int, list[str] | None]
"""A rendition: its page, its language, its id, the page's languages."""

LEASE_SECONDS = 40
MOST_ATTEMPTS = 3

# In (lane, lane): who had the last turn longest ago comes first; within a tenant the oldest broadcast.
# A chunk waits while an earlier broadcast's chunk for the same people is being handed over, or has not been tried.
_NEXT = """
    WITH busy AS MATERIALIZED (
        SELECT e.channel, e.lo, e.hi, eb.ring_state_id, eb.sequence
        FROM notifications_chunk e JOIN notifications_broadcast eb ON eb.id = e.broadcast_id
        WHERE e.state IN ('waiting', 'leased') AND (e.state = 'leased' OR NOT e.is_expanded)
          AND EXISTS (SELECT 1 FROM notifications_broadcast newer
                      WHERE newer.ring_state_id = eb.ring_state_id AND newer.sequence > eb.sequence)
    ), ready AS (
        SELECT c.id, c.organization_id, c.broadcast_id, c.lo, b.ring_state_id, r.position FROM notifications_chunk c
        JOIN notifications_broadcast b ON b.id = c.broadcast_id
        JOIN notifications_ringstate s ON s.id = b.ring_state_id JOIN organizations_ring r ON r.id = s.ring_id
        WHERE c.lane = %(lane)s AND c.state IN ('waiting', 'leased') AND c.due_at <= clock_timestamp()
          AND (c.state = 'waiting' OR c.leased_until < clock_timestamp())
          AND NOT EXISTS (
            SELECT 1 FROM busy WHERE busy.ring_state_id = b.ring_state_id AND busy.sequence < b.sequence
              AND busy.channel = c.channel AND busy.lo <= c.hi AND busy.hi >= c.lo)
    ), turns AS (
        SELECT organization_id, (SELECT max(leased_until) FROM notifications_chunk t
                                 WHERE t.organization_id = tenants.organization_id AND t.lane = %(lane)s) AS last_turn
        FROM (SELECT DISTINCT organization_id FROM ready) tenants
    )
    SELECT ready.id, ready.ring_state_id FROM ready JOIN turns USING (organization_id)
    ORDER BY turns.last_turn NULLS FIRST, ready.position NULLS LAST, ready.broadcast_id, ready.lo LIMIT 8
"""


_WAITING_LANES = """
    SELECT lane, extract(epoch FROM clock_timestamp() - min(greatest(due_at, coalesce(leased_until, due_at))))
    FROM notifications_chunk WHERE state IN ('waiting', 'leased') AND due_at <= clock_timestamp()
      AND (state = 'waiting' OR leased_until < clock_timestamp()) GROUP BY lane
"""

_DOUBT = """
    UPDATE notifications_delivery
    SET state = 3, attempts = attempts + 1, reason = %s, due_at = clock_timestamp() + interval '90 seconds'
    WHERE broadcast_id = %s AND address_id BETWEEN %s AND %s AND chunk_id = %s AND state = 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A chunk that is ours until `until` (time.monotonic()), as long as `token` stands in its row."""

    chunk: Chunk
    audience: Audience
    token: uuid.UUID
    until: float


def take(lane: str) -> Lease | None:
    """The fairest ready chunk of the lane, leased to us with its deliveries written; None when there is none, or the
    installation is on hold."""
    if holding.is_held():
        return None
    with across_organizations():
        for chunk_id, ring_state_id in _candidates(lane):
            lease = _take(chunk_id, ring_state_id)
            if lease:
                return lease
    return None


def waiting_lanes() -> dict[str, float]:
    """Lanes with chunks to be taken now, and for how many seconds the oldest has been ready; none while on hold."""
    if holding.is_held():
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_WAITING_LANES)
        return {lane: float(seconds) for lane, seconds in cursor.fetchall()}


def _candidates(lane: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"lane": lane})
        return list(cursor.fetchall())


@transaction.atomic
def _take(chunk_id: int, ring_state_id: int) -> Lease | None:
    """Ring state first, then chunk: the order in which a release locks them. Shared: takes do not wait for takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM notifications_ringstate WHERE id = %s FOR SHARE", [ring_state_id])
        cursor.execute("SELECT clock_timestamp()")
        (wall,) = cursor.fetchone()
    free = Chunk.objects.select_for_update(skip_locked=True, of=("self",)).select_related("broadcast", "organization")
    chunk = free.filter(pk=chunk_id, state__in=[ChunkState.WAITING, ChunkState.LEASED]).first()
    if chunk is None or (chunk.leased_until and chunk.state == ChunkState.LEASED and chunk.leased_until >= wall):
        return None  # somebody took it between our look and our lock
    if chunk.state == ChunkState.WAITING and chunk.is_expanded and _is_covered(chunk):
        Chunk.objects.filter(pk=chunk.pk).update(superseded_at=wall)  # the look before the hand-over settles the rest
    if chunk.state == ChunkState.LEASED and chunk.attempts >= MOST_ATTEMPTS:
        _poison(chunk)
        return None
    return _lease(chunk)


def _is_covered(chunk: Chunk) -> bool:
    """R17: what waits to be tried again is covered by newer words to the same people. Asked under the ring state's
    lock: at release the chunk may still have been in somebody's hands."""
    if chunk.channel == Channel.WEBHOOK.value:
        return False  # a machine is told everything
    newer = Chunk.objects.filter(channel=chunk.channel, lo__lte=chunk.hi, hi__gte=chunk.lo)
    return newer.filter(
        broadcast__ring_state=chunk.broadcast.ring_state_id, broadcast__sequence__gt=chunk.broadcast.sequence
    ).exists()


def _lease(chunk: Chunk) -> Lease:
    token, until = uuid.uuid4(), time.monotonic() + LEASE_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_chunk SET state = 'leased', lease_token = %s, attempts = attempts + 1,"
            " is_expanded = true, leased_until = clock_timestamp() + %s * interval '1 second' WHERE id = %s",
            [str(token), LEASE_SECONDS, chunk.pk],
        )
    broadcast = Broadcast.objects.select_related("ring_state__incident", "ring_state__ring").get(pk=chunk.broadcast_id)
    audience = audience_of(broadcast)
    if not chunk.is_expanded:
        with scope(organization=chunk.organization):
            expand(chunk, audience, until=broadcast.reached_until)
    elif chunk.state == ChunkState.LEASED:
        _doubt_marked(chunk)
    return Lease(chunk=chunk, audience=audience, token=token, until=until)


def _doubt_marked(chunk: Chunk) -> None:
    """Whoever had the chunk died. What they had marked may have left: an SMS waits for the provider's word."""
    with connection.cursor() as cursor:
        cursor.execute(_DOUBT, [IN_DOUBT, chunk.broadcast_id, chunk.lo, chunk.hi, chunk.pk])


def expand(chunk: Chunk, audience: Audience, *, until: datetime) -> None:
    """Write the deliveries of a chunk, just before it is sent, so that sending starts at once."""
    where, values = audience.where(channel=Channel(chunk.channel), until=until)
    page, page_values = audience.page
    cases, rendition_values = _rendition_for(chunk)
    sql = f"""
        INSERT INTO notifications_delivery (broadcast_id, address_id, chunk_id, rendition_id, state, attempts)
        SELECT %s, id, %s, {cases}, 0, 0 FROM (
            SELECT a.id, p.language, {page} AS page_id {FROM} WHERE a.id BETWEEN %s AND %s AND {where}) addressed
        ON CONFLICT DO NOTHING
    """  # noqa: S608 - fixed text, values are parameters
    with connection.cursor() as cursor:
        cursor.execute(
            sql, [chunk.broadcast_id, chunk.pk, *rendition_values, *page_values, chunk.lo, chunk.hi, *values]
        )


def _rendition_for(chunk: Chunk) -> tuple[str, list[Any]]:
    """SQL that picks a person's rendition, with its parameters: of their page, in their language. Where there is none
    in theirs it is the page's own language, then English, then whatever there is."""
    rows = Rendition.objects.filter(broadcast_id=chunk.broadcast_id, channel=chunk.channel).order_by("pk")
    found = list(rows.values_list("page_id", "language", "pk", "page__languages"))
    cases, values = [], []
    for page_id, language, pk, _own in found:
        cases.append("WHEN page_id IS NOT DISTINCT FROM %s::bigint AND language = %s THEN %s")
        values += [page_id, language, pk]
    for page_id, renditions in groupby(sorted(found, key=_page), key=_page):
        _id, _language, pk, _own = min(renditions, key=_distance)
        cases.append("WHEN page_id IS NOT DISTINCT FROM %s::bigint THEN %s")
        values += [page_id or None, pk]
    return f"CASE {' '.join(cases)} END", values


def _page(row: _Found) -> int:
    return row[0] or 0


def _distance(row: _Found) -> int:
    """How far from what everybody on its page can be expected to read."""
    _page_id, language, _pk, own = row
    order = [*(own or [])[:1], ENGLISH]
    return order.index(language) if language in order else len(order)


def _close(chunk: Chunk, state: ChunkState) -> None:
    Chunk.objects.filter(pk=chunk.pk).update(state=state, lease_token=None)


def _poison(chunk: Chunk) -> None:
    """It was taken three times and nobody came back: something in it kills workers. Stop, loudly."""
    log.critical("Chunk %s was taken %s times and never came back. It is set aside.", chunk.pk, chunk.attempts)
    _close(chunk, ChunkState.POISONED)
    unsettled = Delivery.objects.filter(
        broadcast_id=chunk.broadcast_id, address_id__range=(chunk.lo, chunk.hi), chunk_id=chunk.pk
    )
    unsettled.filter(state__lt=DeliveryState.ACCEPTED).update(state=DeliveryState.POISONED)

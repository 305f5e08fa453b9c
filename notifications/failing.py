"""Who could not be reached lately, for the owner: on which channel, why, and what to do.

Found by way of chunks, which count their failures: deliveries have no index by state, since each message would pay for
it. A page costs one look into each of fifty chunks at most, however many millions were sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from incidents.models import Incident
from notifications.models import Broadcast, Chunk, ChunkState, Delivery, DeliveryState
from notifications.reasons import Meaning, meaning_of
from statuspage.organizations.plan import Channel
from subscribers.models import Address
from subscribers.suppressing import reasons_among

LATELY = timedelta(days=30)
A_PAGE_OF = 50
NOT_REACHED = (DeliveryState.FAILED, DeliveryState.POISONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One message that did not reach one address. `address` None: it is not kept any more."""

    address: Address | None
    channel: Channel
    incident: Incident
    ring: str
    at: datetime
    raw: str
    meaning: Meaning
    is_suppressed: bool

    @property
    def shown(self) -> str:
        return self.address.shown if self.address else "An address that is not kept any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The newest first, and where the next page begins; empty at the end."""

    failures: list[Failure]
    after: str


def page_of(channel: Channel | None, after: str, *, now: datetime) -> Page:
    """Of the organization in scope."""
    found = list(_not_reached(_chunks(now, channel), after))
    shown = found[:A_PAGE_OF]
    mark = f"{shown[-1].chunk_id}-{shown[-1].address_id}" if len(found) > A_PAGE_OF else ""
    return Page(failures=_told(shown), after=mark)


def channels(now: datetime) -> list[Channel]:
    """On which somebody was not reached."""
    named = set(_chunks(now, None).order_by().values_list("channel", flat=True).distinct())
    return [channel for channel in Channel if channel.value in named]


def _chunks(now: datetime, channel: Channel | None) -> QuerySet[Chunk]:
    rows = Chunk.objects.filter(Q(failed__gt=0) | Q(state=ChunkState.POISONED), queued_at__gt=now - LATELY)
    return (rows.filter(channel=channel.value) if channel else rows).order_by("-queued_at", "-id")


def _not_reached(chunks: QuerySet[Chunk], after: str) -> Iterator[Delivery]:
    """One more than a page."""
    left, (from_chunk, from_address) = A_PAGE_OF + 1, _place(after)
    for chunk in _from(chunks, from_chunk)[:left]:
        lo = max(chunk.lo, from_address + 1) if chunk.pk == from_chunk else chunk.lo
        rows = Delivery.objects.filter(
            broadcast_id=chunk.broadcast_id, address_id__range=(lo, chunk.hi), chunk_id=chunk.pk, state__in=NOT_REACHED
        )
        for row in rows.order_by("address_id")[:left]:
            yield row
            left -= 1
        if not left:
            return


def _from(chunks: QuerySet[Chunk], first: int) -> QuerySet[Chunk]:
    """Those from this one on; all of them when it is none of theirs."""
    at = chunks.filter(pk=first).values_list("queued_at", flat=True).first()
    return chunks.filter(Q(queued_at__lt=at) | Q(queued_at=at, pk__lte=first), queued_at__lte=at) if at else chunks


def _place(after: str) -> tuple[int, int]:
    chunk, _, address = after.partition("-")
    return (int(chunk), int(address)) if chunk.isdecimal() and address.isdecimal() else (0, 0)


def _told(rows: list[Delivery]) -> list[Failure]:
    broadcasts = Broadcast.objects.select_related("ring_state__incident", "ring_state__ring").in_bulk(
        [row.broadcast_id for row in rows]
    )
    addresses = Address.objects.select_related("person").in_bulk([row.address_id for row in rows])
    chunks = Chunk.objects.in_bulk([row.chunk_id for row in rows])
    suppressed = reasons_among(addresses.values())
    return [
        _failure(row, broadcasts[row.broadcast_id], chunks[row.chunk_id], addresses.get(row.address_id), suppressed)
        for row in rows
    ]


def _failure(
    row: Delivery, broadcast: Broadcast, chunk: Chunk, address: Address | None, suppressed: dict[int, str]
) -> Failure:
    channel, raw = Channel(chunk.channel), row.reason or ""
    is_set_aside = row.state == DeliveryState.POISONED
    return Failure(
        address=address,
        channel=channel,
        incident=broadcast.ring_state.incident,
        ring=broadcast.ring_state.ring.name,
        at=row.settled_at or broadcast.released_at,
        raw=raw,
        meaning=meaning_of(raw, is_endpoint=channel.is_endpoint, is_set_aside=is_set_aside),
        is_suppressed=row.address_id in suppressed,
    )

"""Release: the instant a broadcast is frozen (words, hash, who is addressed), in the same transaction as the ring."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db import connection
from django.db.models import QuerySet

from incidents.models import Incident
from incidents.words import Impact
from notifications import rendering, rings
from notifications.addressing import FROM, Audience, channels_with_somebody
from notifications.channels.base import Words
from notifications.events import Scene
from notifications.models import Broadcast, Chunk, ChunkState, Rendition, RingState
from notifications.placeholders import kind_of
from notifications.reading import Telling, what_may_be_read
from notifications.wording import Book, book_of
from statuspage.kit import logs, queues
from statuspage.organizations import senders
from statuspage.organizations.plan import Channel, Mode, PlanRing
from statuspage.pages.languages import ENGLISH, LANGUAGES
from statuspage.pages.models import Page

log = logging.getLogger(__name__)

_NOT_YET_ADDRESSED = """
    NOT EXISTS (SELECT 1 FROM notifications_delivery d WHERE d.broadcast_id = %s AND d.address_id = a.id)
    AND NOT EXISTS (SELECT 1 FROM notifications_chunk c WHERE c.broadcast_id = %s AND c.channel = %s
                    AND NOT c.is_expanded AND a.id BETWEEN c.lo AND c.hi)
"""
CHUNK_SIZE = {queues.BULK: 500, queues.INNER: 50, queues.SMS: 50, queues.WEBHOOK: 50}
ENDPOINTS = tuple(channel for channel in Channel if channel.is_endpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What all rings of one pass have in common."""

    incident: Incident
    telling: Telling
    pages: tuple[Page, ...]
    hearing: frozenset[int]
    silenced: frozenset[int]
    now: datetime
    book: Book

    @classmethod
    def of(cls, incident: Incident, states: list[RingState], *, now: datetime) -> "Situation":
        silent = {rings.State.IDLE.value, rings.State.CLOSED_SILENT.value}
        return cls(
            incident=incident,
            telling=Telling.of(incident),
            pages=tuple(incident.pages().prefetch_related("hosts").order_by("id")) if incident.public_at else (),
            hearing=frozenset(state.ring_id for state in states if state.state not in silent),
            silenced=frozenset(state.ring_id for state in states if state.state == rings.State.CLOSED_SILENT.value),
            now=now,
            book=book_of(incident.organization),
        )

    def audience(self, state: RingState) -> Audience:
        """Whoever was left to an inner ring that then heard nothing is not told the end by this one either."""
        before = state.broadcasts.order_by("-sequence").values_list("hearing", flat=True).first() or []
        hearing = self.hearing | (self.silenced & set(before))
        return Audience(
            organization_id=self.incident.organization_id,
            ring_id=state.ring_id,
            is_open=self.plan_ring(state).is_open,
            page_ids=tuple(page.pk for page in self.pages),
            service_ids=tuple(self.incident.affected.values_list("service_id", flat=True)),
            hearing=tuple(sorted(hearing - {state.ring_id})),
            incident=self.incident.public_id,
            is_maintenance=self.incident.is_maintenance,
            impact=Impact(self.incident.impact).rank,
        )

    def plan_ring(self, state: RingState) -> PlanRing:
        return self.incident.frozen_plan.ring(state.ring.key)


def release(situation: Situation, state: RingState, released: rings.Release) -> Broadcast:
    """Freeze one broadcast and put its chunks where workers find them. The incident and ring state are locked."""
    audience = replace(situation.audience(state), channels=tuple(sorted(released.channels)))
    covered = _unfinished(state).values_list("broadcast__from_number", flat=True)
    broadcast = Broadcast.objects.create(
        organization_id=situation.incident.organization_id,
        ring_state=state,
        sequence=state.broadcasts.count() + 1,
        kind=released.kind.value,
        from_number=min([released.from_number, *covered]),
        to_number=released.to_number,
        hearing=list(audience.hearing),
        service_ids=list(audience.service_ids),
        page_ids=list(audience.page_ids),
        impact=audience.impact,
        channels=[channel.value for channel in released.channels],
        released_at=situation.now,
        reached_until=situation.now,
    )
    others = others_with_somebody(situation, audience, released.kind, after=released.from_number)
    channels = sorted({*released.channels, *others})
    _write_words(situation, state, broadcast, channels)
    for channel in channels:
        _supersede_older(situation, state, broadcast, channel)
        write_chunks(broadcast, audience, channel=channel, until=situation.now)
    facts = {"incident": state.incident_id, "ring": state.ring.key, "kind": broadcast.kind, "to": broadcast.to_number}
    logs.event(log, "released", broadcast=broadcast.pk, **facts)
    return broadcast


def audience_of(broadcast: Broadcast) -> Audience:
    """The audience as it was frozen, for whoever confirms later and for expanding chunks."""
    state = broadcast.ring_state
    return Audience(
        organization_id=broadcast.organization_id,
        ring_id=state.ring_id,
        is_open=state.incident.frozen_plan.ring(state.ring.key).is_open,
        page_ids=tuple(broadcast.page_ids),
        service_ids=tuple(broadcast.service_ids),
        hearing=tuple(broadcast.hearing),
        incident=state.incident.public_id,
        is_maintenance=state.incident.is_maintenance,
        impact=broadcast.impact,
        channels=None if broadcast.channels is None else tuple(Channel(name) for name in broadcast.channels),
    )


def others_with_somebody(situation: Situation, audience: Audience, kind: rings.Kind, *, after: int) -> list[Channel]:
    """Channels the plan did not choose: those of endpoints, and for a milestone whatever people are left to (R16)."""
    is_milestone = (
        kind is not rings.Kind.UPDATE or situation.incident.updates.filter(number__gt=after, is_important=True).exists()
    )
    left = Channel.for_people() if is_milestone else ()
    others = [channel for channel in (*ENDPOINTS, *left) if channel not in (audience.channels or ())]
    return channels_with_somebody(audience, others, until=situation.now)


def lane_for(audience: Audience, channel: Channel) -> str:
    """Inner rings never wait behind a large fan-out, and nobody behind an endpoint, whatever the ring."""
    if channel.is_endpoint:
        return queues.WEBHOOK
    if not audience.is_open:
        return queues.INNER
    return queues.SMS if channel is Channel.SMS else queues.BULK


def write_chunks(
    broadcast: Broadcast, audience: Audience, *, channel: Channel, until: datetime, after: datetime | None = None
) -> int:
    """Ranges of the addresses confirmed in (after, until]; returns how many. Milliseconds for a hundred thousand."""
    lane = lane_for(audience, channel)
    where, values = audience.where(channel=channel, until=until, after=after)
    size = CHUNK_SIZE[lane]
    if after:  # latecomers stand between ranges that exist: a range for each, unless such a range will still find them
        size, where, values = (
            1,
            f"{where} AND {_NOT_YET_ADDRESSED}",
            [*values, broadcast.pk, broadcast.pk, channel.value],
        )
    sql = f"""
        INSERT INTO notifications_chunk
            (organization_id, broadcast_id, channel, lane, lo, hi, size,
             state, is_expanded, queued_at, due_at, attempts, accepted, failed)
        SELECT %s, %s, %s, %s, min(id), max(id), count(*), %s, false, clock_timestamp(), clock_timestamp(), 0, 0, 0
        FROM (SELECT a.id, (row_number() OVER (ORDER BY a.id) - 1) / %s AS k {FROM} WHERE {where}) numbered
        GROUP BY k ON CONFLICT DO NOTHING
    """  # noqa: S608 - fixed text, values are parameters
    with connection.cursor() as cursor:
        cursor.execute(
            sql, [audience.organization_id, broadcast.pk, channel.value, lane, ChunkState.WAITING.value, size, *values]
        )
        return int(cursor.rowcount)


def _unfinished(state: RingState) -> QuerySet[Chunk]:
    """Older chunks that the next broadcast may cover: their words must stand in it, for those they never reached."""
    chunks = Chunk.objects.filter(broadcast__ring_state=state, state__in=[ChunkState.WAITING, ChunkState.LEASED])
    return chunks.filter(superseded_at=None).exclude(channel=Channel.WEBHOOK.value)


def _write_words(situation: Situation, state: RingState, broadcast: Broadcast, channels: list[Channel]) -> None:
    mailbox = senders.mailbox()
    rows = [
        Rendition(
            organization_id=broadcast.organization_id,
            broadcast=broadcast,
            channel=channel.value,
            language=scene.reading.language,
            page=scene.page,
            words=rendering.to_json(_words(scene, channel, situation.book, mailbox)),
        )
        for scene in _scenes(situation, state, broadcast)
        for channel in channels
        if channel is not Channel.WEBHOOK or scene.reading.language == ENGLISH  # machines speak one language
    ]
    Rendition.objects.bulk_create(rows)
    broadcast.content_hash = rendering.content_hash([row.words for row in rows])
    broadcast.save(update_fields=["content_hash"])


def _scenes(situation: Situation, state: RingState, broadcast: Broadcast) -> list[Scene]:
    """From every page, in every language there is: to render one costs less than to ask who reads it, and whoever
    signs up or changes their language later finds theirs."""
    ring, after = situation.plan_ring(state), broadcast.from_number
    pages: tuple[Page | None, ...] = situation.pages if ring.is_open else (None,)
    read = partial(what_may_be_read, situation.telling, ring=ring, kind=rings.Kind(broadcast.kind), after=after)
    return [
        Scene(
            telling=situation.telling,
            reading=read(page=page, language=language),
            ring=ring,
            page=page,
            after=after,
            now=situation.now,
        )
        for page in pages
        for language, _name in LANGUAGES
    ]


def _words(scene: Scene, channel: Channel, book: Book, mailbox: str) -> Words:
    if channel is Channel.WEBHOOK:
        return rendering.webhook_words(scene)
    own = book.find(kind_of(scene.reading), ring=scene.ring.key, channel=channel, language=scene.reading.language)
    leave = rendering.way_out(scene.page)
    return rendering.render(scene.reading, channel=channel, unsubscribe=leave, own=own, mailbox=mailbox)


def _supersede_older(situation: Situation, state: RingState, broadcast: Broadcast, channel: Channel) -> None:
    """R3: what has not left is covered by the newer words, on the same channel only.

    Rings that get every update keep their order and lose nothing, but nobody waits behind a failure (R17): what is
    only waiting to be tried again is covered there too. A chunk being sent right now notices at its next look.
    A machine is told everything, in order.
    """
    if channel is Channel.WEBHOOK:
        return
    older = Chunk.objects.filter(
        broadcast__ring_state=state, broadcast__sequence__lt=broadcast.sequence, channel=channel.value
    )
    older = older.filter(state__in=[ChunkState.WAITING, ChunkState.LEASED], superseded_at=None)
    cell = situation.incident.frozen_plan.cell(severity=state.severity_key, ring=state.ring.key)
    if cell.mode is Mode.EVERY:
        return
    # Nobody can be at these: a take waits for the ring state, which we hold. Closed here, they are in nobody's way.
    older.filter(state=ChunkState.WAITING, is_expanded=False).update(
        state=ChunkState.SUPERSEDED, superseded_at=situation.now
    )
    older.update(superseded_at=situation.now)

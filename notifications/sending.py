"""Sending: look again, hand over, write down. No lock and no transaction is held while a provider is spoken to.

A window is what may be handed over before its outcomes are written: 50 for a large fan-out, one for inner rings and
SMS. A worker that dies loses at most its window's outcomes, and those go out again with the same Message-ID.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from notifications import rendering, settling, taking
from notifications.channels import registry
from notifications.channels.base import Outcome, Recipient, Transport, Verdict, Words
from notifications.looking import Turn, look_again
from notifications.models import Rendition
from notifications.taking import Lease
from notifications.turning_away import turn_away
from statuspage.kit import clock, gsm7, logs, queues
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from subscribers import endpoints, spending
from subscribers.unsubscribing import token_for

log = logging.getLogger(__name__)

# Nothing is begun this close to the end of a lease: a slow relay may take 20 seconds to answer for one message, and its
# outcome must be written while the chunk is still ours.
MARGIN_SECONDS = 25


# A worker that is asked to stop first finishes this, and a chunk. Whatever is left then is asked for again at once.
DRAIN_SECONDS = 10.0


def drain(lane: str, *, seconds: float = DRAIN_SECONDS) -> int:
    """Send chunk after chunk of a lane until none is ready or the time is up; returns how many were worked on."""
    end = time.monotonic() + seconds
    chunks = 0
    while time.monotonic() < end:
        lease = taking.take(lane)
        if lease is None:
            break
        send(lease)
        chunks += 1
    return chunks


def send(lease: Lease) -> None:
    """Work through a leased chunk until nothing of it is left to do now, or it is no longer ours."""
    chunk = lease.chunk
    with scope(organization=chunk.organization), logs.bound(broadcast=chunk.broadcast_id, chunk=chunk.pk):
        transport = registry.transport_for(Channel(lease.chunk.channel))
        window = 1 if lease.chunk.lane == queues.INNER else transport.window
        words: dict[int, Words] = {}
        accepted = 0
        while turns := look_again(lease, limit=window):
            _load(words, turns)
            outcomes = list(_hand_over(transport, words, turns, lease))
            renewed = settling.settle(lease, outcomes)
            if renewed is None:
                return  # the lease ran out and somebody else has the chunk: they go on
            lease = renewed
            turn_away(chunk.organization, turns, outcomes, channel=Channel(chunk.channel))
            accepted += sum(outcome.verdict is Verdict.ACCEPTED for outcome in outcomes)
        settling.finish(lease)
        logs.event(log, "handed over", channel=chunk.channel, accepted=accepted)


def _load(words: dict[int, Words], turns: Sequence[Turn]) -> None:
    missing = {turn.rendition_id for turn in turns} - words.keys()
    for rendition in Rendition.objects.filter(pk__in=missing):
        words[rendition.pk] = rendering.from_json(rendition.words)


def _hand_over(transport: Transport, words: dict[int, Words], turns: Sequence[Turn], lease: Lease) -> Iterator[Outcome]:
    until = lease.until - MARGIN_SECONDS
    secrets = _secrets(turns, lease)
    for rendition_id, group in groupby(sorted(turns, key=attrgetter("rendition_id")), key=attrgetter("rendition_id")):
        recipients = [
            Recipient(
                key=f"{lease.chunk.broadcast_id}.{turn.address_id}",
                address=turn.address,
                token=token_for(address_id=turn.address_id, organization_id=lease.chunk.organization_id),
                secrets=secrets.get(turn.address_id, ()),
                provider_id=turn.provider_id,
            )
            for turn in group
        ]
        allowed, refused = _within_budget(lease, words[rendition_id], recipients)
        yield from refused
        yield from transport.send(words[rendition_id], allowed, until=until)


def _within_budget(lease: Lease, words: Words, recipients: list[Recipient]) -> tuple[list[Recipient], list[Outcome]]:
    """SMS to those who signed up cost what the organization allows for a day, and no more. Inner rings always hear."""
    if lease.chunk.lane != queues.SMS:
        return recipients, []
    price = gsm7.segments(words.text)
    allowed, refused = [], []
    for recipient in recipients:
        if spending.spend(lease.chunk.organization, price):
            allowed.append(recipient)
        else:
            refused.append(Outcome(key=recipient.key, verdict=Verdict.NEVER, reason=spending.USED_UP))
    return allowed, refused


def _secrets(turns: Sequence[Turn], lease: Lease) -> dict[int, tuple[str, ...]]:
    if not Channel(lease.chunk.channel).is_endpoint:
        return {}
    return endpoints.secrets_of([turn.address_id for turn in turns], now=clock.now())

"""The story of receipts: what a provider says of a message after it had accepted it.

A letter came back, or its reader called it spam: nothing more is written to them. An SMS did not arrive: owners see it.

A mailbox that does not exist is dead for every organization; who complains or leaves does so to the one whose letter it
was, which its Message-ID tells where the provider repeats it, and else to all that write to them. It holds within the
request, and what is not handed over yet is not handed over.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from notifications.channels.sms import FATES
from notifications.mail_providers import as_told, may_come_right
from notifications.models import Chunk, ChunkState, Delivery, DeliveryState, Receipt
from statuspage.kit import clock
from statuspage.kit.fingerprints import fingerprint
from statuspage.kit.masking import masked
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.plan import Channel
from subscribers.models import Address
from subscribers.suppressing import BOUNCED, COMPLAINED, UNSUBSCRIBED, suppress, who_writes_to

TOO_OLD = timedelta(days=7)
"""Providers repeat themselves for three days at most. What is older is a recording: somebody may be back since."""
_FORGOTTEN_AFTER = timedelta(days=30)
CAME_BACK = "the letter came back"
_OUR_KEY = re.compile(r"(?<![\w.])(\d{1,18})\.(\d{1,18})@")  # of a Message-ID: broadcast and address
_UNDER_WAY = {"accepted", "queued", "sending", "sent", "delivered", "read"}
_NOT_ARRIVED = {"undelivered", "failed"}
_BELIEVED_SENT = (DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS)
_FAILED = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
_DEAD = {RejectReason.BOUNCED, RejectReason.INVALID}


def take(provider: str, event: AnymailTrackingEvent) -> bool:
    """Heed what is told. False: it was heeded before, is too old, or says nothing we act upon."""
    reason, now = reason_of(event), clock.now()
    if not reason or not isinstance(event.recipient, str) or _is_too_old(event.timestamp, now):
        return False
    with transaction.atomic():
        Receipt.objects.filter(heard_at__lt=now - _FORGOTTEN_AFTER).delete()
        _row, is_new = Receipt.objects.get_or_create(provider=provider, event_id=_id_of(event))
        if is_new:
            _act(event, reason)
    return is_new


@transaction.atomic
def take_fate(broadcast_id: int, address_id: int, *, status: str, code: str) -> None:
    """What became of an SMS. Of unknown fate, it is known to have arrived at the provider, and is not sent again."""
    if status in _NOT_ARRIVED:
        _mark(broadcast_id, address_id, f"{FATES.get(code, 'the phone did not get it')} ({code or status})")
    elif status in _UNDER_WAY:
        doubted = Delivery.objects.filter(
            broadcast_id=broadcast_id, address_id=address_id, state=DeliveryState.AMBIGUOUS
        )
        doubted.update(state=DeliveryState.ACCEPTED, due_at=None, reason=None, settled_at=Now())


def reason_of(event: AnymailTrackingEvent) -> str:
    """Why they must not be written to any more. Empty for everything that may still come right."""
    kind, why = event.event_type, event.reject_reason
    if kind == EventType.COMPLAINED or (kind == EventType.REJECTED and why == RejectReason.SPAM):
        return COMPLAINED
    if kind == EventType.UNSUBSCRIBED or (kind == EventType.REJECTED and why == RejectReason.UNSUBSCRIBED):
        return UNSUBSCRIBED
    return BOUNCED if kind in _FAILED and why in _DEAD and not may_come_right(event) else ""


def _act(event: AnymailTrackingEvent, reason: str) -> None:
    normalised, said = event.recipient.strip().lower(), masked(str(event.mta_response or event.description or ""))
    meant = _letter_meant(event, normalised)
    if meant and reason == BOUNCED:
        _mark(meant[0], meant[1].pk, f"{CAME_BACK}: {said}")
    only = meant[1].organization if meant and reason != BOUNCED else None
    with across_organizations():
        organizations = [only] if only else list(who_writes_to(Channel.EMAIL, normalised))
    for organization in organizations:
        with scope(organization=organization):
            suppress(organization, channel=Channel.EMAIL, normalised=normalised, reason=reason, said=said)


def _letter_meant(event: AnymailTrackingEvent, normalised: str) -> tuple[int, Address] | None:
    """The broadcast and the address, when the provider repeats our Message-ID."""
    for broadcast_id, address_id in _keys_in(event):
        with across_organizations():
            rows = Address.objects.filter(pk=address_id, channel=Channel.EMAIL.value, normalised=normalised)
            address = rows.select_related("organization").first()
        if address:
            return broadcast_id, address
    return None


def _keys_in(event: AnymailTrackingEvent) -> Iterator[tuple[int, int]]:
    return ((int(broadcast), int(address)) for broadcast, address in _OUR_KEY.findall(as_told(event)))


def _mark(broadcast_id: int, address_id: int, reason: str) -> None:
    """It was accepted, and did not arrive: the owner finds it among those who were not reached."""
    rows = Delivery.objects.filter(broadcast_id=broadcast_id, address_id=address_id, state__in=_BELIEVED_SENT)
    row = rows.select_for_update().first()
    if row is None:
        return
    rows.update(state=DeliveryState.FAILED, due_at=None, reason=reason[:120], settled_at=Now())
    with across_organizations():  # one that is not done counts when it is
        Chunk.objects.filter(pk=row.chunk_id, state=ChunkState.DONE).update(failed=F("failed") + 1)


def _id_of(event: AnymailTrackingEvent) -> str:
    """What makes this event this one. Not the provider's id: some have none, and some another one for each try."""
    parts = (event.event_type, event.recipient, event.message_id, event.timestamp)
    return fingerprint("receipt", "\n".join(map(str, parts))).hex()


def _is_too_old(at: datetime | None, now: datetime) -> bool:
    return at is not None and (at if at.tzinfo else at.replace(tzinfo=UTC)) < now - TOO_OLD

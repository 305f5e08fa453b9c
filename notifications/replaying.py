"""What was sent to an endpoint lately, and sending one of it again because somebody asks for it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import DateTimeField, Func, QuerySet

from notifications.models import Broadcast, Chunk, ChunkState, Delivery, DeliveryState
from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import User
from statuspage.organizations.plan import Channel
from subscribers.models import Endpoint

SHOWN = 30
_WALL = Func(function="clock_timestamp", output_field=DateTimeField())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One delivery, as a person reads of it."""

    broadcast: Broadcast
    delivery: Delivery
    is_replayable: bool

    @property
    def state(self) -> DeliveryState:
        return DeliveryState(self.delivery.state)

    @property
    def words(self) -> str:
        """What became of it."""
        said = {DeliveryState.ACCEPTED: "taken", DeliveryState.RETRY_WAIT: "tried again soon"}
        return said.get(self.state, self.state.label.lower())

    @property
    def at(self) -> datetime:
        return self.delivery.settled_at or self.broadcast.released_at


def lately(endpoint: Endpoint) -> list[Sent]:
    """The newest first. By way of the chunks its address is in: deliveries have no index of addresses."""
    ids = _chunks(endpoint).order_by("-id").values_list("broadcast_id", flat=True)[:SHOWN]
    broadcasts = Broadcast.objects.select_related("ring_state__incident").in_bulk(list(ids))
    rows = Delivery.objects.filter(broadcast_id__in=broadcasts, address_id=endpoint.address_id)
    found = [
        Sent(broadcast=broadcasts[row.broadcast_id], delivery=row, is_replayable=_is_replayable(endpoint, row))
        for row in rows
    ]
    return sorted(found, key=lambda sent: sent.broadcast.pk, reverse=True)


@transaction.atomic
def replay(endpoint: Endpoint, broadcast_id: int, *, by: User) -> bool:
    """Send it again under the same id, with patience anew; False when that is not to be (see `_is_replayable`)."""
    chunk = _chunks(endpoint).filter(broadcast_id=broadcast_id).select_for_update().first()
    rows = Delivery.objects.filter(broadcast_id=broadcast_id, address_id=endpoint.address_id)
    row = rows.first()
    if chunk is None or row is None or not _is_replayable(endpoint, row):
        return False
    rows.update(state=DeliveryState.QUEUED, due_at=None, settled_at=None, provider_id=None, reason=None)
    if chunk.state != ChunkState.LEASED:  # whoever has it finds the delivery at its next look
        _chunks(endpoint).filter(pk=chunk.pk).update(
            state=ChunkState.WAITING, due_at=_WALL, queued_at=_WALL, attempts=0, superseded_at=None, finished_at=None
        )
    audit.record(endpoint.organization, by=by, verb="replayed", target=f"delivery {broadcast_id} to {endpoint}")
    clock.wake()
    return True


def _chunks(endpoint: Endpoint) -> QuerySet[Chunk]:
    address = endpoint.address
    return Chunk.objects.filter(channel=address.channel, lo__lte=address.pk, hi__gte=address.pk)


def _is_replayable(endpoint: Endpoint, row: Delivery) -> bool:
    """A machine may be told anything again. A room has moved on: old words would only confuse it."""
    is_over = DeliveryState(row.state).is_final and endpoint.switched_off_at is None
    return is_over and endpoint.address.channel == Channel.WEBHOOK.value

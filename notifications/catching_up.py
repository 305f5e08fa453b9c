"""R15: whoever confirms while a ring is being told gets its newest broadcast as it stands, once."""

from datetime import datetime, timedelta

from django.db import transaction

from notifications import releasing, rings
from notifications.models import Broadcast, RingState
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.plan import Channel
from subscribers.models import Address

# A confirmation becomes visible a little after the instant it carries: when its transaction commits. Looked at again
# for so long, nobody is forgotten who confirmed just before a release.
LOOK_BACK = timedelta(minutes=1)


def catch_up(now: datetime) -> int:
    """Look for addresses confirmed since the newest broadcast of each active ring; returns how many chunks it wrote."""
    with across_organizations():
        newest = (
            Broadcast.objects.filter(ring_state__state=rings.State.ACTIVE.value)
            .order_by("ring_state_id", "-sequence")
            .distinct("ring_state_id")
        )
        behind = [
            row.pk
            for row in newest
            if Address.objects.filter(
                organization_id=row.organization_id,
                confirmed_at__gt=row.reached_until - LOOK_BACK,
                confirmed_at__lte=now,
            ).exists()
        ]
        return sum(_catch_up(broadcast_id, now) for broadcast_id in behind)


@transaction.atomic
def _catch_up(broadcast_id: int, now: datetime) -> int:
    """Under the ring state's lock, so that no release comes between."""
    state_id = Broadcast.objects.values_list("ring_state_id", flat=True).get(pk=broadcast_id)
    RingState.objects.select_for_update(no_key=True).get(pk=state_id)
    broadcast = Broadcast.objects.select_related("organization", "ring_state__ring", "ring_state__incident").get(
        pk=broadcast_id
    )
    if broadcast.ring_state.broadcasts.filter(sequence__gt=broadcast.sequence).exists():
        return 0  # released since we looked: that one was for them too
    with scope(organization=broadcast.organization):
        audience = releasing.audience_of(broadcast)
        after = broadcast.reached_until - LOOK_BACK
        channels = sorted({Channel(name) for name in broadcast.renditions.values_list("channel", flat=True)})
        written = sum(
            releasing.write_chunks(broadcast, audience, channel=channel, until=now, after=after) for channel in channels
        )
        Broadcast.objects.filter(pk=broadcast_id).update(reached_until=now)
    return written

"""Everything held about one person, for them to read (GDPR, article 15), and its erasure (article 17).

It stands here because what was sent to them is a part of it. What stays after an erasure tells nobody who it was: that
so many were told of an incident, and the keyed hash of an address that must not be written to.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from notifications.models import Broadcast, Delivery, DeliveryState
from statuspage.organizations import audit
from statuspage.organizations.models import User
from statuspage.organizations.plan import Channel
from subscribers.importing.models import ImportFile, ImportLine
from subscribers.models import Address, FromImpact, Person, Subscription, Suppression
from subscribers.suppressing import fingerprint_of


def take_out(person: Person, *, by: User) -> dict[str, Any]:
    """As JSON. That it was taken out is in the audit log."""
    audit.record(person.organization, by=by, verb="exported", target=f"person {person.public_id}")
    return {
        "id": person.public_id,
        "name": person.name,
        "ring": person.ring.name if person.ring else None,
        "logs_in_as": person.member.user.email if person.member else None,
        "language": person.language,
        "zone": person.zone,
        "preferred_channel": person.preferred_channel or None,
        "no_sms_from": person.quiet_from.isoformat("minutes") if person.quiet_from else None,
        "no_sms_until": person.quiet_until.isoformat("minutes") if person.quiet_until else None,
        "created_at": _told(person.created_at),
        "addresses": [_address(address) for address in person.addresses.order_by("pk")],
        "messages": _messages(person),
    }


@transaction.atomic
def erase(person: Person, *, by: User) -> None:
    """At once. Rows of files that were rejected and name them go, too."""
    addresses = list(person.addresses.all())
    _deliveries(person).update(reason=None, provider_id=None)
    files = list(ImportFile.objects.values_list("pk", flat=True))
    for address in addresses:
        named = Q(normalised=address.normalised) | Q(cell__iexact=address.value[:100])
        ImportLine.objects.filter(named, file_id__in=files).delete()
    audit.record(person.organization, by=by, verb="erased", target=f"person {person.public_id}")
    person.delete()


def _address(address: Address) -> dict[str, Any]:
    print_ = fingerprint_of(Channel(address.channel), address.normalised)
    suppression = Suppression.objects.filter(channel=address.channel, fingerprint=print_).first()
    return {
        "channel": address.channel,
        "value": address.value,
        "created_at": _told(address.created_at),
        "confirmed_at": _told(address.confirmed_at),
        "stopped_at": _told(address.stopped_at),
        "is_not_written_to_because": suppression.reason if suppression else None,
        "follows": [_subscription(row) for row in address.subscriptions.select_related("page").order_by("pk")],
        "muted_incidents": list(address.muted.order_by("pk").values_list("incident", flat=True)),
    }


def _subscription(row: Subscription) -> dict[str, Any]:
    services = sorted(row.services.values_list("name", flat=True))
    return {
        "page": row.page.name,
        "only_incident": row.only_incident or None,
        "services": "all" if row.is_for_everything else services,
        "incidents": row.is_for_incidents,
        "maintenance": row.is_for_maintenance,
        "from_impact": FromImpact(row.from_impact).name.lower(),
        "since": _told(row.created_at),
    }


def _deliveries(person: Person) -> Any:
    """Found by the key of each broadcast: there is no index by address, because a million rows would pay for it."""
    broadcasts = Broadcast.objects.values("pk")
    ids = list(person.addresses.values_list("pk", flat=True))
    return Delivery.objects.filter(broadcast_id__in=broadcasts, address_id__in=ids)


def _messages(person: Person) -> list[dict[str, Any]]:
    rows = list(_deliveries(person).order_by("broadcast_id"))
    broadcasts = Broadcast.objects.select_related("ring_state__incident").in_bulk([row.broadcast_id for row in rows])
    channels = dict(person.addresses.values_list("pk", "channel"))
    return [
        {
            "incident": broadcasts[row.broadcast_id].ring_state.incident.public_id,
            "kind": broadcasts[row.broadcast_id].kind,
            "channel": channels[row.address_id],
            "released_at": _told(broadcasts[row.broadcast_id].released_at),
            "state": DeliveryState(row.state).name.lower(),
            "settled_at": _told(row.settled_at),
            "reason": row.reason,
        }
        for row in rows
    ]


def _told(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None

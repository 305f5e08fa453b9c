"""Leaving: the link in every message to an open ring. GET shows a button, POST stops (RFC 8058's one click)."""

from django.db import transaction

from statuspage.kit import clock, links
from statuspage.organizations.plan import Channel
from subscribers.models import Address
from subscribers.suppressing import UNSUBSCRIBED, suppress

PURPOSE = "unsubscribe"


def token_for(*, address_id: int, organization_id: int) -> str:
    return links.sign(PURPOSE, address_id, organization_id)


def token_of(address: Address) -> str:
    return token_for(address_id=address.pk, organization_id=address.organization_id)


def find(token: str) -> Address | None:
    """The address a token is for, in the organization in scope."""
    ids = links.read(PURPOSE, token)
    if ids is None:
        return None
    rows = Address.objects.select_related("organization", "person")
    return rows.filter(pk=ids[0], organization_id=ids[1]).first()


@transaction.atomic
def stop(address: Address) -> None:
    """Nothing more is handed over to a subscriber, from the next look on. Idempotent.

    Whoever was put into a ring goes on hearing what that ring hears: the link stands only in what subscribers get.
    A subscriber's address is suppressed too, so that removing and adding the person does not undo what they asked for.
    """
    address.subscriptions.all().delete()
    if address.person.ring_id is None:
        Address.objects.filter(pk=address.pk, stopped_at=None).update(stopped_at=clock.now())
        channel = Channel(address.channel)
        suppress(address.organization, channel=channel, normalised=address.normalised, reason=UNSUBSCRIBED)

"""Leaving: the link in every message to an open ring. GET shows a button, POST stops (RFC 8058's one click)."""

from statuspage.kit import clock, links
from subscribers.models import Address

PURPOSE = "unsubscribe"


def token_for(*, address_id: int, organization_id: int) -> str:
    return links.sign(PURPOSE, address_id, organization_id)


def find(token: str) -> Address | None:
    """The address a token is for, in the organization in scope."""
    ids = links.read(PURPOSE, token)
    return (
        Address.objects.filter(pk=ids[0], organization_id=ids[1]).select_related("organization").first()
        if ids
        else None
    )


def stop(address: Address) -> None:
    """Nothing more is handed over to this address, from the next look on. Idempotent."""
    Address.objects.filter(pk=address.pk, stopped_at=None).update(stopped_at=clock.now())

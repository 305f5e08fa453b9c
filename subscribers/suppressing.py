"""Addresses we must not write to. Kept as keyed hashes: they survive erasure and re-import, and tell nothing."""

from collections.abc import Iterable

from statuspage.kit.links import fingerprint
from statuspage.organizations.models import Organization
from statuspage.organizations.plan import Channel
from subscribers.models import Suppression


def suppress(organization: Organization, *, channel: Channel, normalised: str, reason: str) -> None:
    """From here on nothing is handed over to this address. Twice is once."""
    Suppression.objects.get_or_create(
        organization=organization,
        channel=channel.value,
        fingerprint=_fingerprint(channel, normalised),
        defaults={"reason": reason},
    )


def suppressed_among(normalised: Iterable[str], *, channel: Channel) -> set[str]:
    """Those of the given addresses that are suppressed, in the organization in scope."""
    by_fingerprint = {_fingerprint(channel, address): address for address in normalised}
    found = Suppression.objects.filter(channel=channel.value, fingerprint__in=list(by_fingerprint)).values_list(
        "fingerprint", flat=True
    )
    return {by_fingerprint[bytes(row)] for row in found}


def _fingerprint(channel: Channel, normalised: str) -> bytes:
    return fingerprint(f"suppression.{channel.value}", normalised)

"""Addresses we must not write to. Kept as keyed hashes: they survive erasure and re-import, and tell nothing."""

from collections.abc import Iterable

from django.db.models import QuerySet

from statuspage.kit.fingerprints import Fingerprints, fingerprint
from statuspage.organizations.models import Organization
from statuspage.organizations.plan import Channel
from subscribers.models import LONGEST_SAID, Address, SignUp, Suppression

BOUNCED = "bounced"
UNSUBSCRIBED = "unsubscribed"
STOPPED = "stop"
COMPLAINED = "complained"
THEIR_OWN = {UNSUBSCRIBED, STOPPED, COMPLAINED}
"""Reasons that are people's own doing: by the link in a message, by an SMS that says so, by calling it spam."""


def suppress(organization: Organization, *, channel: Channel, normalised: str, reason: str, said: str = "") -> None:
    """From here on nothing is handed over to this address. Twice is once; only what they did themselves weighs more.

    `said` is what another mail server or a provider gave as its reason, without addresses.
    """
    same = Address.objects.filter(organization=organization, channel=channel.value, normalised=normalised)
    row, is_new = Suppression.objects.get_or_create(
        organization=organization,
        channel=channel.value,
        fingerprint=fingerprint_of(channel, normalised),
        defaults={"reason": reason, "said": said[:LONGEST_SAID], "address": same.first()},
    )
    if not is_new and reason in THEIR_OWN and row.reason not in THEIR_OWN:
        row.reason, row.said = reason, said[:LONGEST_SAID]
        row.save(update_fields=["reason", "said"])


def who_writes_to(channel: Channel, normalised: str) -> QuerySet[Organization]:
    """Or was just asked to. Call across organizations."""
    told = Address.objects.filter(channel=channel.value, normalised=normalised).values("organization")
    asked = SignUp.objects.filter(channel=channel.value, normalised=normalised).values("organization")
    return Organization.objects.filter(pk__in=told.union(asked)).order_by("pk")


def lift(
    organization: Organization, *, channel: Channel, normalised: str, reasons: Iterable[str] = (UNSUBSCRIBED,)
) -> None:
    """They want to hear again. Only what they did themselves is undone: an address that bounced bounces again."""
    row = Suppression.objects.filter(organization=organization, channel=channel.value, reason__in=list(reasons))
    row.filter(fingerprint=fingerprint_of(channel, normalised)).delete()


def reason_for(organization: Organization, *, channel: Channel, normalised: str) -> str:
    """Why we must not write to it; empty: we may."""
    row = Suppression.objects.filter(organization=organization, channel=channel.value)
    return row.filter(fingerprint=fingerprint_of(channel, normalised)).values_list("reason", flat=True).first() or ""


def suppressed_among(normalised: Iterable[str], *, channel: Channel) -> set[str]:
    """Those of the given addresses that are suppressed, in the organization in scope."""
    by_fingerprint = {fingerprint_of(channel, address): address for address in normalised}
    found = Suppression.objects.filter(channel=channel.value, fingerprint__in=list(by_fingerprint)).values_list(
        "fingerprint", flat=True
    )
    return {by_fingerprint[bytes(row)] for row in found}


def reasons_among(addresses: Iterable[Address]) -> dict[int, str]:
    """Why those that must not be written to must not, by their id."""
    by_fingerprint = {fingerprint_of(Channel(each.channel), each.normalised): each.pk for each in addresses}
    found = Suppression.objects.filter(fingerprint__in=list(by_fingerprint)).values_list("fingerprint", "reason")
    return {by_fingerprint[bytes(fingerprint)]: reason for fingerprint, reason in found}


def fingerprint_of(channel: Channel, normalised: str) -> bytes:
    """What stands for an address where it must not be told."""
    return fingerprint(_purpose(channel), normalised)


def fingerprints_by(channel: Channel) -> Fingerprints:
    """`fingerprint_of` for a great many addresses."""
    return Fingerprints(_purpose(channel))


def _purpose(channel: Channel) -> str:
    return f"suppression.{channel.value}"

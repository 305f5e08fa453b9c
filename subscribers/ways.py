"""The ways to reach a person, and what stands between each of them and being told."""

from dataclasses import dataclass

from subscribers.models import Address, Person
from subscribers.suppressing import reasons_among


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`trouble` says why nothing is sent there; empty: they hear."""

    address: Address
    trouble: str


def ways_of(person: Person) -> list[Way]:
    """In the order they were added."""
    addresses = list(person.addresses.order_by("pk"))
    suppressed = reasons_among(addresses)
    return [Way(address=each, trouble=_trouble(each, suppressed.get(each.pk, ""))) for each in addresses]


def _trouble(address: Address, suppressed: str) -> str:
    if suppressed:
        return f"must not be written to: {suppressed}"
    if address.stopped_at:
        return "has left"
    return "" if address.confirmed_at else "not confirmed yet"

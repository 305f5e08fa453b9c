"""Everybody of an organization as rows: one for each address and page, a stretch at a time.

No cursor stays open for as long as a slow browser reads, and what is in memory is one stretch. Each stretch is as it
was when it was read: whoever signs up meanwhile comes at the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from statuspage.kit.tenancy import scope
from statuspage.organizations import audit
from statuspage.organizations.models import Organization, User
from statuspage.organizations.plan import Channel
from subscribers.models import Address, FromImpact, SubscribedService, Subscription
from subscribers.suppressing import suppressed_among

AT_ONCE = 2_000
COLUMNS = (
    *("type", "name", "email", "phone", "endpoint", "services", "ring", "language", "zone"),
    *("page", "kinds", "from_impact", "state", "created_at"),
)
"""The first can be imported again; `state` keeps those out who have not agreed, or have left."""


def begin(organization: Organization, *, by: User) -> Iterator[list[str]]:
    """The columns' names, then everybody. That somebody took all of it away is in the audit log first."""
    audit.record(organization, by=by, verb="exported", target="everybody")
    return _rows(organization)


def _rows(organization: Organization) -> Iterator[list[str]]:
    yield list(COLUMNS)
    last = 0
    while True:
        with scope(organization=organization):
            stretch = list(_addresses().filter(pk__gt=last)[:AT_ONCE])
            rows = [row for address in _written(stretch) for row in address]
        if not stretch:
            return
        yield from rows
        last = stretch[-1].pk


def _addresses() -> QuerySet[Address]:
    return Address.objects.select_related("person__ring").order_by("pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What one address follows, in words."""

    page: str = ""
    services: str = ""
    kinds: str = ""
    from_impact: str = ""


def _written(addresses: list[Address]) -> Iterator[list[list[str]]]:
    if not addresses:
        return
    choices = _choices(addresses[0].pk, addresses[-1].pk)
    suppressed = _suppressed(addresses)
    for address in addresses:
        state = "suppressed" if (address.channel, address.normalised) in suppressed else _state(address)
        yield [_row(address, choice, state) for choice in choices.get(address.pk, [_Choice()])]


def _choices(first: int, last: int) -> dict[int, list[_Choice]]:
    """By address. Without the rows that are about one incident only: those end with it."""
    names: dict[int, list[str]] = defaultdict(list)
    theirs = SubscribedService.objects.filter(subscription__address_id__gte=first, subscription__address_id__lte=last)
    for subscription_id, name in theirs.values_list("subscription_id", "service__name").order_by("service__name"):
        names[subscription_id].append(name)
    found: dict[int, list[_Choice]] = defaultdict(list)
    rows = Subscription.objects.filter(address_id__gte=first, address_id__lte=last, only_incident="").select_related(
        "page"
    )
    for row in rows.order_by("page_id"):
        kinds = (("incidents", row.is_for_incidents), ("maintenance", row.is_for_maintenance))
        choice = _Choice(
            page=row.page.name,
            services="; ".join(names[row.pk]),
            kinds="; ".join(kind for kind, is_wanted in kinds if is_wanted),
            from_impact=FromImpact(row.from_impact).name.lower(),
        )
        found[row.address_id].append(choice)
    return found


def _suppressed(addresses: Iterable[Address]) -> set[tuple[str, str]]:
    by_channel: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        by_channel[address.channel].append(address.normalised)
    return {
        (channel, normalised)
        for channel, these in by_channel.items()
        for normalised in suppressed_among(these, channel=Channel(channel))
    }


def _state(address: Address) -> str:
    if address.stopped_at:
        return "left"
    return "active" if address.confirmed_at else "unconfirmed"


def _row(address: Address, choice: _Choice, state: str) -> list[str]:
    person, channel = address.person, Channel(address.channel)
    by_channel = {Channel.EMAIL: (address.value, "", ""), Channel.SMS: ("", address.value, "")}
    return [
        channel.value,
        person.name,
        *by_channel.get(channel, ("", "", address.value if channel is Channel.WEBHOOK else address.shown)),
        choice.services,
        person.ring.name if person.ring else "",
        person.language,
        person.zone,
        choice.page,
        choice.kinds,
        choice.from_impact,
        state,
        address.created_at.isoformat(timespec="seconds"),
    ]

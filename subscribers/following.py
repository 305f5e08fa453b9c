"""Who follows what, for the owner: found among a million at once, counted, and drawn as it grew.

A page of people begins after the last one of the page before, never at the thousandth: its end is as quick as its
beginning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from statuspage.organizations.plan import Channel
from subscribers.models import Address, FromImpact, SubscribedService, Subscription
from subscribers.suppressing import reasons_among

A_PAGE_OF = 50
MONTHS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """One address on the list. `reason` is why it must not be written to, empty when it may be."""

    address: Address
    follows: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of the list, and where the next one begins; empty at the end."""

    followers: list[Follower]
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A line of a table of numbers. `share` is of the largest, in per cent."""

    name: str
    number: int
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """`total` is of everybody up to the end of it."""

    month: datetime
    new: int
    total: int


def page_of(sought: str, after: str) -> Found:
    """The newest, or those whose address begins with what is sought; "@example.org" finds everybody there."""
    rows = list(islice(_matching(sought.strip().lower(), after), A_PAGE_OF + 1))
    shown = rows[:A_PAGE_OF]
    more = len(rows) > A_PAGE_OF
    return Found(followers=_followers(shown), after=_mark(shown[-1], sought) if more else "")


def _mark(address: Address, sought: str) -> str:
    return f"{address.channel}:{address.normalised}" if sought.strip() else str(address.pk)


def _matching(sought: str, after: str) -> Iterator[Address]:
    rows = Address.objects.select_related("person__ring")
    if not sought:
        newest = rows.order_by("-pk")
        yield from (newest.filter(pk__lt=int(after)) if after.isdecimal() else newest)[: A_PAGE_OF + 1]
        return
    # Channel by channel, each in the order of its index.
    from_channel, _colon, from_address = after.partition(":")
    # Not those of machines and rooms: trying how an address goes on would tell all of it.
    for channel in sorted(each.value for each in Channel.for_people()):
        if channel < from_channel:
            continue
        ours = _of_channel(rows.filter(channel=channel), sought).order_by("normalised")
        yield from (ours.filter(normalised__gt=from_address) if channel == from_channel else ours)[: A_PAGE_OF + 1]


def _of_channel(rows: QuerySet[Address], sought: str) -> QuerySet[Address]:
    if sought.startswith("@"):
        return rows.filter(channel=Channel.EMAIL.value, normalised__endswith=sought)
    return rows.filter(normalised__startswith=sought)


def _followers(addresses: list[Address]) -> list[Follower]:
    follows = _follows([address.pk for address in addresses])
    reasons = reasons_among(addresses)
    return [
        Follower(address=address, follows=follows.get(address.pk, ""), reason=reasons.get(address.pk, ""))
        for address in addresses
    ]


def _follows(ids: list[int]) -> dict[int, str]:
    """In words, by address."""
    names: dict[int, list[str]] = {}
    theirs = SubscribedService.objects.filter(subscription__address_id__in=ids).order_by("service__name")
    for subscription_id, name in theirs.values_list("subscription_id", "service__name"):
        names.setdefault(subscription_id, []).append(name)
    found: dict[int, list[str]] = {}
    rows = Subscription.objects.filter(address_id__in=ids, only_incident="").select_related("page").order_by("page_id")
    for row in rows:
        what = "everything" if row.is_for_everything else ", ".join(names.get(row.pk, []))
        found.setdefault(row.address_id, []).append(f"{row.page}: {what}")
    return {pk: "; ".join(words) for pk, words in found.items()}


def by_channel() -> list[Tally]:
    """Addresses that hear."""
    counted = dict(Address.objects.reachable().values_list("channel").annotate(number=Count("pk")).order_by())
    return _table([(Channel(channel).label, number) for channel, number in counted.items()])


def silent() -> list[Tally]:
    """Addresses that do not."""
    found = Address.objects.aggregate(
        left=Count("pk", filter=Q(stopped_at__isnull=False)),
        unconfirmed=Count("pk", filter=Q(stopped_at=None, confirmed_at=None)),
    )
    return _table([("Have left, or are switched off", found["left"]), ("Never confirmed", found["unconfirmed"])])


def by_choice() -> list[Tally]:
    """What they asked for, beside services."""
    rows = Subscription.objects.filter(only_incident="").values_list(
        "is_for_incidents", "is_for_maintenance", "from_impact"
    )
    found: dict[str, int] = {}
    for incidents, maintenance, impact, number in rows.annotate(number=Count("pk")).order_by():
        kinds = [word for word, wanted in (("incidents", incidents), ("maintenance", maintenance)) if wanted]
        words = " and ".join(kinds).capitalize()
        words += f", {FromImpact(impact).label.lower()}" if impact and incidents else ""
        found[words] = found.get(words, 0) + number
    only = Subscription.objects.exclude(only_incident="").count()
    return _table([*found.items(), *([("One incident only", only)] if only else [])])


def by_service() -> list[Tally]:
    """Whoever follows everything follows each; they are counted once, on the first line."""
    everything = Subscription.objects.filter(only_incident="", is_for_everything=True).count()
    rows = SubscribedService.objects.values_list("service__name").annotate(number=Count("pk")).order_by("-number")
    return _table([*([("Everything", everything)] if everything else []), *rows])


def _table(rows: list[tuple[str, int]]) -> list[Tally]:
    most = max((number for _name, number in rows), default=0) or 1
    return [Tally(name=name, number=number, share=round(number * 100 / most)) for name, number in rows if number]


def growth(now: datetime) -> list[Month]:
    """The last months, the first one first; empty before anybody was there."""
    per_month = Address.objects.annotate(month=TruncMonth("created_at")).values_list("month")
    counted = dict(per_month.annotate(number=Count("pk")).order_by("month"))
    months, total = [], 0
    month = min(counted, default=None)
    while month and month <= now:
        total += counted.get(month, 0)
        months.append(Month(month=month, new=counted.get(month, 0), total=total))
        month = (month + timedelta(days=32)).replace(day=1)
    return months[-MONTHS:]

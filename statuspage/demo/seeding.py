"""The demo's example: two organizations, so that tenancy is seen. Acme has everything; Globex is small.

Made once, in one transaction; every later start finds it and leaves it alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from incidents.presets import give_default_templates
from statuspage.demo import ahead, history
from statuspage.demo.people import (
    ACME_MEMBERS,
    GLOBEX_MEMBERS,
    PASSWORD,
    Told,
    people_of_acme,
    people_of_globex,
)
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.founding import found
from statuspage.organizations.models import Member, Organization, Role, User
from statuspage.organizations.plan import Cell, Channel, Plan, default_plan
from statuspage.pages.models import Host, Page, PageService, Service, ServiceGroup
from subscribers import endpoints
from subscribers.models import Address, Person, SubscribedService, Subscription

AGE = timedelta(days=400)
SECONDS_UNTIL_SEV1 = {"on_call": 0, "support": 2, "execs": 8, "employees": 15, "customers": 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One organization to be made."""

    name: str
    host: str
    members: Mapping[str, tuple[str, Role]]
    """By the part of their e-mail address before the @; the first is the owner."""
    services: Mapping[str, Sequence[str]]
    """By group."""
    people: Sequence[Told]
    planned: ahead.Planned | None = None
    endpoints: Mapping[str, tuple[str, Channel, str]] = field(default_factory=dict)
    """By ring: what it is called, what it is, where."""

    @property
    def slug(self) -> str:
        return self.name.lower()

    def email(self, member: str) -> str:
        return f"{member}@{self.slug}.example"


ACME = Example(
    name="Acme",
    host="acme.localhost",
    members=ACME_MEMBERS,
    services={
        "Payments": ("Checkout", "Card processing", "Payouts", "Invoices"),
        "Platform": ("API", "Dashboard", "Webhooks", "Search", "Mobile apps"),
        "Regions": ("Europe", "United States", "Asia Pacific"),
    },
    people=people_of_acme(),
    endpoints={
        "support": ("#support", Channel.SLACK, "https://hooks.slack.com/services/T0DEMO/B0DEMO/support"),
        "customers": ("Initech's own tool", Channel.WEBHOOK, "https://hooks.initech.example/status"),
    },
    planned=ahead.WEBHOOKS_MOVE,
)
GLOBEX = Example(
    name="Globex",
    host="globex.localhost",
    members=GLOBEX_MEMBERS,
    services={"Travel": ("Bookings", "Timetables", "Tickets")},
    people=people_of_globex(),
)


def demo_plan() -> Plan:
    """The default plan with minutes turned into seconds; promises keep their minutes, or nobody could type in time."""
    plan = default_plan()
    return replace(plan, cells={pair: _quickened(cell, *pair) for pair, cell in plan.cells.items()})


def _quickened(cell: Cell, severity: str, ring: str) -> Cell:
    """The SEV1 that everybody tries first has its rings a little apart, so that one can watch them."""
    quick = replace(cell, delay=cell.delay / 60, min_gap=cell.min_gap / 60, digest_every=cell.digest_every / 60)
    return replace(quick, delay=timedelta(seconds=SECONDS_UNTIL_SEV1[ring])) if severity == "sev1" else quick


@transaction.atomic
def seed() -> bool:
    """Make the example unless it is there. Returns whether it was made."""
    if Organization.objects.filter(slug=ACME.slug).exists():
        return False
    now = clock.now()
    password = make_password(PASSWORD)  # once: it is slow on purpose
    for example in (ACME, GLOBEX):
        members = {
            key: User.objects.create(email=example.email(key), name=name, password=password)
            for key, (name, _role) in example.members.items()
        }
        owner = next(iter(members.values()))
        organization = found(example.name, slug=example.slug, owner=owner, plan=demo_plan())
        with scope(organization=organization):
            _furnish(organization, example, members=members, now=now)
    return True


def _furnish(organization: Organization, example: Example, *, members: Mapping[str, User], now: datetime) -> None:
    Member.objects.bulk_create(
        Member(organization=organization, user=members[key], role=role)
        for key, (_name, role) in example.members.items()
        if role is not Role.OWNER
    )
    give_default_templates(organization)
    page = _write_page(organization, example, since=now - AGE)
    _write_people(organization, example.people, page=page, now=now)
    history.tell(organization, members=members, now=now)
    if example.planned:
        ahead.announce(organization, example.planned, by=next(iter(members.values())), now=now)
    for ring, (name, channel, url) in example.endpoints.items():
        row = organization.rings.get(key=ring)
        endpoints.add(organization, name, channel=channel, url=url, ring=row)


def _write_page(organization: Organization, example: Example, *, since: datetime) -> Page:
    """Old enough that every day of the last 90 is known."""
    services: list[Service] = []
    for place, (name, names) in enumerate(example.services.items(), start=1):
        group = ServiceGroup.objects.create(organization=organization, name=name, position=place, created_at=since)
        services += (
            Service(
                organization=organization, group=group, name=name, position=position, created_at=since, updated_at=since
            )
            for position, name in enumerate(names, start=1)
        )
    Service.objects.bulk_create(services)
    page = Page.objects.create(
        organization=organization, name=f"{example.name} status", languages=["en", "de"], created_at=since
    )
    Host.objects.create(
        organization=organization, page=page, name=example.host, is_canonical=True, proof="", verified_at=since
    )
    PageService.objects.bulk_create(
        PageService(organization=organization, page=page, service=service) for service in services
    )
    return page


def _write_people(organization: Organization, people: Sequence[Told], *, page: Page, now: datetime) -> None:
    """Everybody confirmed in the past; customers follow the page, the others stand in their ring."""
    rings = {ring.key: ring for ring in organization.rings.all()}
    rows, addresses = [], []
    for place, told in enumerate(people):
        since = now - AGE * (len(people) - place) / (len(people) + 1)
        ring = None if rings[told.ring].is_open else rings[told.ring]
        person = Person(organization=organization, ring=ring, name=told.name, created_at=since)
        rows.append(person)
        addresses += _addresses(person, told)
    Person.objects.bulk_create(rows)
    Address.objects.bulk_create(addresses)
    _subscribe([address for address in addresses if address.person.ring is None], page=page)


def _addresses(person: Person, told: Told) -> list[Address]:
    return [
        Address(
            organization=person.organization,
            person=person,
            channel=channel.value,
            value=value,
            normalised=value,
            confirmed_at=person.created_at,
            created_at=person.created_at,
        )
        for channel, value in ((Channel.EMAIL, told.email), (Channel.SMS, told.phone))
        if value
    ]


def _subscribe(addresses: Sequence[Address], *, page: Page) -> None:
    """Two of three follow everything, the others two services in turn."""
    services = list(page.services.all())
    subscriptions: list[Subscription] = []
    chosen: list[SubscribedService] = []
    for place, address in enumerate(addresses):
        is_for_everything = place % 3 != 0
        subscription = Subscription(
            organization=page.organization,
            address=address,
            page=page,
            is_for_everything=is_for_everything,
            created_at=address.created_at,
        )
        subscriptions.append(subscription)
        if not is_for_everything:
            wanted = {services[place % len(services)], services[place // 3 % len(services)]}
            chosen += (
                SubscribedService(organization=page.organization, subscription=subscription, service=service)
                for service in wanted
            )
    Subscription.objects.bulk_create(subscriptions)
    SubscribedService.objects.bulk_create(chosen)

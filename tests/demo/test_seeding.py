"""The demo's example is whole, made once, quick to reach its customers, and nobody's real address is in it."""

from collections import Counter

from django.contrib.auth import authenticate
from django.db.models import Q

from incidents.models import Incident, IncidentTemplate, Update
from statuspage.demo import seeding
from statuspage.demo.people import PASSWORD
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Member, Organization, Role
from statuspage.organizations.plan_problems import problems
from statuspage.pages.models import Page, Service, ServiceGroup
from subscribers.models import Address, Person, Subscription
from tests.demo.conftest import InboxEngine
from tests.timeline import Timeline


def test_the_example_is_made_once(example: Organization) -> None:
    with scope(organization=example):
        before = (Person.objects.count(), Incident.objects.count(), Update.objects.count())
        assert seeding.seed() is False
        assert (Person.objects.count(), Incident.objects.count(), Update.objects.count()) == before


def test_there_are_twelve_services_in_three_groups_on_one_page(example: Organization) -> None:
    with scope(organization=example):
        page = Page.objects.get()
        assert page.url.startswith("http://acme.localhost")
        assert ServiceGroup.objects.count() == 3
        assert page.services.filter(group__isnull=False).count() == Service.objects.count() == 12


def test_two_hundred_people_stand_in_five_rings(example: Organization) -> None:
    with scope(organization=example):
        people = Person.objects.people().select_related("ring")
        rings = Counter(person.ring.key if person.ring else "customers" for person in people)
        assert rings == {"on_call": 8, "support": 20, "execs": 8, "employees": 60, "customers": 104}
        assert len({person.name for person in people}) == 200
        assert Address.objects.reachable().filter(confirmed_at__lte=clock.now()).count() == Address.objects.count()


def test_nobody_in_the_example_can_exist() -> None:
    for told in (*seeding.ACME.people, *seeding.GLOBEX.people):
        domain = told.email.rpartition("@")[2]
        assert domain.endswith(".example") or domain in {"example.com", "example.net", "example.org"}
        assert told.phone == "" or told.phone.startswith(("+15555552", "+4917139200"))


def test_every_role_is_there_and_the_printed_login_works(example: Organization) -> None:
    assert authenticate(username="ada@acme.example", password=PASSWORD)
    with scope(organization=example):
        assert set(Member.objects.values_list("role", flat=True)) == set(Role.values)
        assert IncidentTemplate.objects.count() == 8


def test_the_second_organization_shares_nothing_with_the_first(example: Organization) -> None:
    globex = Organization.objects.get(slug="globex")
    with scope(organization=globex):
        assert Page.objects.get().url.startswith("http://globex.localhost")
        theirs = set(Address.objects.values_list("value", flat=True))
        members = set(Member.objects.values_list("user", flat=True))
    with scope(organization=example):
        assert not theirs & set(Address.objects.values_list("value", flat=True))
        assert not members & set(Member.objects.values_list("user", flat=True))


def test_the_demos_plan_is_one_that_ripple_accepts() -> None:
    assert problems(seeding.demo_plan()) == []


def test_a_sev1_reaches_every_ring_within_half_a_minute(
    example: Organization, sev1: Incident, timeline: Timeline, engine: InboxEngine
) -> None:
    first_heard: dict[str, int] = {}
    for second in range(31):
        timeline.to(f"10:00:{second:02}")
        for caught in engine.caught():
            first_heard.setdefault(caught.to, second)
    with scope(organization=example):
        heard_at = {
            ring.key: {
                first_heard.get(value)
                for value in Address.objects.filter(person__ring=ring).values_list("value", flat=True)
            }
            for ring in example.rings.filter(position__lt=4)
        }
        matching = Subscription.objects.filter(Q(is_for_everything=True) | Q(chosen__service__name="Checkout"))
        customers = set(matching.values_list("address__value", flat=True))
    assert heard_at == {"on_call": {0}, "support": {2}, "execs": {8}, "employees": {15}}
    assert {value for value, second in first_heard.items() if second == 20} == customers
    assert len(customers) > 70

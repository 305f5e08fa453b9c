"""The demo's example is whole, believable, made once, and disturbs nobody."""

from collections import Counter
from datetime import timedelta

import pytest

from incidents.models import Incident, IncidentTemplate, Update
from incidents.words import IncidentStatus
from notifications.models import Broadcast, RingState
from statuspage.demo import seeding
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Member, Organization, Role
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page, Service, ServiceGroup, StatusChange
from statuspage.pages.status import ServiceStatus
from subscribers.models import Address, Person
from tests.engine import Engine
from tests.timeline import Timeline


@pytest.fixture
def example(db: None) -> Organization:
    seeding.seed()
    return Organization.objects.get(slug="acme")


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
        rings = Counter(person.ring.key if person.ring else "customers" for person in Person.objects.all())
        assert rings == {"on_call": 8, "support": 20, "execs": 8, "employees": 60, "customers": 104}
        assert len(set(Person.objects.values_list("name", flat=True))) == 200
        assert not Address.objects.filter(confirmed_at__gt=clock.now()).exists()


def test_nobody_in_the_example_can_exist() -> None:
    for told in (*seeding.ACME.people, *seeding.GLOBEX.people):
        domain = told.email.rpartition("@")[2]
        assert domain.endswith(".example") or domain in {"example.com", "example.net", "example.org"}
        assert told.phone == "" or told.phone.startswith(("+1555555", "+49171392"))


def test_every_role_has_somebody_who_can_log_in(example: Organization) -> None:
    with scope(organization=example):
        assert set(Member.objects.values_list("role", flat=True)) == set(Role.values)
    assert IncidentTemplate.objects.model is IncidentTemplate

"""What people asked to hear decides what they hear: everything, services, kinds, an impact, one incident, not one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from incidents.models import Incident
from notifications import planning, sending, taking
from statuspage.kit import clock, queues
from statuspage.pages.models import Service
from statuspage.pages.status import ServiceStatus
from subscribers.models import FromImpact, MutedIncident, SubscribedService, Subscription
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage, post, resolve, schedule
from tests.timeline import Timeline, instant

EARLY = instant("09:00")


def follow(cast: Cast, name: str, *services: Service, **choice: Any) -> Subscription:
    address = make_person(cast.organization, f"{name}@x.example", confirmed_at=EARLY).addresses.get()
    row = Subscription.objects.create(
        organization=cast.organization, address=address, page=cast.page, is_for_everything=not services, **choice
    )
    for service in services:
        SubscribedService.objects.create(organization=cast.organization, subscription=row, service=service)
    return row


def told(engine: Engine) -> list[str]:
    return sorted(caught.to.partition("@")[0] for caught in engine.caught())


@pytest.fixture
def crowd(acme: Cast) -> Cast:
    follow(acme, "everything")
    follow(acme, "checkout", acme.checkout)
    follow(acme, "api", acme.api)
    follow(acme, "incidents", is_for_maintenance=False)
    follow(acme, "maintenance", is_for_incidents=False)
    follow(acme, "major", from_impact=FromImpact.MAJOR)
    follow(acme, "critical", from_impact=FromImpact.CRITICAL)
    follow(acme, "checkout-critical", acme.checkout, from_impact=FromImpact.CRITICAL)
    return acme


def test_an_incident_reaches_those_who_asked_for_its_like(crowd: Cast, timeline: Timeline, engine: Engine) -> None:
    incident = open_incident(crowd, body="Some payments fail.", services=outage(crowd.checkout))  # impact: major
    follow(crowd, "this", only_incident=incident.public_id, from_impact=FromImpact.CRITICAL)
    follow(crowd, "another", only_incident="anotherone00")
    silent = follow(crowd, "silent")
    MutedIncident.objects.create(organization=crowd.organization, address=silent.address, incident=incident.public_id)
    timeline.to("10:15")
    assert told(engine) == ["checkout", "everything", "incidents", "major", "this"]


def test_maintenance_reaches_those_who_asked_for_it_whatever_the_impact(
    crowd: Cast, timeline: Timeline, engine: Engine
) -> None:
    begins_at = instant("12:00")
    schedule(crowd, crowd.checkout, begins_at=begins_at, ends_at=begins_at + timedelta(hours=1))
    timeline.to("10:15")
    assert told(engine) == ["checkout", "checkout-critical", "critical", "everything", "maintenance", "major"]


def test_who_hears_only_grows(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    follow(acme, "critical", from_impact=FromImpact.CRITICAL)
    follow(acme, "api", acme.api, from_impact=FromImpact.MINOR)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:15")
    assert told(engine) == []
    post(acme, incident, "All of it.", services=outage(acme.api, status=ServiceStatus.MAJOR_OUTAGE))
    timeline.to("10:45")
    assert told(engine) == ["api", "critical"]
    post(acme, incident, "Nearly well.", services=outage(acme.api, status=ServiceStatus.OPERATIONAL))
    resolve(acme, incident)
    timeline.to("11:30")
    assert told(engine) == ["api", "api", "critical", "critical"]


def test_a_change_of_mind_counts_until_the_hand_over(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    """Everything is addressed and written down; then some change what they hear, and the look before sees it."""
    for name in ("muting", "narrowing", "moving", "staying"):
        follow(acme, name)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:09")
    clock.move_to(instant("10:10"))
    planning.plan_next()
    lease = taking.take(queues.BULK)
    assert lease is not None
    change_minds(incident, acme)
    sending.send(lease)
    assert told(engine) == ["staying"]


def change_minds(incident: Incident, cast: Cast) -> None:
    def of(name: str) -> Subscription:
        return Subscription.objects.get(address__value=f"{name}@x.example")

    MutedIncident.objects.create(
        organization=cast.organization, address=of("muting").address, incident=incident.public_id
    )
    Subscription.objects.filter(pk=of("narrowing").pk).update(is_for_incidents=False)
    moving = of("moving")
    Subscription.objects.filter(pk=moving.pk).update(is_for_everything=False)
    SubscribedService.objects.create(organization=cast.organization, subscription=moving, service=cast.api)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a_subscription_asks_for_something", {"is_for_incidents": False, "is_for_maintenance": False}),
        ("an_impact_to_hear_from_is_known", {"from_impact": 4}),
        ("one_subscription_per_address_page_and_incident", {}),
    ],
)
def test_the_database_knows_what_can_be_asked_for(acme: Cast, name: str, fields: dict[str, Any]) -> None:
    row = follow(acme, "everything")
    follow(acme, "one", only_incident="anotherone00")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        if fields:
            Subscription.objects.filter(pk=row.pk).update(**fields)
        else:
            Subscription.objects.create(organization=acme.organization, address=row.address, page=acme.page)

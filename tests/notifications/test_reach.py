"""R14 and R16: who hears by which of their ways, and when an SMS lets them sleep."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from notifications.addressing import Audience, channels_with_somebody
from notifications.keeping_quiet import quiet_left
from notifications.models import Chunk, Delivery, DeliveryState
from statuspage.kit import clock
from statuspage.organizations.models import PlanCell
from statuspage.organizations.plan import Channel
from subscribers.models import Address, Person, Subscription
from subscribers.suppressing import suppress
from tests.engine import Engine
from tests.makers import Cast, change_severity, make_person, open_incident, outage, post, resolve, subscribe
from tests.timeline import Timeline, instant

EARLY = instant("09:00")
BOTH = ("both@x.example", "+491512345671")
PHONE = "+491512345672"
DEAD = ("dead@x.example", "+491512345673")
SLEEPER, OWL = "+491512345674", "+491512345675"


def told(engine: Engine) -> list[str]:
    return sorted(caught.to for caught in engine.caught())


def test_whoever_the_plans_channels_do_not_reach_hears_milestones_by_another(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    """At SEV3 customers hear by mail, and so do employees at SEV1."""
    for addresses in (BOTH, (PHONE,), DEAD):
        subscribe(make_person(acme.organization, *addresses, confirmed_at=EARLY), acme.page)
    suppress(acme.organization, channel=Channel.EMAIL, normalised=DEAD[0], reason="bounced")
    incident = open_incident(acme, "sev3", body="Slow.", services=outage(acme.checkout))
    timeline.to("10:31")
    assert told(engine) == sorted([BOTH[0], PHONE, DEAD[1]]), "one way each"
    post(acme, incident, "Still slow.")
    timeline.to("12:00")
    assert told(engine).count(PHONE) == 1, "what is no milestone is not worth an SMS"
    post(acme, incident, "Half of Europe.", is_important=True)
    timeline.to("13:00")
    assert told(engine).count(PHONE) == 2
    resolve(acme, incident)
    timeline.to("14:00")
    assert [told(engine).count(to) for to in (PHONE, DEAD[1], BOTH[0], BOTH[1])] == [3, 3, 4, 0]


def test_an_inner_ring_is_reached_as_the_outer_ones(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_person(acme.organization, *BOTH, ring="employees", confirmed_at=EARLY)
    make_person(acme.organization, PHONE, ring="employees", confirmed_at=EARLY)
    open_incident(acme, "sev1", body="Down.", services=outage(acme.checkout))
    timeline.to("10:11")
    assert told(engine) == sorted([BOTH[0], PHONE])


def test_an_address_that_did_not_ask_reaches_nobody(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    """Their mailbox follows another service: of this one they hear by SMS."""
    person = make_person(acme.organization, *BOTH, confirmed_at=EARLY)
    subscribe(person, acme.page)
    mail = Subscription.objects.filter(address__channel="email")
    mail.update(is_for_everything=False)
    open_incident(acme, "sev3", body="Slow.", services=outage(acme.checkout))
    timeline.to("10:31")
    assert told(engine) == [BOTH[1]]


CASES: list[tuple[str, str, str, str, float]] = [
    # now (UTC), zone, from, until → hours left
    ("12:00", "", "22:00", "07:00", 0),
    ("22:00", "", "22:00", "07:00", 9),
    ("23:30", "", "22:00", "07:00", 7.5),
    ("06:59", "", "22:00", "07:00", 1 / 60),
    ("07:00", "", "22:00", "07:00", 0),
    ("21:30", "Europe/Berlin", "22:00", "07:00", 8.5),
    ("13:00", "", "12:00", "14:00", 1),
    ("14:00", "", "12:00", "14:00", 0),
    ("04:00", "America/New_York", "21:00", "08:00", 9),
]


@pytest.mark.parametrize(("now", "zone", "begins", "ends", "hours"), CASES)
def test_how_long_somebody_is_left_alone(now: str, zone: str, begins: str, ends: str, hours: float) -> None:
    left = quiet_left(instant(now), zone=zone, begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
    assert left == timedelta(hours=hours)


def test_a_night_with_a_change_of_clocks_ends_when_the_clock_says_so() -> None:
    """Berlin, 29 March 2026: there is no half past two."""
    evening = datetime(2026, 3, 28, 21, 0, tzinfo=UTC)
    left = quiet_left(evening, zone="Europe/Berlin", begins=time(22), ends=time(7))
    assert left == timedelta(hours=8)


@pytest.fixture
def sleepers(acme: Cast, timeline: Timeline) -> None:
    for number in (SLEEPER, OWL):
        subscribe(make_person(acme.organization, number, confirmed_at=EARLY), acme.page)
    asleep = Person.objects.filter(addresses__value=SLEEPER)
    asleep.update(zone="Europe/Berlin", quiet_from=time(10), quiet_until=time(20))  # until 19:00 UTC


def morning(engine: Engine) -> None:
    """Deliveries wait by wall time, which no test can move: so they are made to have waited."""
    waited = timedelta(hours=12)
    Delivery.objects.filter(due_at__isnull=False).update(due_at=F("due_at") - waited)
    Chunk.objects.update(
        due_at=F("due_at") - waited, queued_at=F("queued_at") - waited, quiet_until=F("quiet_until") - waited
    )
    clock.move_to(instant("19:00"))
    engine.settle()


@pytest.mark.usefixtures("sleepers")
def test_an_sms_waits_for_the_end_of_the_night_and_is_the_newest(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    incident = open_incident(acme, "sev1", body="Down.", services=outage(acme.checkout))
    timeline.to("10:11")
    assert told(engine) == [OWL]
    change_severity(acme, incident, "sev2", "It is half as bad.")
    timeline.to("11:00")
    assert told(engine) == [OWL, OWL]
    morning(engine)
    assert [caught.to for caught in engine.caught()].count(SLEEPER) == 1


@pytest.mark.usefixtures("sleepers")
@pytest.mark.parametrize("is_told_before", [False, True])
def test_what_was_over_by_the_morning_is_told_to_whoever_knew(
    acme: Cast, timeline: Timeline, engine: Engine, *, is_told_before: bool
) -> None:
    incident = open_incident(acme, "sev1", body="Down.", services=outage(acme.checkout))
    if is_told_before:
        Person.objects.filter(quiet_from__isnull=False).update(quiet_from=time(12))  # 11:00 UTC
    timeline.to("11:05")
    resolve(acme, incident)
    timeline.to("11:30")
    assert told(engine).count(OWL) == 2
    assert told(engine).count(SLEEPER) == int(is_told_before)
    morning(engine)
    assert told(engine).count(SLEEPER) == 2 * int(is_told_before)
    states = set(Delivery.objects.values_list("state", flat=True))
    assert states <= {DeliveryState.ACCEPTED, DeliveryState.CANCELLED, DeliveryState.SUPERSEDED}


# ring, severity, what the plan says (None: as the default), whether they are woken
WOKEN = [
    ("on_call", "sev1", None, True),
    ("on_call", "sev1", False, True),
    ("on_call", "sev2", None, True),
    ("support", "sev1", None, True),
    ("support", "sev1", False, False),
    ("support", "sev2", None, False),
    ("support", "sev2", True, True),
    ("execs", "sev1", None, False),
    ("execs", "sev1", True, True),
]


@pytest.mark.parametrize(("ring", "severity", "breaks", "is_woken"), WOKEN)
def test_the_innermost_ring_is_always_woken_and_others_where_the_plan_says_so(
    acme: Cast, timeline: Timeline, engine: Engine, ring: str, severity: str, *, breaks: bool | None, is_woken: bool
) -> None:
    make_person(acme.organization, SLEEPER, ring=ring, confirmed_at=EARLY)
    Person.objects.update(quiet_from=time(1), quiet_until=time(0))
    if breaks is not None:
        PlanCell.objects.filter(ring__key=ring, severity__key=severity).update(breaks_quiet=breaks)
    open_incident(acme, severity, body="Down.", services=outage(acme.checkout))
    timeline.to("10:30")
    assert (SLEEPER in told(engine)) is is_woken


def test_getting_worse_wakes_whoever_was_left_alone(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_person(acme.organization, SLEEPER, ring="support", confirmed_at=EARLY)
    Person.objects.update(quiet_from=time(1), quiet_until=time(0))
    incident = open_incident(acme, "sev2", body="Slow.", services=outage(acme.checkout))
    timeline.to("10:11")
    assert told(engine) == []
    change_severity(acme, incident, "sev1", "Down.")
    timeline.to("10:20")
    assert told(engine) == [SLEEPER]


@pytest.mark.parametrize("hours", [{"quiet_from": time(1)}, {"quiet_from": time(1), "quiet_until": time(1)}])
def test_the_database_knows_that_hours_have_two_ends(acme: Cast, hours: dict[str, Any]) -> None:
    make_person(acme.organization, PHONE)
    with pytest.raises(IntegrityError, match="quiet_hours_have_a_beginning_and_an_end"), transaction.atomic():
        Person.objects.update(**hours)


@pytest.mark.parametrize(("preferred", "by"), [("", "email"), ("email", "email"), ("sms", "sms")])
def test_a_preference_decides_when_the_plan_chose_none_of_their_ways(acme: Cast, preferred: str, by: str) -> None:
    """Of two channels every plan has one: it is asked for as it will be when there is a third."""
    person = make_person(acme.organization, *BOTH, ring="support", confirmed_at=EARLY)
    Person.objects.update(preferred_channel=preferred)
    audience = Audience(
        organization_id=acme.organization.pk,
        ring_id=person.ring_id or 0,
        is_open=False,
        page_ids=(),
        service_ids=(),
        hearing=(),
        incident="",
        is_maintenance=False,
        impact=3,
        channels=(),
    )
    assert channels_with_somebody(audience, Channel.for_people(), until=clock.now()) == [Channel(by)]
    Address.objects.filter(channel=by).update(stopped_at=clock.now())
    assert len(channels_with_somebody(audience, Channel.for_people(), until=clock.now())) == 1, "or by the other"

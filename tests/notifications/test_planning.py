"""Planning: one incident at a time, the plan as it was at opening, and nothing that blocks the others."""

import pytest

from incidents.models import Incident
from notifications import planning
from notifications.models import Broadcast, RingState
from statuspage.dispatching import Dispatcher
from statuspage.organizations.models import PlanCell, Ring
from tests.engine import Engine
from tests.makers import Cast, make_person, note, open_incident, outage, post, subscribe
from tests.timeline import Timeline, instant

EARLY = instant("09:00")


def test_looking_again_and_again_changes_nothing(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call", confirmed_at=EARLY)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:12")
    for _ in range(3):
        engine.settle()
    assert Broadcast.objects.count() == 5
    assert len(engine.to("otto@acme.test")) == 1


def test_an_incident_that_cannot_be_planned_blocks_no_other(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call", confirmed_at=EARLY)
    sick = open_incident(acme, title="Sick", body="…", services=outage(acme.api))
    Incident.objects.filter(pk=sick.pk).update(plan={})
    open_incident(acme, title="Well", body="…", services=outage(acme.checkout))
    with pytest.raises(planning.PlanningFailed) as failure:
        planning.plan_next()
    assert failure.value.incident_id == sick.pk
    Dispatcher(is_stopping=lambda: False).plan()
    engine.send()
    assert [message.subject for message in engine.to("otto@acme.test")] == ["[Acme] SEV1 Investigating: Well"]


def test_the_plan_is_the_one_the_incident_opened_under(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    subscribe(make_person(acme.organization, "customer@x.example", confirmed_at=EARLY), acme.page)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:01")
    PlanCell.objects.filter(ring__key="customers").update(mode="never")
    timeline.to("10:10")
    assert len(engine.to("customer@x.example")) == 1


def test_reordering_rings_in_the_middle_of_an_incident_leaks_no_note(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    make_person(acme.organization, "emil@acme.test", ring="employees", confirmed_at=EARLY)
    incident = open_incident(
        acme, body="Some payments fail.", notes=(note("ONLY-SUPPORT", 1),), services=outage(acme.checkout)
    )
    timeline.to("10:01")
    support, employees = Ring.objects.get(key="support"), Ring.objects.get(key="employees")
    Ring.objects.filter(pk=support.pk).update(position=None)
    Ring.objects.filter(pk=employees.pk).update(position=1)
    Ring.objects.filter(pk=support.pk).update(position=3)
    post(acme, incident, "We know more.", notes=(note("STILL-ONLY-SUPPORT", 1),))
    timeline.to("10:12")
    (message,) = engine.to("emil@acme.test")
    assert "ONLY-SUPPORT" not in message.text + message.html


def test_a_ring_that_falls_due_without_words_waits_for_them(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    subscribe(make_person(acme.organization, "customer@x.example", confirmed_at=EARLY), acme.page)
    make_person(acme.organization, "otto@acme.test", ring="on_call", confirmed_at=EARLY)
    incident = open_incident(acme, title="Something smells", services=outage(acme.checkout))
    timeline.to("10:15")
    assert engine.to("customer@x.example") == []
    assert len(engine.to("otto@acme.test")) == 1
    assert RingState.objects.get(incident=incident, ring__key="customers").wants_words
    post(acme, incident, "Some payments fail.")
    timeline.to("10:16")
    assert len(engine.to("customer@x.example")) == 1


def test_one_person_gets_one_copy_as_the_innermost(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    person = make_person(acme.organization, "eve@acme.test", ring="execs", confirmed_at=EARLY)
    subscribe(person, acme.page)
    sev3 = open_incident(acme, "sev3", body="Slow.", services=outage(acme.checkout))  # execs hear nothing of a SEV3
    timeline.to("10:31")
    (as_customer,) = engine.to("eve@acme.test")
    assert "SEV3" not in as_customer.subject
    open_incident(acme, "sev1", title="Down", body="Down.", services=outage(acme.api))
    timeline.to("10:45")
    assert [message.subject for message in engine.to("eve@acme.test")[1:]] == ["[Acme] SEV1 Investigating: Down"]
    assert sev3.number == 1

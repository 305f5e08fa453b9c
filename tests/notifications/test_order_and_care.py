"""Order and care: newer words never before older ones, nobody behind a crowd, no name where it does not belong."""

from datetime import timedelta

import pytest

from incidents.words import IncidentStatus
from notifications import catching_up, planning, sending, taking
from notifications.models import Broadcast, Chunk, ChunkState
from statuspage.kit import clock, queues
from statuspage.kit.tenancy import across_organizations
from statuspage.pages.models import Service
from subscribers.models import Person
from tests.engine import Engine
from tests.makers import (
    Cast,
    change_severity,
    make_person,
    make_subscribers,
    note,
    open_incident,
    outage,
    post,
    resolve,
    subscribe,
)
from tests.notifications.test_sending import EARLY, retry_now
from tests.timeline import Timeline, instant


def plan_all() -> None:
    while planning.plan_next():
        pass


def at_ten_past(timeline: Timeline) -> None:
    timeline.to("10:09")
    clock.move_to(instant("10:10"))
    plan_all()


def test_numbers_only_rise_when_the_retry_began_before_the_newer_release(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    make_person(acme.organization, "4xx-once@x.example", ring="on_call", confirmed_at=EARLY)
    incident = open_incident(acme, body="WORDS-ONE.", services=outage(acme.checkout))
    plan_all()
    lease = taking.take(queues.INNER)  # being handed over
    assert lease is not None
    post(acme, incident, "WORDS-TWO.")
    plan_all()  # the second release, while the first is leased
    sending.send(lease)  # 450: to be tried again
    engine.settle()
    retry_now()
    engine.settle()
    texts = ["TWO" if "WORDS-TWO" in m.text.split("Earlier")[0] else "ONE" for m in engine.to("4xx-once@x.example")]
    assert texts == ["TWO"], texts


@pytest.mark.slow
def test_superseded_chunks_do_not_hold_up_the_end(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_subscribers(acme.page, 5_000)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    at_ten_past(timeline)
    resolve(acme, incident, "Fixed.")
    plan_all()
    lease = taking.take(queues.BULK)
    assert lease is not None, "take() says the lane is empty while 10 chunks of `resolved` are ready"


def test_a_person_removed_in_mid_fan_out_leaves_no_chunk_turning_for_ever(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    make_subscribers(acme.page, 2)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    at_ten_past(timeline)
    lease = taking.take(queues.BULK)
    assert lease is not None
    Person.objects.filter(addresses__value="n2@many.example").delete()
    sending.send(lease)
    turns = 0
    while turns < 50 and (lease := taking.take(queues.BULK)):
        sending.send(lease)
        turns += 1
    chunk = Chunk.objects.get(lane=queues.BULK)
    assert (chunk.state, turns) == (ChunkState.DONE, 0)


def test_on_call_never_waits_behind_a_large_inner_ring(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call", confirmed_at=EARLY)
    for n in range(120):
        make_person(acme.organization, f"e{n}@acme.test", ring="employees", confirmed_at=EARLY)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    at_ten_past(timeline)
    post(acme, incident, "Worse.")
    plan_all()
    lease = taking.take(queues.INNER)
    assert lease is not None
    assert lease.chunk.broadcast.ring_state.ring.key == "on_call"


def test_a_note_is_not_lost_with_the_retry_that_is_covered(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_person(acme.organization, "4xx-once@x.example", ring="on_call", confirmed_at=EARLY)
    incident = open_incident(
        acme, body="Some payments fail.", notes=(note("ROLL-BACK-BUILD-7 now", 0),), services=outage(acme.checkout)
    )
    timeline.to("10:01")
    post(acme, incident, "It is the database.")
    timeline.to("10:02")
    retry_now()
    engine.settle()
    assert any("ROLL-BACK-BUILD-7" in message.text for message in engine.to("4xx-once@x.example"))


def test_an_sms_of_unknown_fate_is_sent_only_once_more(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_person(acme.organization, "+15550000001", ring="on_call", confirmed_at=EARLY)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    engine.settle()
    for _ in range(5):
        retry_now()
        engine.settle()
    assert len(engine.to("+15550000001")) <= 2


def test_a_service_that_is_on_no_page_is_not_named_to_customers(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    inner = Service.objects.create(organization=acme.organization, name="SECRET-FRAUD-ENGINE", position=9)
    subscribe(make_person(acme.organization, "c@x.example", confirmed_at=EARLY), acme.page)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout, inner))
    timeline.to("10:12")
    (m,) = engine.to("c@x.example")
    assert "SECRET-FRAUD-ENGINE" not in m.text + m.html


def test_a_latecomer_never_gets_words_older_than_those_just_released(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    late = make_person(acme.organization, "late@x.example", confirmed_at=EARLY)
    subscribe(late, acme.page)
    late.addresses.update(confirmed_at=None)
    make_subscribers(acme.page, 1)
    incident = open_incident(acme, body="WORDS-ONE.", services=outage(acme.checkout))
    timeline.to("10:12")
    old = Broadcast.objects.filter(ring_state__ring__key="customers").get()  # a dispatcher has just found it behind
    late.addresses.update(confirmed_at=clock.now() + timedelta(seconds=1))
    clock.move_to(instant("10:31"))
    change_severity(acme, incident, "sev2", "WORDS-TWO.")
    plan_all()
    engine.send()
    with across_organizations():
        catching_up._catch_up(old.pk, clock.now())
    engine.send()
    texts = ["TWO" if "WORDS-TWO" in m.text.split("Earlier")[0] else "ONE" for m in engine.to("late@x.example")]
    assert texts == ["TWO"], texts


def test_a_subscriber_who_heard_nothing_is_not_told_the_end_because_their_ring_was_silent(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    person = make_person(acme.organization, "emil@acme.test", ring="employees", confirmed_at=EARLY)
    subscribe(person, acme.page)
    incident = open_incident(acme, "sev3", body="Slow.", services=outage(acme.checkout))
    timeline.to("10:40")
    resolve(acme, incident)
    timeline.to("10:59")
    assert engine.subjects("emil@acme.test") == []


def test_bridge_link_is_not_for_all_employees(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_person(acme.organization, "emil@acme.test", ring="employees", confirmed_at=EARLY)
    open_incident(acme, body="Slow.", bridge_url="https://meet.example/BRIDGE", services=outage(acme.checkout))
    timeline.to("10:12")
    (m,) = engine.to("emil@acme.test")
    assert "BRIDGE" not in m.text + m.html


def test_a_word_after_the_end_promises_no_next_word(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    subscribe(make_person(acme.organization, "c@x.example", confirmed_at=EARLY), acme.page)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:12")
    resolve(acme, incident)
    timeline.to("10:30")
    post(acme, incident, "One more thing.", status=IncidentStatus.MONITORING, is_important=True)
    timeline.to("10:31")
    incident.refresh_from_db()
    assert incident.next_update_at is None


def test_a_confirmation_that_commits_after_the_release_is_not_forgotten(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    late = make_person(acme.organization, "late@x.example", confirmed_at=EARLY)
    subscribe(late, acme.page)
    late.addresses.update(confirmed_at=None)
    make_subscribers(acme.page, 1)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:10")
    # The confirming transaction took its time at 10:09:59 and commits only now, after the release of 10:10:00.
    late.addresses.update(confirmed_at=instant("10:09:59"))
    timeline.to("10:10:20")
    timeline.to("10:12")
    assert len(engine.to("late@x.example")) == 1
    assert len(engine.to("n1@many.example")) == 1


def test_whoever_was_told_further_in_gets_no_older_words_from_further_out(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    person = make_person(acme.organization, "4xx-once@x.example", ring="execs", confirmed_at=EARLY)
    subscribe(person, acme.page)
    incident = open_incident(acme, "sev3", body="Slow.", services=outage(acme.checkout))
    timeline.to("10:31")  # as a customer, since execs hear nothing of a SEV3: deferred
    change_severity(acme, incident, "sev1", notes=(note("It is worse.", 3),))
    engine.settle()
    retry_now()
    engine.settle()
    assert [message.subject for message in engine.to("4xx-once@x.example")] == [
        "[Acme] SEV1 Investigating: Payments are failing"
    ]

"""What is handed over and what is not: the look before each hand-over, retries, latecomers, and what overtakes what."""

import uuid
from datetime import timedelta

from django.db import connection

from notifications import looking, planning, sending, taking
from notifications.models import Broadcast, Chunk, ChunkState, Delivery, DeliveryState
from statuspage.kit import clock, queues
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from subscribers import unsubscribing
from subscribers.models import Address
from subscribers.suppressing import suppress
from tests.engine import Engine
from tests.makers import Cast, make_person, make_subscribers, open_incident, outage, post, resolve, subscribe
from tests.timeline import Timeline, instant

EARLY = instant("09:00")


def state_of(address: str) -> DeliveryState:
    row = Address.objects.get(value=address)
    return DeliveryState(Delivery.objects.filter(address_id=row.pk).order_by("broadcast_id").last().state)  # type: ignore[union-attr]


def retry_now() -> None:
    """As if the pause before the next try were over: wall time is not moved by the story's clock."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_delivery SET due_at = clock_timestamp() WHERE state < 10")
        cursor.execute("UPDATE notifications_chunk SET due_at = clock_timestamp() WHERE state = 'waiting'")


def test_nothing_is_handed_over_after_unsubscribing(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_subscribers(acme.page, 3)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:09")
    address = Address.objects.get(value="n2@many.example")
    token = unsubscribing.token_for(address_id=address.pk, organization_id=acme.organization.pk)
    found = unsubscribing.find(token)
    assert found == address
    unsubscribing.stop(address)
    timeline.to("10:11")
    assert {message.to for message in engine.caught()} == {"n1@many.example", "n3@many.example"}


def test_who_leaves_or_is_suppressed_in_the_middle_of_a_fan_out_is_spared(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    make_subscribers(acme.page, 60)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:09")
    clock.move_to(instant("10:10"))
    planning.plan_next()
    lease = taking.take(queues.BULK)
    assert lease is not None
    unsubscribing.stop(Address.objects.get(value="n59@many.example"))
    suppress(acme.organization, channel=Channel.EMAIL, normalised="n60@many.example", reason="bounce")
    sending.send(lease)
    assert len(engine.caught()) == 58
    assert state_of("n59@many.example") is DeliveryState.CANCELLED
    assert state_of("n60@many.example") is DeliveryState.SUPPRESSED
    assert incident.number == 1


def test_a_refused_recipient_stops_nobody_else_and_is_tried_again_with_the_same_message_id(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    for address in ("4xx-once@x.example", "5xx-rcpt@x.example", "fine@x.example"):
        subscribe(make_person(acme.organization, address, confirmed_at=EARLY), acme.page)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:10")
    assert state_of("4xx-once@x.example") is DeliveryState.RETRY_WAIT
    assert state_of("5xx-rcpt@x.example") is DeliveryState.FAILED
    assert state_of("fine@x.example") is DeliveryState.ACCEPTED
    retry_now()
    engine.settle()
    assert state_of("4xx-once@x.example") is DeliveryState.ACCEPTED
    chunk = Chunk.objects.get(lane=queues.BULK)
    assert (chunk.state, chunk.accepted, chunk.failed) == (ChunkState.DONE, 2, 1)


def test_cut_after_the_final_dot_goes_out_again_under_the_same_message_id(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    subscribe(make_person(acme.organization, "cut-once@x.example", confirmed_at=EARLY), acme.page)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:10")
    assert state_of("cut-once@x.example") is DeliveryState.AMBIGUOUS
    retry_now()
    engine.settle()
    first, second = engine.to("cut-once@x.example")
    assert first.message_id == second.message_id


def test_an_sms_of_a_dead_worker_is_doubted_before_it_is_sent_again(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    make_person(acme.organization, "+15550000010", ring="on_call", confirmed_at=EARLY)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    planning.plan_next()
    lease = taking.take(queues.INNER)
    assert lease is not None
    assert looking.look_again(lease, limit=1)  # marked, and then the worker dies
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_chunk SET leased_until = clock_timestamp() - interval '1 second'")
    engine.settle()
    assert state_of("+15550000010") is DeliveryState.AMBIGUOUS
    assert engine.caught() == []
    retry_now()
    engine.settle()
    assert len(engine.to("+15550000010")) == 1


def test_a_chunk_that_kills_every_worker_is_set_aside(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_subscribers(acme.page, 2)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:09")
    clock.move_to(instant("10:10"))
    planning.plan_next()
    for _ in range(taking.MOST_ATTEMPTS):
        assert taking.take(queues.BULK) is not None
        with connection.cursor() as cursor:
            cursor.execute("UPDATE notifications_chunk SET leased_until = clock_timestamp() - interval '1 second'")
    assert taking.take(queues.BULK) is None
    assert Chunk.objects.get(lane=queues.BULK).state == ChunkState.POISONED
    assert state_of("n1@many.example") is DeliveryState.POISONED


def test_a_lease_that_was_lost_writes_nothing(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_subscribers(acme.page, 2)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:09")
    clock.move_to(instant("10:10"))
    planning.plan_next()
    lease = taking.take(queues.BULK)
    assert lease is not None
    Chunk.objects.filter(pk=lease.chunk.pk).update(lease_token=uuid.uuid4())
    sending.send(lease)
    assert engine.caught() == []


def test_whoever_confirms_while_the_ring_is_told_gets_the_newest_words_once(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    late = make_person(acme.organization, "late@x.example", confirmed_at=EARLY)
    subscribe(late, acme.page)
    late.addresses.update(confirmed_at=None)
    make_subscribers(acme.page, 3)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:12")
    assert engine.to("late@x.example") == []
    late.addresses.update(confirmed_at=clock.now() + timedelta(seconds=1))
    timeline.to("10:13")
    timeline.to("10:14")
    assert len(engine.to("late@x.example")) == 1
    assert len(engine.caught()) == 4
    resolve(acme, incident)
    timeline.to("10:20")
    assert len(engine.to("late@x.example")) == 2


def test_resolved_during_the_first_fan_out_tells_the_unreached_only_the_end(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    make_subscribers(acme.page, 1_200)  # three chunks
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:09")
    clock.move_to(instant("10:10"))
    planning.plan_next()
    lease = taking.take(queues.BULK)
    assert lease is not None
    sending.send(lease)
    reached = {message.to for message in engine.caught()}
    assert len(reached) == 500
    resolve(acme, incident, "Fixed.")
    timeline.to("10:12")
    got: dict[str, list[str]] = {}
    for message in engine.caught():
        got.setdefault(message.to, []).append("end" if "Resolved" in message.subject else "first")
    assert {address for address, heard in got.items() if heard == ["first", "end"]} == reached
    assert sum(heard == ["end"] for heard in got.values()) == 700
    assert Broadcast.objects.filter(kind="resolved", ring_state__ring__key="customers").count() == 1


def test_a_newer_message_covers_one_that_waits_to_be_tried_again(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    make_person(acme.organization, "4xx-once@x.example", ring="on_call", confirmed_at=EARLY)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:01")
    post(acme, incident, "It is the database.")
    timeline.to("10:02")
    retry_now()
    engine.settle()
    (only,) = engine.to("4xx-once@x.example")
    assert "It is the database." in only.text


def test_tenants_take_turns(acme: Cast, neighbour: Cast, timeline: Timeline, engine: Engine) -> None:
    make_subscribers(acme.page, 1_500)
    with scope(organization=neighbour.organization):
        make_subscribers(neighbour.page, 600)
        open_incident(neighbour, body="Trouble.", services=outage(neighbour.checkout))
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:09")
    clock.move_to(instant("10:10"))
    while planning.plan_next():
        pass
    turns = []
    for _ in range(4):
        lease = taking.take(queues.BULK)
        assert lease is not None
        turns.append(lease.chunk.organization_id)
    assert turns[:2] != turns[1:3], turns
    assert sorted(turns) == sorted([acme.organization.pk, neighbour.organization.pk] * 2)

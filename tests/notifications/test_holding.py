"""The hold switch: nothing leaves, nothing is lost, and an operator sends or drops what waited."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from notifications import holding, looking, pending, planning, sending, taking
from notifications.models import Chunk, ChunkState, Delivery, DeliveryState, Hold
from notifications.pending import CannotDrop
from statuspage.kit import clock, queues
from statuspage.organizations.models import AuditEntry
from tests.engine import Engine
from tests.makers import Cast, make_person, make_subscribers, open_incident, outage, resolve
from tests.timeline import Timeline, instant


def say(*arguments: str) -> str:
    said = io.StringIO()
    call_command("hold", *arguments, stdout=said)
    return said.getvalue()


def as_if_restored() -> None:
    """What a restored database is: its own record of where it was written is no longer true."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM notifications_installation")
        cursor.execute("INSERT INTO notifications_installation VALUES (true, 'where it was backed up')")


def test_on_hold_planning_goes_on_and_nothing_leaves_until_released(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    make_subscribers(acme.page, 3)
    assert "On hold since" in say("--why", "The relay is moving.")
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:11")
    assert engine.caught() == []
    assert taking.waiting_lanes() == {}
    key = f"acme/{incident.number}/on_call"
    assert {each.key: each.people for each in pending.pending()}[key] == 1
    assert f"{key}: 1 pending since" in say("--status")
    assert "The relay is moving." in say("--status")
    assert "Not on hold" in say("--release")
    engine.settle()
    assert {caught.to for caught in engine.caught()} >= {"otto@acme.test", "n1@many.example", "n3@many.example"}
    assert pending.pending() == []


def test_a_worker_in_the_middle_of_a_chunk_gives_it_back_whole(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_subscribers(acme.page, 60)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:09")
    clock.move_to(instant("10:10"))
    planning.plan_next()
    for _ in range(taking.MOST_ATTEMPTS + 1):  # given back as often as one likes, it is not thought to kill workers
        lease = taking.take(queues.BULK)
        assert lease is not None
        holding.hold(by=None, why="")
        assert not holding.wait_until_quiet(seconds=0)
        assert looking.look_again(lease, limit=50) == []
        sending.send(lease)
        assert holding.wait_until_quiet(seconds=0)
        holding.release(by=None)
    assert engine.caught() == []
    assert Chunk.objects.get(lane=queues.BULK).state == ChunkState.WAITING
    engine.settle()
    assert len(engine.caught()) == 60


def test_a_restored_database_is_on_hold_by_itself(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_subscribers(acme.page, 2)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    as_if_restored()
    timeline.to("10:10")
    assert engine.caught() == []
    standing = holding.standing()
    assert standing is not None
    assert standing.since_at is None
    assert holding.notice_a_restore()
    assert not holding.notice_a_restore(), "seen once"
    assert Hold.objects.get().why == holding.RESTORED
    holding.release(by=None)
    assert not holding.is_held()
    engine.settle()
    assert len(engine.caught()) == 2


def test_the_database_itself_knows_where_it_was_written(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT database_identity(), database_identity()")
        first, second = cursor.fetchone()
    assert first == second
    assert first.count(".") == 2


def test_what_is_dropped_is_cancelled_for_everybody_and_audited(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    make_subscribers(acme.page, 3)
    holding.hold(by=acme.owner, why="")
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:11")
    customers = next(each for each in pending.pending() if each.people == 3)
    assert pending.drop([customers], by=acme.owner) == 3
    assert [each.key for each in pending.pending()] == [f"acme/{incident.number}/on_call"]
    entry = AuditEntry.objects.get(verb="dropped")
    assert entry.by == acme.owner
    assert entry.target == f"incident {incident.number}, ring {customers.ring_key}"
    assert entry.after == {"deliveries": 3}
    holding.release(by=acme.owner)
    engine.settle()
    timeline.on(minutes=1)
    assert [caught.to for caught in engine.caught()] == ["otto@acme.test"], "not caught up on, either"
    dropped = Delivery.objects.filter(state=DeliveryState.CANCELLED)
    assert {row.reason for row in dropped} == {pending.DROPPED}
    resolve(acme, incident, "It is over.")
    timeline.on(minutes=1)
    assert len(engine.to("n1@many.example")) == 1, "what comes later is told as ever"


def test_dropping_is_for_what_is_on_hold_and_in_nobodys_hands(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    make_subscribers(acme.page, 2)
    holding.hold(by=None, why="")
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:10")
    everything = pending.pending()
    holding.release(by=None)
    with pytest.raises(CannotDrop, match="on hold first"):
        pending.drop(everything, by=None)
    lease = taking.take(queues.BULK)
    assert lease is not None
    holding.hold(by=None, why="")
    with pytest.raises(CommandError, match="still being handed over"):
        say("--drop", "everything")
    sending.send(lease)
    assert "Dropped 2 messages" in say("--drop", "everything")
    with pytest.raises(CommandError, match="acme/9/nobody"):
        say("--drop", "acme/9/nobody")

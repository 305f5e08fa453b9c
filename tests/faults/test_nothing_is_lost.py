"""Things die in the middle of a fan-out. The sink's own, fsynced record is the truth the database is compared with.

`python3 dev.py drill kill` does it with 5,000 people.
"""

import os
import time
from collections import Counter
from datetime import timedelta

import pytest
import redis
from django.db import connection

from notifications.models import Delivery, DeliveryState
from statuspage.kit import clock
from tests.makers import Cast, make_person, make_subscribers, open_incident, outage
from tests.processes import Processes
from tests.timeline import START

pytestmark = pytest.mark.slow

PEOPLE = int(os.environ.get("RIPPLE_DRILL_PEOPLE", "1500"))
WINDOW = 50  # what a bulk worker may have handed over without having written it down


def wait_until_caught(processes: Processes, number: int) -> None:
    end = time.monotonic() + 60
    while processes.smtp.ledger.path.read_bytes().count(b"\n") < number:  # reading each would slow the sink down
        assert time.monotonic() < end, processes.logs()
        time.sleep(0.02)


def empty_the_broker() -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()


def let_leases_run_out() -> None:
    """What the dead held is free forty seconds later, and what is to be tried again is due: not waited for here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_chunk SET leased_until = clock_timestamp() - interval '1 second'"
            " WHERE lane = 'bulk' AND state = 'leased'"
        )
        cursor.execute("UPDATE notifications_delivery SET due_at = clock_timestamp() WHERE due_at IS NOT NULL")
        cursor.execute("UPDATE notifications_chunk SET due_at = clock_timestamp() WHERE state = 'waiting'")


def test_killed_worker_killed_dispatcher_and_emptied_broker_lose_nothing(acme: Cast, processes: Processes) -> None:
    clock.make_movable(START)
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    make_subscribers(acme.page, PEOPLE)
    processes.start("dispatch", "inner", "bulk")
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    processes.settle()
    clock.move_to(START + timedelta(minutes=10))

    wait_until_caught(processes, PEOPLE // 6)
    processes.kill("bulk")
    let_leases_run_out()
    empty_the_broker()
    processes.start("bulk")
    wait_until_caught(processes, PEOPLE * 2 // 5)
    processes.kill("dispatch")
    processes.smtp.hang_up()
    processes.start("dispatch")
    wait_until_caught(processes, PEOPLE * 7 // 10)
    processes.kill("dispatch")
    processes.kill("bulk")
    let_leases_run_out()
    empty_the_broker()
    processes.start("dispatch", "bulk")
    processes.settle(seconds=150)

    messages = processes.smtp.messages()
    caught = Counter(message.to for message in messages)
    assert {f"n{n}@many.example" for n in range(1, PEOPLE + 1)} <= caught.keys()
    assert caught["otto@acme.test"] == 1
    assert sum(caught.values()) - len(caught) <= 2 * WINDOW + 1  # two killed workers; one message was cut by the relay
    assert Delivery.objects.exclude(state=DeliveryState.ACCEPTED).count() == 0
    assert Delivery.objects.count() == PEOPLE + 1
    assert len({(message.to, message.key) for message in messages}) == len(caught), "twice under one Message-ID"
    assert len({message.key for message in messages}) == PEOPLE + 1

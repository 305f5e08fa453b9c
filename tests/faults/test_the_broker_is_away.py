"""With Redis dead the dispatcher sends the inner rings itself, and pages are published; nothing waits for it."""

import time

import pytest

from tests.makers import Cast, make_person, open_incident, outage
from tests.processes import Processes

pytestmark = pytest.mark.slow

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def wait_until_it_looks(processes: Processes) -> None:
    end = time.monotonic() + 60
    while "is looking" not in processes.logs():
        assert time.monotonic() < end, processes.logs()
        time.sleep(0.02)


def test_on_call_hears_within_ten_seconds_with_the_broker_dead(acme: Cast, processes: Processes) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    processes.environment["REDIS_URL"] = NOBODY_LISTENS
    processes.start("dispatch")
    wait_until_it_looks(processes)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    started = time.monotonic()
    processes.settle(seconds=20)
    assert [message.to for message in processes.caught()] == ["otto@acme.test"]
    assert time.monotonic() - started < 10

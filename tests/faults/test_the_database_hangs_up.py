"""Every connection to PostgreSQL is cut, as a restart would: dispatcher and workers come back by themselves."""

import time

import pytest
from django.db import connection

from tests.makers import Cast, make_person, open_incident, outage, post
from tests.processes import Processes

pytestmark = pytest.mark.slow


def hang_up_on_everybody_else() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_dispatcher_and_workers_survive_cut_connections(acme: Cast, processes: Processes) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    processes.start("dispatch", "inner", "bulk")
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    processes.settle()
    time.sleep(0.5)  # the dispatcher is waiting, its connection open
    assert hang_up_on_everybody_else() >= 1
    post(acme, incident, "We know more.")
    processes.settle(seconds=30)
    assert len(processes.caught()) == 2
    assert all(not running.is_over for running in processes.running.values()), processes.logs()

"""A rolling upgrade in the middle of a fan-out: migrations while the old program runs, then old and new side by side,
then the old ones are asked to stop. Nobody is lost and nobody is written to twice.

Needs the project's history, and takes the program as it was before its newest migration, or RIPPLE_DRILL_FROM.
`python3 dev.py drill upgrade` does it with 5,000 people.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from tests.processes import UNQUIET, Processes
from tooling import ROOT

PEOPLE = int(os.environ.get("RIPPLE_DRILL_PEOPLE", "0"))
PATIENCE = timedelta(seconds=90)
WORKING = ("dispatch", "inner", "bulk")
DATABASE = "upgraded"

# Written for the old program's own makers.
FILL = """
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from tests.makers import make_cast, make_person, make_subscribers, open_incident, outage
from tests.timeline import START
clock.make_movable(START)
acme = make_cast("Acme")
with scope(organization=acme.organization):
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    make_subscribers(acme.page, {people})
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
"""
TEN_MINUTES_LATER = "UPDATE clock_moved SET at = at + interval '10 minutes'"


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def the_program_before(folder: Path) -> Path:
    """Its source, unpacked."""
    added = git("log", "-1", "--format=%H", "--diff-filter=A", "--", "*/migrations/0*.py")
    revision = os.environ.get("RIPPLE_DRILL_FROM") or f"{added}^"
    tree = folder / git("rev-parse", "--short", revision)
    tree.mkdir()
    packed = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed, check=True)
    return tree


@contextmanager
def a_database_of_its_own(processes: Processes) -> Iterator["psycopg2.extensions.connection"]:
    """The old program makes its tables there. Gives a connection to it."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    known = connection.settings_dict
    url = f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{DATABASE}"
    processes.environment["DATABASE_URL"] = url
    try:
        with closing(psycopg2.connect(url)) as opened:
            opened.autocommit = True
            yield opened
    finally:
        processes.stop()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def asked(opened: "psycopg2.extensions.connection", sql: str) -> list[tuple[object, ...]]:
    with opened.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


def settle(opened: "psycopg2.extensions.connection", processes: Processes, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while unquiet := asked(opened, UNQUIET):
        assert time.monotonic() < end, f"{unquiet}\n{processes.logs()}"
        time.sleep(0.05)


def wait_until_caught(processes: Processes, number: int) -> int:
    end = time.monotonic() + 120
    while (caught := len(processes.smtp.messages())) < number:
        assert time.monotonic() < end, processes.logs()
        time.sleep(0.02)
    return caught


@pytest.mark.skipif(not PEOPLE, reason="a drill of its own: python3 dev.py drill upgrade")
def test_a_rolling_upgrade_in_the_middle_of_a_fan_out(
    transactional_db: None, processes: Processes, tmp_path: Path
) -> None:
    old = the_program_before(tmp_path)
    with a_database_of_its_own(processes) as opened:
        processes.manage("migrate", "--verbosity", "0", tree=old)
        processes.manage("shell", "-c", FILL.format(people=PEOPLE), tree=old)
        processes.start(*WORKING, tree=old)
        settle(opened, processes, seconds=60)
        asked(opened, TEN_MINUTES_LATER)
        at_migration = wait_until_caught(processes, PEOPLE // 20)
        said = processes.manage("migrate")
        migrated = wait_until_caught(processes, PEOPLE // 10)
        processes.start(*WORKING)
        while not any("handed over" in path.read_text() for path in processes.folder.glob("bulk.log")):
            time.sleep(0.02)
            assert len(processes.smtp.messages()) < PEOPLE, "the fan-out ended before the new program took part"
        side_by_side = len(processes.smtp.messages())
        for name in WORKING:
            processes.running.pop(f"{name} of {old.name}").stop(patience=PATIENCE)
        stopped = len(processes.smtp.messages())
        settle(opened, processes, seconds=180)
        states = asked(opened, "SELECT state, count(*) FROM notifications_delivery GROUP BY state")

    caught = Counter(message.to for message in processes.smtp.messages())
    assert caught.keys() == {"otto@acme.test", *(f"n{n}@many.example" for n in range(1, PEOPLE + 1))}, "0 lost"
    assert set(caught.values()) == {1}, "nobody twice"
    assert states == [(10, PEOPLE + 1)]
    applied = said.count("... OK")
    assert applied, "there was something to migrate"
    sys.stdout.write(
        f"\nFrom {old.name}: {applied} migrations after {at_migration} of {PEOPLE + 1} messages (done by {migrated});"
        f" old and new side by side from {side_by_side}, only new ones from {stopped}. 0 lost, 0 twice.\n"
    )

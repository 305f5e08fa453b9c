"""One process dies while it reads a file of people, another while it adds them: the counts are exact."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from benchmarks.importing import crowd
from statuspage.organizations.models import AuditEntry
from subscribers.importing import agreeing, cutting, receiving, working
from subscribers.importing.models import Consent, ImportFile, ImportState
from subscribers.models import Address, Person, Subscription
from tests.makers import Cast
from tests.processes import Processes

pytestmark = pytest.mark.slow

ROWS = 8_000


def wait_until(file: ImportFile, is_there: Callable[[ImportFile], bool], processes: Processes) -> None:
    end = time.monotonic() + 60
    while not is_there(file):
        assert time.monotonic() < end, f"{file.state}, {file.percent} %\n{processes.logs()}"
        time.sleep(0.02)
        file.refresh_from_db()


@contextmanager
def somebody_who_dies() -> Iterator[None]:
    """A process that works as a worker does, and is there at once."""

    def work() -> None:
        while True:
            working.step()

    connection.close()  # it makes one of its own, and so do we
    process = multiprocessing.get_context("fork").Process(target=work, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def test_killed_workers_lose_nobody_and_add_nobody_twice(
    acme: Cast, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "PIECE_BYTES", 16 * 1024)  # so that there is a middle to die in
    for number in (1, 2):
        type(acme.api).objects.create(organization=acme.organization, name=f"Service number {number}").pages.add(
            acme.page, through_defaults={"organization": acme.organization}
        )
    path = processes.folder / "people.csv"
    expected = crowd.write(path, ROWS)
    processes.start("dispatch", "bulk")
    with path.open("rb") as opened:
        file = receiving.receive(acme.page, path.name, receiving.chunks_of(opened), by=acme.owner)
    with somebody_who_dies():
        wait_until(file, lambda file: file.percent >= 20, processes)
    assert file.state == ImportState.READING, "it died in the middle"
    wait_until(file, lambda file: file.stage is ImportState.READY, processes)
    assert Counter(file.foreseen["problems"]) == expected.rejected
    agreeing.begin(file, Consent.ATTESTED, by=acme.owner)
    wait_until(file, lambda file: file.percent >= 50, processes)
    processes.kill("bulk")
    file.refresh_from_db()
    assert file.state == ImportState.APPLYING, "it died in the middle"
    while working.step():
        pass
    file.refresh_from_db()
    assert (file.rows_seen, file.rejected, file.added) == (ROWS, ROWS - expected.good, expected.good)
    assert Person.objects.count() == expected.good
    assert Address.objects.count() == Subscription.objects.count() == expected.good + ROWS // 100
    assert AuditEntry.objects.filter(verb="imported").count() == 1

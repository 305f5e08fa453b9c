"""A worker dies while it reads a file of people, and another while it adds them: the counts are exact."""

import time
from collections import Counter

import pytest

from benchmarks.importing import crowd
from statuspage.organizations.models import AuditEntry
from subscribers.importing import agreeing, cutting, receiving
from subscribers.importing.models import Consent, ImportFile, ImportState
from subscribers.models import Address, Person, Subscription
from tests.makers import Cast
from tests.processes import Processes

pytestmark = pytest.mark.slow

ROWS = 20_000


def wait_until(file: ImportFile, state: ImportState, processes: Processes, *, kill_at: int) -> None:
    """Kills the worker once, when `kill_at` per cent are done."""
    end, is_killed = time.monotonic() + 60, False
    while file.state != state:
        assert time.monotonic() < end, f"{file.state}, {file.percent} %\n{processes.logs()}"
        time.sleep(0.02)
        file.refresh_from_db()
        if not is_killed and file.percent >= kill_at:
            processes.kill("bulk")
            processes.start("bulk")
            is_killed = True
    assert is_killed


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
    wait_until(file, ImportState.READY, processes, kill_at=20)
    assert Counter(file.foreseen["problems"]) == expected.rejected
    agreeing.begin(file, Consent.ATTESTED, by=acme.owner)
    wait_until(file, ImportState.DONE, processes, kill_at=50)
    assert (file.rows_seen, file.rejected, file.added) == (ROWS, ROWS - expected.good, expected.good)
    assert Person.objects.count() == expected.good
    assert Address.objects.count() == Subscription.objects.count() == expected.good + ROWS // 100
    assert AuditEntry.objects.filter(verb="imported").count() == 1

"""A backup in the middle of a fan-out, then the database and every published page are gone, then it is restored.

Nothing that was accepted before the backup is sent again, nothing leaves unasked, nobody is lost, and the page is back.
`python3 dev.py drill restore` does it with 5,000 people.
"""

import os
import shutil
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from notifications import holding
from notifications.models import Delivery, DeliveryState
from statuspage.kit import clock
from subscribers.models import Address
from tests.makers import Cast, make_person, make_subscribers, open_incident, outage
from tests.processes import Processes
from tests.timeline import START

pytestmark = pytest.mark.slow

PEOPLE = int(os.environ.get("RIPPLE_DRILL_PEOPLE", "1500"))
WINDOW = 50


def wait_until_caught(processes: Processes, number: int) -> None:
    end = time.monotonic() + 120
    while processes.smtp.ledger.path.read_bytes().count(b"\n") < number:  # reading each would slow the sink down
        assert time.monotonic() < end, processes.logs()
        time.sleep(0.02)


def destroy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    shutil.rmtree(settings.PUBLISHED_DIR)


def test_a_restore_in_the_middle_of_a_fan_out(acme: Cast, processes: Processes, tmp_path: Path) -> None:
    clock.make_movable(START)
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    make_subscribers(acme.page, PEOPLE)
    processes.start("dispatch", "inner", "bulk")
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    processes.settle()
    clock.move_to(START + timedelta(minutes=10))

    wait_until_caught(processes, PEOPLE // 10)
    backup = threading.Thread(target=processes.manage, args=("backup", str(tmp_path / "ripple.dump")))
    backup.start()
    backup.join()
    for name in list(processes.running):
        processes.kill(name)
    before = Counter(message.to for message in processes.smtp.messages())
    destroy()

    processes.start("dispatch", "inner", "bulk")  # too early, on purpose: they find no tables
    said = processes.manage("restore", str(tmp_path / "ripple.dump"))
    assert "on hold" in said
    values = dict(Address.objects.values_list("pk", "value"))
    accepted = {
        values[pk] for pk in Delivery.objects.filter(state=DeliveryState.ACCEPTED).values_list("address_id", flat=True)
    }
    assert PEOPLE // 10 - WINDOW <= len(accepted) < PEOPLE, "the backup was taken in the middle"
    time.sleep(4)  # long enough for every process to have looked, were it allowed to
    processes.manage("publish", "--all")
    assert Counter(message.to for message in processes.smtp.messages()) == before, "nothing leaves unasked"
    page = (settings.PUBLISHED_DIR / "pages" / acme.page.public_id / "index.html").read_text()
    assert "Trouble with payments" in page
    assert f"acme/1/customers: {PEOPLE + 1 - len(accepted)} pending since" in processes.manage("hold", "--status")

    assert "Not on hold" in processes.manage("hold", "--release")
    processes.settle(seconds=150)
    caught = Counter(message.to for message in processes.smtp.messages())
    again = {address for address, number in caught.items() if number > before[address] and before[address]}
    assert caught.keys() == {"otto@acme.test", *(f"n{n}@many.example" for n in range(1, PEOPLE + 1))}, "0 lost"
    assert not again & accepted, "what the backup knew of is not sent again"
    assert Delivery.objects.exclude(state=DeliveryState.ACCEPTED).count() == 0
    assert holding.standing() is None
    sys.stdout.write(
        f"\n{PEOPLE + 1} messages: {sum(before.values())} accepted before the loss, {len(accepted)} of them in the"
        f" backup; 0 sent while on hold, 0 of those in the backup sent again, {len(again)} others sent again as asked"
        " for, 0 lost.\n"
    )

"""`python3 dev.py bench unsubscribing`: thousands leave while everybody is being written to. Who has left gets nothing
that is handed over more than a second later.

The real server, dispatcher and workers; a relay of our own with a record of when each message arrived is the truth.
"""

import argparse
import http.client
import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.pages.world import World, world
from statuspage.demo.sinks import SmtpSink
from tooling.progress import Progress

HOST = "status.acme.test"
MOST_SECONDS = 1.0
_mine = threading.local()


@dataclass(frozen=True, slots=True)
class Leaver:
    email: str
    path: str


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench unsubscribing", allow_abbrev=False)
    parser.add_argument("--people", type=int, default=100_000, help="who follow the page (100,000)")
    parser.add_argument("--leavers", type=int, default=10_000, help="of them, who leave meanwhile (10,000)")
    options = parser.parse_args()
    progress = Progress()
    progress.say("Starting PostgreSQL, Valkey, the server, the dispatcher and the workers")
    with world() as here:
        return _measure(here, options.people, options.leavers, progress)


def _measure(here: World, people: int, leavers: int, progress: Progress) -> int:
    # Models can be imported only now that Django is there.
    from benchmarks.unsubscribing import story  # noqa: PLC0415

    with SmtpSink(ledger=Path(here.folder) / "mail.jsonl") as smtp:
        os.environ["RIPPLE_SMTP_URL"] = f"smtp://127.0.0.1:{smtp.port}"
        progress.say(f"Making {people} subscribers")
        cast, ways = story.prepare(people, leavers)
        leaving = [Leaver(email, path) for email, path in ways]
        here.start("serve", "dispatch", "inner", "bulk")
        here.wait_for_port("serve")
        story.open_it(cast)
        _wait_for_the_first(smtp)
        progress.say(f"{leavers} leave while {people} are being written to")
        left_at = _leave(here.port, leaving)
        story.wait_until_sent()
        arrived = {message.to: datetime.fromisoformat(message.at).timestamp() for message in smtp.messages()}
    return _report(left_at, arrived, people)


def _wait_for_the_first(smtp: SmtpSink) -> None:
    while not smtp.messages():
        time.sleep(0.05)


def _leave(port: int, leaving: Iterable[Leaver]) -> dict[str, float]:
    """When each had their answer."""

    def one(leaver: Leaver) -> tuple[str, float]:
        if not hasattr(_mine, "connection"):
            _mine.connection = http.client.HTTPConnection("127.0.0.1", port)
        form = "List-Unsubscribe=One-Click"
        headers = {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded"}
        _mine.connection.request("POST", leaver.path, form, headers)
        answer = _mine.connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"The server answered {answer.status}.")
        return leaver.email, time.time()

    with ThreadPoolExecutor(4) as crowd:
        return dict(crowd.map(one, leaving))


def _report(left_at: dict[str, float], arrived: dict[str, float], people: int) -> int:
    late = [arrived[email] - at for email, at in left_at.items() if arrived.get(email, 0) > at]
    spared = sum(email not in arrived for email in left_at)
    had = len(left_at) - spared - len(late)
    print(f"{len(left_at)} left: {had} had their message already, {spared} were spared, {len(late)} got it afterwards")
    print(f"latest hand-over after the answer: {max(late, default=0):.3f} s (must be ≤ {MOST_SECONDS:g} s)")
    is_whole = len(arrived) + spared == people
    print("everybody else got theirs" if is_whole else f"MISSING: {people - spared - len(arrived)} of everybody else")
    return 0 if max(late, default=0) <= MOST_SECONDS and is_whole else 1


if __name__ == "__main__":
    raise SystemExit(main())

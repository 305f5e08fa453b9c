"""`python3 dev.py bench unsubscribing`: thousands leave while everybody is being written to. Who has left gets nothing
that is handed over more than a second later by mail, or a minute by SMS.

The real server, dispatcher and workers; a relay of our own with a record of when each message arrived is the truth.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.pages.world import World, world
from benchmarks.unsubscribing.leaving import SMS_TOKEN, Leaver, by_one_click, by_stop
from statuspage.demo.sinks import SmsSink, SmtpSink
from tooling.progress import Progress


@dataclass(frozen=True, slots=True)
class Way:
    """How people are told, how they leave, and within how many seconds that must work."""

    sink: Callable[..., SmtpSink | SmsSink]
    leave: Callable[[Leaver, int], None]
    most_seconds: float


WAYS = {"email": Way(SmtpSink, by_one_click, 1.0), "sms": Way(SmsSink, by_stop, 60.0)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench unsubscribing", allow_abbrev=False)
    parser.add_argument("--by", choices=list(WAYS), default="email", help="a click, or STOP texted back (email)")
    parser.add_argument("--people", type=int, default=100_000, help="who follow the page (100,000)")
    parser.add_argument("--leavers", type=int, default=10_000, help="of them, who leave meanwhile (10,000)")
    options = parser.parse_args()
    progress = Progress()
    progress.say("Starting PostgreSQL, Valkey, the server, the dispatcher and the workers")
    with world() as here:
        return _measure(here, options, progress)


def _measure(here: World, options: argparse.Namespace, progress: Progress) -> int:
    # Models can be imported only now that Django is there.
    from benchmarks.unsubscribing import story  # noqa: PLC0415

    way = WAYS[options.by]
    with way.sink(ledger=Path(here.folder) / "ledger.jsonl") as sink:
        _point_at(sink)
        progress.say(f"Making {options.people} subscribers")
        cast, leaving = story.prepare(options.people, options.leavers, by=options.by)
        here.start("serve", "dispatch", "inner", "bulk")
        here.wait_for_port("serve")
        story.open_it(cast)
        _wait_for_the_first(sink)
        progress.say(f"{options.leavers} leave while {options.people} are being written to")
        left_at = _leave(way, here.port, leaving)
        progress.say("All of them have left; the others are still being written to")
        story.wait_until_sent()
        arrived = {message.to: datetime.fromisoformat(message.at).timestamp() for message in sink.messages()}
    return _report(way, left_at, arrived, options.people)


def _point_at(sink: SmtpSink | SmsSink) -> None:
    if isinstance(sink, SmsSink):
        os.environ |= {"RIPPLE_SMS_URL": sink.url, "RIPPLE_SMS_TOKEN": SMS_TOKEN}
    else:
        os.environ["RIPPLE_SMTP_URL"] = f"smtp://127.0.0.1:{sink.port}"


def _wait_for_the_first(sink: SmtpSink | SmsSink) -> None:
    while not sink.messages():
        time.sleep(0.05)


def _leave(way: Way, port: int, leaving: Iterable[Leaver]) -> dict[str, float]:
    """When each had their answer."""

    def one(leaver: Leaver) -> tuple[str, float]:
        way.leave(leaver, port)
        return leaver.address, time.time()

    with ThreadPoolExecutor(4) as crowd:
        return dict(crowd.map(one, leaving))


def _report(way: Way, left_at: dict[str, float], arrived: dict[str, float], people: int) -> int:
    late = [arrived[address] - at for address, at in left_at.items() if arrived.get(address, 0) > at]
    spared = sum(address not in arrived for address in left_at)
    had = len(left_at) - spared - len(late)
    print(f"{len(left_at)} left: {had} had their message already, {spared} were spared, {len(late)} got it afterwards")
    print(f"latest hand-over after the answer: {max(late, default=0):.3f} s (must be ≤ {way.most_seconds:g} s)")
    is_whole = len(arrived) + spared == people
    print("everybody else got theirs" if is_whole else f"MISSING: {people - spared - len(arrived)} of everybody else")
    return 0 if max(late, default=0) <= way.most_seconds and is_whole else 1


if __name__ == "__main__":
    raise SystemExit(main())

"""From a post's commit to readers, with the real processes, while 64 connections hammer the page.

Besides how long it takes, two things must never happen: a reader sees an older version after a newer one, and an
answer that is an error.
"""

import http.client
import random
import re
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from benchmarks.pages.load import Answered, Target, hammer
from benchmarks.pages.report import spread
from benchmarks.pages.site import Site
from benchmarks.pages.world import World
from incidents.models import Incident
from tooling import nginx
from tooling.progress import Problem

READERS = 3
PATIENCE_SECONDS = 10.0
PER_INCIDENT = 10
"""After so many posts the incident is resolved and another one opened, so that the page keeps its size."""
_NUMBER = re.compile(rb"Word number (\d+)\.")


@dataclass
class Reader:
    """Polls the page on one connection. `seen[n]` is when the n-th word was first in an answer (monotonic seconds)."""

    port: int
    host: str
    pause: float
    seen: dict[int, float] = field(default_factory=dict)
    answers: int = 0
    failures: int = 0
    steps_back: int = 0
    is_done: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        newest = 0
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            while not self.is_done.is_set():
                connection.request("GET", "/", headers={"Host": self.host})
                answer = connection.getresponse()
                numbers = [int(number) for number in _NUMBER.findall(answer.read())]
                self.answers += 1
                self.failures += answer.status != http.client.OK
                number = max(numbers, default=newest)
                self.steps_back += number < newest
                if number > newest:
                    self.seen[number] = time.monotonic()
                    newest = number
                time.sleep(self.pause)


def propagate(here: World, site: Site, *, posts: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Post `posts` times. Returns milliseconds from commit to reader, and what must not have happened."""
    here.start("dispatch", "inner", "serve")
    here.wait_for_port("serve")
    with nginx.serving(here.published, application=f"127.0.0.1:{here.port}", folder=here.folder / "front") as port:
        _warm_up(site)
        readers = [Reader(port, site.host, pause=0.002 if place == 0 else 0.02) for place in range(READERS)]
        threads = [threading.Thread(target=reader.read, daemon=True) for reader in readers]
        for thread in threads:
            thread.start()
        load = hammer(
            Target("page", f"http://127.0.0.1:{port}/", 0, {"Host": site.host}), seconds=posts * 3.0, gives_way=True
        )
        try:
            committed = _post(site, readers[0], posts=posts, say=say)
        finally:
            for reader in readers:
                reader.is_done.set()
            load.send_signal(2)  # wrk sums up when it is interrupted
            words = load.communicate()[0]
    return _summary(committed, readers, Answered.read(words))


def _warm_up(site: Site) -> None:
    """The first of everything: connections are made, templates are read."""
    incident = site.open_incident("Warming up", "Something to begin with.")
    _wait(lambda: _is_published(site))
    site.resolve(incident)
    _wait(lambda: _is_published(site))


def _is_published(site: Site) -> bool:
    return not site.is_outdated()


def _post(site: Site, reader: Reader, *, posts: int, say: Callable[[str], None]) -> dict[int, float]:
    """When each was committed (monotonic seconds)."""
    committed: dict[int, float] = {}
    incident: Incident | None = None
    chance = random.Random(1)
    for number in range(1, posts + 1):
        words = f"Word number {number}."
        if incident is None:
            incident = site.open_incident("Slow answers", words)
        else:
            site.post(incident, words)
        committed[number] = time.monotonic()
        _wait(partial(reader.seen.__contains__, number))
        if number % PER_INCIDENT == 0:
            site.resolve(incident)
            incident = None
            say(f"{number} of {posts} posts")
        time.sleep(0.1 + 0.3 * chance.random())
    return committed


def _wait(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > end:
            raise Problem(f"Nothing new could be read for {PATIENCE_SECONDS:.0f} s.")
        time.sleep(0.005)


def _summary(committed: dict[int, float], readers: list[Reader], load: Answered) -> dict[str, Any]:
    took = [(readers[0].seen[number] - at) * 1000 for number, at in committed.items()]
    return {
        "posts": len(committed),
        "milliseconds": spread(took),
        "hammering_per_second": load.per_second,
        "hammering_failures": load.failures,
        "readers_answers": sum(reader.answers for reader in readers),
        "readers_failures": sum(reader.failures for reader in readers),
        "older_after_newer": sum(reader.steps_back for reader in readers),
    }

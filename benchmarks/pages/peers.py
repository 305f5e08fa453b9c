"""Other open-source status pages from PyPI, installed in environments thrown away, as their documentation says.

Each gets 20 services, two processes where we get one, and no access log. They are asked in pairs with our page through
the shipped web server: one after the other, and in the next round the other way round.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.pages.load import Target, measure
from benchmarks.pages.reading import PLAIN, SHIPPED, Server, serving
from benchmarks.pages.world import World
from tooling import ROOT
from tooling.processes import Program, Running
from tooling.progress import Problem, tail
from tooling.servers import answers, free_port

OURS = Path(__file__).with_name("peers_djangostatuspage.py")
START_WITHIN_SECONDS = 30.0
AT_LEAST_SECONDS = 6.0
"""In less time, 64 connections would not all get an answer from those who are slow."""


@dataclass(frozen=True, slots=True)
class Peer:
    """`prepare` gets a folder, and an address that is always well; `serve` are the arguments after `python -m`."""

    name: str
    requirements: tuple[str, ...]
    path: str
    serve: str
    prepare: Callable[[Path, str], None]


def _services_of_pulsewatch(folder: Path, well: str) -> None:
    """Checked once an hour, so that checking takes nothing from answering."""
    lines = [
        f"  - name: Service {place}\n    url: {well}\n    check_interval_seconds: 3600\n    failure_threshold: 3\n"
        for place in range(20)
    ]
    (folder / "config.yaml").write_text("services:\n" + "".join(lines) + "alerts: []\n")


def _project_of_djangostatuspage(folder: Path, _well: str) -> None:
    """A Django project with nothing but the app, 20 systems and three open issues in it."""
    (folder / "project.py").write_text(OURS.read_text())
    done = subprocess.run(
        [folder / "bin" / "python", "project.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Problem(f"it could not be set up: {done.stderr.strip()[-300:]}")


PEERS = (
    Peer(
        "djangostatuspage 0.1.2",
        ("djangostatuspage==0.1.2", "granian"),
        "/status-pages/acme/",
        "granian --interface wsgi --workers 2 --host 127.0.0.1 --port {port} --no-access-log project:application",
        _project_of_djangostatuspage,
    ),
    Peer(
        "pulsewatch 1.0.0",
        ("pulsewatch==1.0.0",),
        "/",
        "uvicorn --workers 2 --host 127.0.0.1 --port {port} --no-access-log --log-level warning pulsewatch.main:app",
        _services_of_pulsewatch,
    ),
)


def compare(
    here: World, *, host: str, page: str, rounds: int, seconds: float, say: Callable[[str], None]
) -> dict[str, Any]:
    """How many times as many answers a second we give as each of them. One that cannot be had is left out, and why."""
    found: dict[str, Any] = {}
    with serving(here) as servers:
        ours = servers[SHIPPED].target("ours", "/", {"Host": host}, is_known=False)
        well = f"http://127.0.0.1:{servers[PLAIN].port}/pages/{page}/index.html"
        for peer in PEERS:
            try:
                found[peer.name] = _beside(peer, ours, here.folder, well, rounds=rounds, seconds=seconds)
            except Problem as problem:
                found[peer.name] = {"skipped": str(problem).splitlines()[0]}
            say(f"{peer.name}: {found[peer.name]}")
    return found


def _beside(peer: Peer, ours: Target, folder: Path, well: str, *, rounds: int, seconds: float) -> dict[str, Any]:
    place = folder / peer.name.split()[0]
    _install(peer, place)
    peer.prepare(place, well)
    running, port = _start(peer, place)
    try:
        theirs = Server(port, running.process.pid).target("theirs", peer.path, {}, is_known=False)
        seconds = max(seconds, AT_LEAST_SECONDS)
        measure(theirs, seconds=seconds)  # their first answers are slow: it would not be fair to count them
        taken = [_round([ours, theirs] if turn % 2 else [theirs, ours], seconds=seconds) for turn in range(rounds)]
    finally:
        running.stop()
    return {
        "per_second": statistics.median(each["theirs"] for each in taken),
        "times": statistics.median(each["ours"] / each["theirs"] for each in taken),
    }


def _round(targets: list[Target], *, seconds: float) -> Mapping[str, float]:
    found = {}
    for target in targets:
        answered, _cpu = measure(target, seconds=seconds)
        if not answered.requests or answered.failures:
            raise Problem(f"{answered.failures} of {answered.requests} answers of {target.name} were errors")
        found[target.name] = answered.per_second
    return found


def _install(peer: Peer, place: Path) -> None:
    log = place.with_suffix(".log")
    with log.open("w") as words:
        for command in (
            [sys.executable, "-m", "venv", str(place)],
            [str(place / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *peer.requirements],
        ):
            if subprocess.run(command, cwd=ROOT, stdout=words, stderr=words, check=False).returncode:
                raise Problem(f"it could not be installed: {' '.join(tail(log, lines=1).split())}")


def _start(peer: Peer, place: Path) -> tuple[Running, int]:
    port = free_port()
    arguments = ["-c", f"cd {place} && exec bin/python -m {peer.serve.format(port=port)}"]
    own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    running = Program(peer.name, ["/bin/sh", *arguments], place.with_suffix(".log"), own).start()
    end = time.monotonic() + START_WITHIN_SECONDS
    while not answers(port):
        if running.is_over or time.monotonic() > end:
            running.stop()
            raise Problem(f"it did not start: {' '.join(tail(running.program.log, lines=1).split())}")
        time.sleep(0.1)
    return running, port

"""Asking a web server as often as it can answer, and what that costs it."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tooling.processes import dying_with_us
from tooling.progress import Problem
from tooling.system import require

CONNECTIONS = 64
_TICKS = 100
"""Of /proc's clock in a second (USER_HZ), the same on every Linux that Python runs on."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address, and the headers it is asked with. `pid` is the server's first process."""

    name: str
    url: str
    pid: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What wrk says: answers in a second, how many there were, and how many were refusals or broken connections."""

    per_second: float
    requests: int
    failures: int

    @classmethod
    def read(cls, words: str) -> Self:
        rate = re.search(r"Requests/sec:\s+([\d.]+)", words)
        count = re.search(r"(\d+) requests in", words)
        if not rate or not count:
            raise Problem(f"wrk said something else than expected:\n{words}")
        refused = re.search(r"Non-2xx or 3xx responses: (\d+)", words)
        broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", words)
        failures = int(refused[1]) if refused else 0
        return cls(float(rate[1]), int(count[1]), failures + sum(map(int, broken.groups() if broken else ())))


def hammer(target: Target, *, seconds: float, gives_way: bool = False) -> "subprocess.Popen[str]":
    """wrk on one thread, with 64 connections, until the time is over. `Answered.read` understands its words.

    One that `gives_way` takes what processor time is left (nice 19): readers are not on the machine that serves them.
    """
    headers = [word for name, value in target.headers.items() for word in ("-H", f"{name}: {value}")]
    niceness = ["nice", "-n", "19"] if gives_way else []
    arguments = [
        *niceness,
        require("wrk"),
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds:.0f}s",
        "--timeout",
        "10s",
        *headers,
    ]
    return subprocess.Popen(
        [*arguments, target.url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **dying_with_us()
    )


def measure(target: Target, *, seconds: float) -> tuple[Answered, float]:
    """Answers, and how many µs of processor time one of them took the server."""
    before = cpu_seconds(target.pid)
    words, _none = hammer(target, seconds=seconds).communicate()
    answered = Answered.read(words)
    return answered, (cpu_seconds(target.pid) - before) / max(1, answered.requests) * 1e6


def cpu_seconds(pid: int) -> float:
    """Of a process and all that it started."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in _children(task)]
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS + sum(map(cpu_seconds, children))


def _children(task: Path) -> list[str]:
    return (task / "children").read_text().split()

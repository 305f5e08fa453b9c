"""Saying what is going on, so that nobody stares at a silent screen."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from tooling import ROOT
from tooling.processes import dying_with_us

NUDGE = timedelta(seconds=10)


class Problem(Exception):  # noqa: N818 - it is read aloud to a person, not raised at a programmer
    """Something the reader can act on. Its text is shown as it is, without a traceback."""


def tail(log: Path, *, lines: int = 15) -> str:
    """The last `lines` lines of a log, indented; a sentence when there are none."""
    text = log.read_text(errors="replace").strip() if log.exists() else ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:]) or "    (it wrote nothing)"


class Progress:
    """Lines with the seconds since the start. `seconds` is how long it has been."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def say(self, text: str) -> None:
        print(f"{self.seconds:5.0f} s  {text}", flush=True)

    def wait_for(self, process: "subprocess.Popen[bytes]", *, doing: str) -> int:
        """Wait for the end of `process`, saying every ten seconds that it still goes on. Returns its exit status."""
        while True:
            try:
                return process.wait(NUDGE.total_seconds())
            except subprocess.TimeoutExpired:
                self.say(f"… still {doing[0].lower()}{doing[1:]}")

    def run(self, doing: str, arguments: Sequence[str], *, environment: Mapping[str, str], log: Path) -> str:
        """Run a command to its end with its words going to `log`. Returns those words; a failure is a `Problem`."""
        self.say(doing)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(
                arguments,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **dying_with_us(),
            )
            status = self.wait_for(process, doing=doing)
        if status != 0:
            raise Problem(f"{doing}: failed with exit status {status}. Last words:\n{tail(log)}\n  All of them: {log}")
        return log.read_text(errors="replace")


def complain(problem: Problem) -> None:
    print(f"\n✗ {problem}", file=sys.stderr, flush=True)

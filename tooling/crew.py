"""Processes that work together: one that falls is started again, and all are stopped in order."""

import time
from collections.abc import Sequence
from datetime import timedelta

from tooling.processes import Program, Running
from tooling.progress import Problem, Progress, tail

STABLE_AFTER = timedelta(seconds=10)


class Crew:
    """`programs` in the order in which they are stopped. `servers` are watched too, but not started or stopped here."""

    def __init__(self, programs: Sequence[Program], *, servers: Sequence[Running], progress: Progress) -> None:
        self._servers = servers
        self._progress = progress
        self._running: list[Running] = []
        try:
            for program in programs:
                self._running.append(program.start())
        except BaseException:
            self.stop()
            raise

    def look_after(self) -> None:
        """Start again what has fallen. A server that fell, or a program that cannot stand, is a `Problem`."""
        for server in self._servers:
            if server.is_over:
                raise _fallen(server)
        for place, running in enumerate(self._running):
            if not running.is_over:
                continue
            if running.age < STABLE_AFTER:
                raise _fallen(running)
            self._progress.say(f"{running.program.name} ended with {running.process.returncode}; starting it again")
            self._running[place] = running.program.start()

    def keep_going(self) -> None:
        """Look after them until somebody interrupts."""
        while True:
            self.look_after()
            time.sleep(0.5)

    def stop(self) -> None:
        for running in self._running:
            running.stop()


def _fallen(running: Running) -> Problem:
    name, log = running.program.name, running.program.log
    return Problem(f"{name} ended with {running.process.returncode}. The last lines of {log}:\n{tail(log)}")

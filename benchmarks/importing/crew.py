"""Workers that only import: how much memory they take, and how they die."""

import os
import random
import signal
from itertools import count
from pathlib import Path

from benchmarks.pages.world import World
from subscribers.importing.models import ImportFile, ImportState
from tooling.demo import command
from tooling.processes import Program

_number = count()


class Crew:
    """`peak` is what the largest of them ever held, in bytes."""

    def __init__(self, here: World, workers: int) -> None:
        self._here = here
        self.peak = 0
        for _worker in range(workers):
            self._start()

    def look(self) -> None:
        for name in self._names():
            self.peak = max(self.peak, _peak_of(self._here.running[name].process.pid))

    def kill_one(self, chance: random.Random) -> None:
        """As the kernel would, and another takes its place."""
        self.look()
        running = self._here.running.pop(chance.choice(self._names()))
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()
        self._start()

    def stop(self) -> None:
        self.look()
        for name in self._names():
            self._here.running.pop(name).stop()

    def _start(self) -> None:
        name = f"imports{next(_number)}"
        words = [word.replace("bulk@", f"{name}@") for word in command("bulk")]
        words[words.index("bulk,imports")] = "imports"
        log = self._here.folder / "logs" / f"{name}.log"
        self._here.running[name] = Program(name, words, log, os.environ).start()

    def _names(self) -> list[str]:
        return [name for name in self._here.running if name.startswith("imports")]


def _peak_of(pid: int) -> int:
    """Bytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


class Dying:
    """Kills a worker whenever another share of the pieces is done, while reading and while applying."""

    def __init__(self, crew: Crew, kills: int) -> None:
        self._crew, self._kills, self._chance = crew, kills, random.Random(7)
        self.done = 0

    def look(self, file: ImportFile) -> None:
        self._crew.look()
        share = file.percent / 200 + (0.5 if file.stage is ImportState.APPLYING else 0)
        if file.stage.is_working and self.done < self._kills and share >= (self.done + 0.5) / self._kills:
            self._crew.kill_one(self._chance)
            self.done += 1

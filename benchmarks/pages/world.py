"""A database, a broker and a data folder of our own to measure with, and the product's processes on them."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import django
from django.core.management import call_command

from tooling import servers
from tooling.demo import command
from tooling.processes import Program, Running


@dataclass(frozen=True, slots=True)
class World:
    """`running` is everything that may be stopped: the database, the broker, and what was started since."""

    folder: Path
    port: int
    running: dict[str, Running] = field(default_factory=dict)

    @property
    def published(self) -> Path:
        return self.folder / "data" / "published"

    def start(self, *names: str) -> None:
        """Our own processes, as the demo starts them: "dispatch", "inner", "serve"."""
        for name in names:
            arguments = command(name, port=self.port)
            self.running[name] = Program(name, arguments, self.folder / "logs" / f"{name}.log", os.environ).start()

    def wait_for_port(self, name: str) -> None:
        """Until it listens."""
        servers.wait_until_ready(self.running[name], lambda: servers.answers(self.port))

    def what_is_down(self) -> list[str]:
        """Which of the product's processes and servers are not there at this moment."""
        return [name for name in ("postgres", "valkey", "dispatch", "inner", "serve") if name not in self.running]

    def kill_everything(self) -> list[str]:
        """As a power cut would, the database and the broker included. Returns the names of what was running."""
        killed = list(self.running)
        for running in self.running.values():
            os.killpg(running.process.pid, signal.SIGKILL)
            running.process.wait()
        self.running.clear()
        return killed


@contextmanager
def world() -> Iterator[World]:
    """Made for one run and thrown away. The database is as safe as in production: a commit waits for the disk."""
    folder = Path(tempfile.mkdtemp(prefix="ripple-bench-"))
    folder.chmod(0o755)
    try:
        with servers.running(folder, is_lasting=True) as started:
            port = servers.free_port()
            _settle(folder, started.environment, port)
            here = World(folder, port, {each.program.name: each for each in started.running})
            yield here
            for running in here.running.values():
                running.stop()
    finally:
        servers.forget(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _settle(folder: Path, addresses: dict[str, str], port: int) -> None:
    (folder / "data" / "static").mkdir(parents=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "statuspage.settings",
        "PYTHONUNBUFFERED": "1",
        "RIPPLE_SECRET_KEY": "for benchmarks only",
        "RIPPLE_CONSOLE_URL": f"http://localhost:{port}",
        "RIPPLE_PAGE_SCHEME": "http",
        "RIPPLE_SMTP_URL": "smtp://127.0.0.1:1",
        "RIPPLE_DATA_DIR": str(folder / "data"),
        **addresses,
    }
    django.setup()
    call_command("migrate", verbosity=0)

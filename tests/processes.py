"""The real thing: dispatcher, Celery workers and sinks, as the demo starts them, on the test's own database."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from statuspage.demo.sinks import Caught, SmsSink, SmtpSink
from statuspage.kit import clock
from tooling import ROOT
from tooling.binaries import find_postgres
from tooling.demo import command
from tooling.environment import PYTHON
from tooling.processes import Program, Running

# Nothing planned, due, unpublished, or on its way. Work that waits for a later retry is quiet too.
UNQUIET = """
    SELECT 'planning' WHERE EXISTS (SELECT 1 FROM incidents_incident WHERE planned_number < last_number)
    UNION SELECT 'moving' WHERE EXISTS (SELECT 1 FROM incidents_incident WHERE next_move_at <= clock_now())
    UNION SELECT 'due' WHERE EXISTS (SELECT 1 FROM notifications_ringstate WHERE due_at <= clock_now())
    UNION SELECT 'publishing' WHERE EXISTS (SELECT 1 FROM pages_page WHERE published_revision < revision)
    UNION SELECT 'sending' WHERE EXISTS (
        SELECT 1 FROM notifications_chunk
        WHERE state = 'leased' OR (state = 'waiting' AND due_at <= clock_timestamp() + interval '3 seconds'))
"""
# What a killed process has asked for is still done, unless its session is ended, too.
END_SESSIONS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'ripple' AND pid <> pg_backend_pid()
"""


def what_is_unquiet() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(UNQUIET)
        return [row[0] for row in cursor.fetchall()]


@dataclass
class Processes:
    """`start` and `kill` by name: "dispatch", "inner", "bulk", "serve"."""

    smtp: SmtpSink
    sms: SmsSink
    folder: Path
    port: int
    running: dict[str, Running] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *names: str, tree: Path = ROOT) -> None:
        """`tree` is where the program's source lies; from another one it is called "bulk of <folder>"."""
        for name in names:
            called = name if tree == ROOT else f"{name} of {tree.name}"
            arguments = in_folder(tree, command(name, port=self.port))
            program = Program(called, arguments, self.folder / f"{called}.log", self._environment())
            self.running[called] = program.start()

    def manage(self, *arguments: str, tree: Path = ROOT) -> str:
        """What `manage.py` says, run to its end."""
        done = subprocess.run(
            [str(PYTHON), "manage.py", *arguments],
            cwd=tree,
            env=self._environment() | {"PG_BINDIR": str(find_postgres())},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kill(self, name: str) -> None:
        """As the kernel would: no goodbye."""
        running = self.running.pop(name)
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()

    def stop(self) -> None:
        """In order: each is asked to finish."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(Running.stop, self.running.values()))

    def end(self) -> None:
        """Nothing of them goes on, in the database neither.

        An orderly stop takes workers seconds and proves nothing more of a test that is over; tests/deploy looks at it.
        """
        for name in list(self.running):
            self.kill(name)
        with connection.cursor() as cursor:
            cursor.execute(END_SESSIONS)

    def settle(self, *, seconds: float = 60.0) -> None:
        """Wait until the processes have nothing left to do now."""
        end = time.monotonic() + seconds
        while unquiet := what_is_unquiet():
            if time.monotonic() > end:
                raise AssertionError(f"Still {', '.join(unquiet)} after {seconds} s.\n{self.logs()}")
            time.sleep(0.02)

    def caught(self) -> list[Caught]:
        return [*self.smtp.messages(), *self.sms.messages()]

    def logs(self) -> str:
        return "\n".join(
            f"--- {path.stem}\n{path.read_text(errors='replace')[-3000:]}" for path in sorted(self.folder.glob("*.log"))
        )

    def _environment(self) -> dict[str, str]:
        database = connection.settings_dict
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "statuspage.settings",
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
            "RIPPLE_SMTP_URL": f"smtp://127.0.0.1:{self.smtp.port}",
            "RIPPLE_SMS_URL": self.sms.url,
            "RIPPLE_DATA_DIR": str(settings.DATA_DIR),
            "RIPPLE_CONSOLE_URL": f"http://localhost:{self.port}",
            **self.environment,
        }


def in_folder(folder: Path, arguments: list[str]) -> list[str]:
    return arguments if folder == ROOT else ["sh", "-c", 'cd "$0" && exec "$@"', str(folder), *arguments]


@contextmanager
def real_processes(folder: Path, *, port: int, durable: bool = False) -> Iterator[Processes]:
    with (
        SmtpSink(ledger=folder / "mail.jsonl", durable=durable) as smtp,
        SmsSink(ledger=folder / "sms.jsonl", durable=durable) as sms,
    ):
        processes = Processes(smtp, sms, folder, port)
        try:
            yield processes
        finally:
            processes.end()
            clock.make_real()

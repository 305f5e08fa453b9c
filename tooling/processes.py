"""Programs that never outlive us, and that are stopped in order."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from tooling import ROOT

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PATIENCE = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Account:
    """Who a server runs as when we are root, because PostgreSQL refuses to be root."""

    uid: int
    gid: int

    @classmethod
    def for_servers(cls) -> "Account | None":
        """Somebody without rights when we are root; None (ourselves) when we are an ordinary user."""
        if os.geteuid() != 0:
            return None
        nobody = pwd.getpwnam("nobody")
        return cls(uid=nobody.pw_uid, gid=nobody.pw_gid)

    def takes(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


@dataclass(frozen=True, slots=True)
class Program:
    """One program to keep running. `words` are what it is told on its standard input."""

    name: str
    arguments: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    account: Account | None = None
    words: str = ""
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL

    def start(self) -> "Running":
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self.arguments,
                cwd=ROOT if self.account is None else "/",
                env=dict(self.environment),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches only us, and we stop the others in order
                **as_account(self.account),
                **dying_with_us(self.orphan_signal),
            )
        assert process.stdin is not None
        with suppress(BrokenPipeError), process.stdin as stdin:
            stdin.write(self.words.encode())
        return Running(self, process, time.monotonic())


@dataclass(frozen=True, slots=True)
class Running:
    program: Program
    process: "subprocess.Popen[bytes]"
    started: float

    @property
    def is_over(self) -> bool:
        return self.process.poll() is not None

    @property
    def age(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self.started)

    def stop(self, *, patience: timedelta = PATIENCE) -> None:
        """Ask it to finish; after `patience` end it and all it started."""
        if self.is_over:
            return
        self.process.send_signal(self.program.stop_signal)
        try:
            self.process.wait(patience.total_seconds())
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def as_account(account: Account | None) -> dict[str, Any]:
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def dying_with_us(farewell: signal.Signals = signal.SIGKILL) -> dict[str, Any]:
    """Popen arguments that make the kernel send `farewell` to the child when we die, however we die (Linux only).

    "We" is the thread that starts the child (prctl(2)), so start children from the main thread.
    """
    return {} if LIBC is None else {"preexec_fn": _death_wish(LIBC, farewell)}


def _death_wish(libc: ctypes.CDLL, farewell: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def wish() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:  # we died between fork and prctl: nobody is left to send the signal
            os._exit(1)

    return wish


@contextmanager
def interrupted_by(*signals: signal.Signals) -> Iterator[None]:
    """Inside, the first of `signals` raises KeyboardInterrupt. Later ones are ignored: stopping is not cut short."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in signals}
    try:
        yield
    finally:
        for each, previous in before.items():
            signal.signal(each, previous)


def run_in_front(arguments: Sequence[str], *, environment: Mapping[str, str]) -> int:
    """Run a command that has the terminal to itself. Returns its exit status, 128 + n when signal n ended it."""
    process: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # The terminal gives Ctrl-C to both of us; only what was meant for us alone has to be handed on.
        if process is not None and number != signal.SIGINT:
            process.send_signal(number)

    before = {each: signal.signal(each, pass_on) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        process = subprocess.Popen(arguments, cwd=ROOT, env=dict(environment), **dying_with_us(signal.SIGTERM))
        status = process.wait()
    finally:
        for each, previous in before.items():
            signal.signal(each, previous)
    return status if status >= 0 else 128 - status

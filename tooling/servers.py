"""PostgreSQL and Valkey of our own, for the demo (kept) and for tests (thrown away)."""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tooling.binaries import everybody_walks_to, find_postgres, find_valkey
from tooling.processes import Account, Program, Running, as_account, dying_with_us
from tooling.progress import Problem, tail

USER = DATABASE = "ripple"
START_WITHIN = timedelta(seconds=30)
LOCALE = "C.UTF-8" if sys.platform == "linux" else "C"
ENVIRONMENT = {"TZ": "UTC", "LC_ALL": LOCALE, "PATH": os.defpath}
# Only for data that is thrown away: after a crash of the machine these lose it.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Servers:
    """Where they listen (DATABASE_URL and REDIS_URL), and those that are ours, not given by address."""

    environment: dict[str, str]
    running: tuple[Running, ...]


@contextmanager
def running(folder: Path, *, is_lasting: bool) -> Iterator[Servers]:
    """Both servers, with their data and logs in `folder`, stopped at the end. Addresses in the environment go first.

    `is_lasting`: the data must survive a crash. Without it the database trades safety for speed.
    """
    home = Home(folder, Account.for_servers(), is_lasting)
    addresses: dict[str, str] = {}
    started: list[Running] = []
    with ExitStack() as stack:
        for variable, start in (("DATABASE_URL", _start_postgres), ("REDIS_URL", _start_valkey)):
            address = os.environ.get(variable)
            if not address:
                server, address = start(home)
                started.append(server)
                stack.callback(server.stop)
            addresses[variable] = address
        yield Servers(addresses, tuple(started))


def forget(folder: Path) -> None:
    """Delete the data that servers kept for `folder`."""
    shutil.rmtree(Home(folder, Account.for_servers(), is_lasting=True).path, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Home:
    """Where the servers of one folder live."""

    folder: Path
    account: Account | None
    is_lasting: bool

    @property
    def path(self) -> Path:
        """Inside the folder, or in /var/lib when the servers' account cannot reach it there (root's own home)."""
        if self.account is None or everybody_walks_to(self.folder.parent):
            return self.folder / "servers"
        return Path("/var/lib/ripple") / hashlib.sha256(bytes(self.folder)).hexdigest()[:12]

    @property
    def data(self) -> Path:
        return self.path / "postgres"

    @property
    def password_file(self) -> Path:
        return self.path / "password"

    def log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def password(self) -> str:
        """Both servers', made once. They listen on a port that every account of this machine can knock at."""
        self._make()
        if not self.password_file.exists():
            self.password_file.touch(mode=0o600)
            self.password_file.write_text(secrets.token_hex(16))
            self._hand_over(self.password_file)
        return self.password_file.read_text()

    def _make(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._hand_over(self.path)
        if self.account:
            for folder in (self.folder, self.path.parent):
                folder.chmod(folder.stat().st_mode | 0o011)

    def _hand_over(self, path: Path) -> None:
        if self.account:
            self.account.takes(path)


def _start_postgres(home: Home) -> tuple[Running, str]:
    programs, password, port = find_postgres(), home.password(), free_port()
    is_new = not home.data.exists()
    if is_new:
        _initialize(programs, home)
    else:
        _require_same_version(programs, home)
        _stop_leftover(home.data)
    settings = ("timezone=UTC", "log_timezone=UTC", *(() if home.is_lasting else FORGETFUL))
    place = ["-D", str(home.data), "-h", "127.0.0.1", "-k", "", "-p", str(port)]
    server = Program(
        "postgres",
        [str(programs / "postgres"), *place, *(f"--{each}" for each in settings)],
        log=home.log("postgres"),
        environment=ENVIRONMENT,
        account=home.account,
        stop_signal=signal.SIGINT,  # "fast": cut connections, write everything down, leave
        orphan_signal=signal.SIGINT,
    ).start()
    wait_until_ready(server, lambda: _says_ready(home.data, server.process.pid))
    if is_new:
        _run([str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", USER, DATABASE], home)
    return server, f"postgres://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"


def _initialize(programs: Path, home: Home) -> None:
    """Make the database's files under another name first: an interrupted attempt is not mistaken for data."""
    unfinished = home.data.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    arguments = ["-D", str(unfinished), "-U", USER, "--auth=scram-sha-256", f"--pwfile={home.password_file}"]
    arguments += ["--encoding=UTF8", f"--locale={LOCALE}", *([] if home.is_lasting else ["--no-sync"])]
    _run([str(programs / "initdb"), *arguments], home)
    unfinished.rename(home.data)


def _require_same_version(programs: Path, home: Home) -> None:
    made_by = (home.data / "PG_VERSION").read_text().strip()
    version = [str(programs / "postgres"), "--version"]
    ours = subprocess.run(
        version, capture_output=True, text=True, check=True, **as_account(home.account)
    ).stdout.strip()
    if f" {made_by}." not in ours:
        raise Problem(
            f"The kept data was made by PostgreSQL {made_by}, and this is {ours}.\n"
            "  Use that version (PG_BINDIR, RIPPLE_SERVERS), or begin anew: python3 dev.py demo --fresh"
        )


def _run(arguments: Sequence[str], home: Home) -> None:
    done = subprocess.run(
        arguments,
        cwd="/",
        env={**ENVIRONMENT, "PGPASSWORD": home.password()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **as_account(home.account),
        **dying_with_us(),
    )
    if done.returncode != 0:
        raise Problem(f"{Path(arguments[0]).name} failed:\n{done.stdout}")


def _says_ready(data: Path, pid: int) -> bool:
    """PostgreSQL writes how far it is into its pid file; the file may still be an earlier server's."""
    with suppress(FileNotFoundError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and int(lines[0]) == pid and lines[7].strip() == "ready"
    return False


def _stop_leftover(data: Path) -> None:
    """End a server that an earlier, killed run left on our data. We hold the folder's lock, so it is nobody's."""
    with suppress(FileNotFoundError, ProcessLookupError):
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        deadline = time.monotonic() + START_WITHIN.total_seconds()
        while str(data) in _command_line(pid):  # pids come round again: never signal somebody else's program
            os.kill(pid, signal.SIGINT if time.monotonic() < deadline else signal.SIGKILL)
            time.sleep(0.1)


def _command_line(pid: int) -> str:
    if Path("/proc/self").exists():
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def _start_valkey(home: Home) -> tuple[Running, str]:
    program, password, port = find_valkey(), home.password(), free_port()
    # Nothing is saved: what may not be lost is in the database, and a wake-up is sent again.
    words = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {home.path}\n'
    server = Program(
        "valkey",
        [str(program), "-"],
        log=home.log("valkey"),
        environment=ENVIRONMENT,
        account=home.account,
        words=words,
    ).start()
    wait_until_ready(server, lambda: answers(port))
    return server, f"redis://:{password}@127.0.0.1:{port}/0"


def wait_until_ready(server: Running, is_ready: Callable[[], bool]) -> None:
    """Raises Problem with the end of its log when it is over, or takes too long; then it has been stopped."""
    name, log = server.program.name, server.program.log
    while not is_ready():
        if server.is_over or server.age > START_WITHIN:
            server.stop()
            raise Problem(f"{name} did not start. The last lines of {log}:\n{tail(log)}")
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Whether somebody listens on this port of our own machine."""
    with socket.socket() as knock:
        knock.settimeout(1)
        return knock.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

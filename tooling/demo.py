"""The demo: everything the product is made of, on this machine, with example data that is kept."""

import fcntl
import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tooling import ROOT, servers
from tooling.crew import Crew
from tooling.environment import PYTHON, Layer, prepare
from tooling.processes import Program, Running, interrupted_by
from tooling.progress import Problem, Progress, tail

FOLDER = ROOT / ".demo"
ANSWER_WITHIN = timedelta(seconds=60)
COMMANDS = {
    "serve": "granian --interface wsgi --blocking-threads 4 --host 127.0.0.1 --port {port} statuspage.wsgi:application",
    "dispatch": "manage.py dispatch",
    "inner": "celery -A statuspage worker --pool threads -c 4 -Q inner,sms,publish -n inner@%h"
    " --without-gossip --without-mingle --without-heartbeat",
    "bulk": "celery -A statuspage worker --pool threads -c 1 -Q bulk,imports -n bulk@%h"
    " --without-gossip --without-mingle --without-heartbeat",
    "webhook": "celery -A statuspage worker --pool threads -c 2 -Q webhook -n webhook@%h"
    " --without-gossip --without-mingle --without-heartbeat",
    "catch": "manage.py demo_catch",
}


def command(name: str, *, port: int = 8000) -> list[str]:
    """The arguments that start one of our processes."""
    words = COMMANDS[name].format(port=port).split()
    return [str(PYTHON), *([] if words[0] == "manage.py" else ["-m"]), *words]


@dataclass(frozen=True, slots=True)
class Demo:
    """One demo: its folder, and the port its pages are on."""

    folder: Path = FOLDER
    port: int = 8000

    @property
    def console(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def page(self) -> str:
        return f"http://acme.localhost:{self.port}"

    @property
    def saved(self) -> Path:
        return self.folder / "environment.json"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def program(self, name: str, environment: Mapping[str, str]) -> Program:
        # granian has processes of its own to end; the others are one process each and safe to kill.
        orphan_signal = signal.SIGTERM if name == "serve" else signal.SIGKILL
        arguments = command(name, port=self.port)
        return Program(name, arguments, self.log(name), environment, orphan_signal=orphan_signal)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep everybody else off the folder. Released by the kernel when we end, however we end."""
        try:
            self.folder.mkdir(exist_ok=True)
            lock = (self.folder / "lock").open("a+")
        except PermissionError as refusal:
            raise Problem(
                f"{self.folder} belongs to another account. Start the demo as that one, or remove the folder."
            ) from refusal
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as refusal:
                lock.seek(0)
                raise InUse(f"A demo is already running in {self.folder} ({lock.read()}). Stop it first.") from refusal
            lock.truncate(0)
            lock.write(f"process {os.getpid()}, {self.console}")
            lock.flush()
            self.saved.unlink(missing_ok=True)
            shutil.rmtree(self.logs, ignore_errors=True)
            yield

    def forget(self) -> None:
        """Remove what earlier demos kept. The caller holds the folder."""
        servers.forget(self.folder)
        shutil.rmtree(self.folder / "files", ignore_errors=True)
        (self.folder / "secret_key").unlink(missing_ok=True)

    def secret_key(self) -> str:
        kept = self.folder / "secret_key"
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(48))
        return kept.read_text()

    @contextmanager
    def ready_to_use(self, progress: Progress) -> Iterator[tuple[dict[str, str], tuple[Running, ...]]]:
        """Servers running and the database up to date. Gives the environment our processes need, and the servers."""
        (self.folder / "files" / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
        progress.say("Starting PostgreSQL and Valkey")
        with servers.running(self.folder, is_lasting=True) as started:
            ours = started.environment | self._variables()
            environment = {**os.environ, **ours}
            migrating = [str(PYTHON), "manage.py", "migrate", "--verbosity", "0"]
            progress.run(
                "Bringing the database up to date", migrating, environment=environment, log=self.log("migrate")
            )
            self.saved.touch(mode=0o600)
            self.saved.write_text(json.dumps(ours))
            try:
                yield environment, started.running
            finally:
                self.saved.unlink()

    def _variables(self) -> dict[str, str]:
        return {
            "PYTHONUNBUFFERED": "1",
            "RIPPLE_SECRET_KEY": self.secret_key(),
            "RIPPLE_DEBUG": "0",
            "RIPPLE_DEMO": "1",
            "RIPPLE_METRICS_NETWORKS": "127.0.0.0/8",
            "RIPPLE_DATA_DIR": str(self.folder / "files"),
            "RIPPLE_CONSOLE_URL": self.console,
            "RIPPLE_PAGE_SCHEME": "http",
            "RIPPLE_PAGE_PORT": str(self.port),
            "RIPPLE_SMTP_URL": f"smtp://127.0.0.1:{servers.free_port()}",
            "RIPPLE_SMS_URL": f"http://127.0.0.1:{servers.free_port()}/2010-04-01/Accounts/demo/Messages.json",
            "RIPPLE_SINK": f"127.0.0.1:{servers.free_port()}",
            "RIPPLE_SMS_ACCOUNT": "demo",
            "RIPPLE_SMS_TOKEN": "demo",
            "RIPPLE_SMS_FROM": "Ripple",
        }


class InUse(Problem):
    """Somebody else holds the demo's folder."""


@contextmanager
def application_environment(progress: Progress) -> Iterator[Mapping[str, str]]:
    """What one process of ours needs: a given DATABASE_URL, the running demo, or servers of our own on its data."""
    demo = Demo()
    if "DATABASE_URL" in os.environ:
        yield os.environ
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(demo.held())
        except InUse:
            yield _saved_environment(demo)
            return
        yield stack.enter_context(demo.ready_to_use(progress))[0]


def _saved_environment(demo: Demo) -> Mapping[str, str]:
    try:
        saved = json.loads(demo.saved.read_text())
    except FileNotFoundError as absence:
        raise Problem("A demo is just starting or stopping. Try again in a few seconds.") from absence
    return {**os.environ, **saved}


def run(demo: Demo, *, afresh: bool, progress: Progress) -> int:
    """Start the demo, say where to look, and keep it going until Ctrl-C. `afresh` forgets what earlier ones kept."""
    with interrupted_by(signal.SIGINT, signal.SIGTERM, signal.SIGHUP), demo.held():
        if servers.answers(demo.port):
            raise Problem(f"Port {demo.port} is taken. Choose another: python3 dev.py demo --port {demo.port + 1}")
        if afresh:
            demo.forget()
        try:
            prepare(Layer.RUNTIME, progress=progress)
            with demo.ready_to_use(progress) as (environment, started):
                _go(demo, environment, started, progress)
        except KeyboardInterrupt:
            print("Stopped. The data is kept for next time.", flush=True)
    return 0


def _go(demo: Demo, environment: Mapping[str, str], started: Sequence[Running], progress: Progress) -> None:
    seeding = [str(PYTHON), "manage.py", "demo_seed"]
    words = progress.run("Filling in the example", seeding, environment=environment, log=demo.log("seed"))
    progress.say("Starting the console, the dispatcher and the workers")
    crew = Crew([demo.program(name, environment) for name in COMMANDS], servers=started, progress=progress)
    try:
        _wait_for_answers(demo, crew)
        print(_where_to_look(demo, words), flush=True)
        print(f"READY in {progress.seconds:.1f} s. Ctrl-C stops everything and keeps the data.", flush=True)
        crew.keep_going()
    finally:
        print("\nStopping …", flush=True)
        crew.stop()


def _wait_for_answers(demo: Demo, crew: Crew) -> None:
    deadline = time.monotonic() + ANSWER_WITHIN.total_seconds()
    for address in (demo.console, demo.page):
        while not _shows(address):
            crew.look_after()
            if time.monotonic() > deadline:
                log = demo.log("serve")
                raise Problem(f"{address} does not answer. The last lines of {log}:\n{tail(log)}")
            time.sleep(0.1)


def _shows(address: str) -> bool:
    """Whether a browser would see something there: found, or sent on to the login."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", where.port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": where.netloc})
        return connection.getresponse().status < http.HTTPStatus.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _where_to_look(demo: Demo, words: str) -> str:
    login = [f"  {line}" for line in words.splitlines() if line.startswith("Login")]
    return "\n".join(
        [
            "",
            f"  Public page   {demo.page}/",
            f"  Console       {demo.console}/",
            f"  Inbox         {demo.console}/inbox/   what each ring received, and when",
            *login,
            f"  Numbers       {demo.console}/metrics   for Prometheus",
            *_advice_on_curl(demo),
            f"  Logs          {demo.logs}",
            "",
        ]
    )


def _advice_on_curl(demo: Demo) -> list[str]:
    """Browsers know where *.localhost is; curl since 7.77 (https://curl.se/ch/7.77.0.html), and older ones ask DNS."""
    if shutil.which("curl") is None:
        return []
    attempt = ["curl", "--silent", "--noproxy", "*", "--output", os.devnull, "--max-time", "5", f"{demo.page}/"]
    if subprocess.run(attempt, check=False).returncode == 0:
        return []
    name = urlsplit(demo.page).netloc
    return [f"  With curl     curl -H 'Host: {name}' http://127.0.0.1:{demo.port}/   (yours does not know *.localhost)"]

"""What docker-compose.yml starts, started without containers: its own commands, with this machine's addresses.

The application's processes run under honcho. The front is a process of its own, because it must outlive the others.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.composing import SECRETS, Service, program, read
from tooling import ROOT
from tooling.processes import Account, Program, Running
from tooling.servers import answers, free_port
from tooling.system import require

CONSOLE, PAGE = "console.acme.test", "status.acme.test"
OWNER = "olga@acme.test"
START_WITHIN_SECONDS = 30.0


def wait_until(is_so: Callable[[], object], *, otherwise: Callable[[], str], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.05)


@dataclass
class Installation:
    """`folder` stands for the machine: its volumes, and what the processes write."""

    folder: Path
    port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    https_port: int = field(default_factory=free_port)
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def console(self) -> str:
        return f"https://{CONSOLE}:{self.https_port}"

    @property
    def page(self) -> str:
        return f"https://{PAGE}:{self.https_port}"

    @property
    def published(self) -> Path:
        return self.folder / "data" / "published"

    @property
    def certificates(self) -> Path:
        return self.folder / "certificates"

    @property
    def lasting(self) -> list[Service]:
        """The application's own processes: what must run for as long as anybody uses it."""
        return [each for each in self.services.values() if each.target == "application" and each.is_lasting]

    @property
    def image(self) -> Path:
        """A folder with what the Dockerfile copies, and nothing else."""
        place = self.folder / "image"
        if not place.exists():
            for name in re.findall(r"^COPY (\w+)/ \1/$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
                shutil.copytree(ROOT / name, place / name)
            shutil.copy(ROOT / "manage.py", place)
        return place

    def fill_in(self, **addresses: str) -> None:
        """As an operator fills in .env."""
        variables = {
            **SECRETS,
            "RIPPLE_CONSOLE_URL": self.console,
            "RIPPLE_PAGE_PORT": str(self.https_port),
            "RIPPLE_FIRST_OWNER": OWNER,
            "RIPPLE_FIRST_HOST": PAGE,
            "RIPPLE_SMS_URL": "http://127.0.0.1:1/",
            "RIPPLE_SMS_TOKEN": "nobody sends any here",
            **addresses,
        }
        self.services = read(self.folder, variables)

    def environment(self, service: Service) -> dict[str, str]:
        """What compose gives it; container names and paths become this machine's."""
        here = {
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": str(self.port),
            "RIPPLE_DATA_DIR": str(self.folder / "data"),
            "RIPPLE_TRUSTED_PROXIES": "127.0.0.1",
            "RIPPLE_PUBLISHED_DIR": str(self.published),
            "RIPPLE_APPLICATION": f"127.0.0.1:{self.port}",
            "RIPPLE_RESOLVER": "127.0.0.1",
            "RIPPLE_CERTIFICATES_DIR": str(self.certificates),
            "RIPPLE_ACME_DIR": str(self.folder / "acme"),
            "RIPPLE_ACCESS_LOG": str(self.folder / "nginx" / "access.log"),
            "RIPPLE_NGINX_DIR": str(self.folder / "nginx"),
            "RIPPLE_HTTP_PORT": str(self.http_port),
            "RIPPLE_HTTPS_PORT": str(self.https_port),
        }
        replaced = {name: value for name, value in here.items() if name in service.environment}
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        return {"PATH": path, "PYTHONUNBUFFERED": "1", **service.environment, **replaced}

    def run(self, command: str, *, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        """To its end."""
        arguments = ["sh", "-c", f"exec {command}"]
        return subprocess.run(arguments, cwd=self.image, env=environment, capture_output=True, text=True, check=False)

    def is_well(self, service: Service) -> bool:
        """As compose asks it."""
        done = subprocess.run(["sh", "-c", service.health], cwd=self.image, env=self.environment(service), check=False)
        return done.returncode == 0

    @contextmanager
    def front(self) -> Iterator[None]:
        """nginx, as somebody without rights when we are root, as in its container."""
        for name in ("nginx", "envsubst", "openssl"):
            require(name)
        account = Account.for_servers()
        for name in ("nginx", "certificates", "acme", "data"):
            (self.folder / name).mkdir()
            if account and name in {"nginx", "certificates"}:
                account.takes(self.folder / name)
        service = self.services["front"]
        arguments = ["sh", "-c", f"cd {self.image} && exec {service.command}"]
        started = Program("front", arguments, self.folder / "front.log", self.environment(service), account).start()
        try:
            wait_until(lambda: answers(self.https_port), otherwise=self.logs, seconds=START_WITHIN_SECONDS)
            yield
        finally:
            started.stop()

    @contextmanager
    def application(self) -> Iterator["Crew"]:
        """Everything that compose keeps running of our own, but the front."""
        processes = self.folder / "Procfile"
        processes.write_text("".join(f"{each.name}: exec {each.command}\n" for each in self.lasting))
        environment = {name: value for each in self.lasting for name, value in self.environment(each).items()}
        arguments = [program("honcho"), "start", "--procfile", str(processes), "--app-root", str(self.image)]
        crew = Crew(Program("honcho", arguments, self.folder / "honcho.log", environment).start())
        try:
            wait_until(lambda: answers(self.port), otherwise=self.logs, seconds=START_WITHIN_SECONDS)
            yield crew
        finally:
            crew.running.stop()

    def logs(self) -> str:
        return "\n".join(f"--- {log.stem}\n{log.read_text()[-4000:]}" for log in sorted(self.folder.glob("*.log")))


@dataclass(frozen=True, slots=True)
class Crew:
    """The processes under honcho."""

    running: Running

    def stop(self) -> dict[str, int]:
        """Ask all of them to go. Returns each one's exit status."""
        self.running.stop()
        words = self.running.program.log.read_text()
        lines = (line.split() for line in words.splitlines() if " stopped (rc=" in line)
        return {found[-3].removesuffix(".1"): int(found[-1].removeprefix("(rc=").removesuffix(")")) for found in lines}

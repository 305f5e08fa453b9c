"""docker-compose.yml as Compose itself reads it: through the real `docker-compose config`, without an engine."""

import json
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tooling import ROOT

EXAMPLE = ROOT / ".env.example"
SECRETS = {"RIPPLE_SECRET_KEY": "0123456789abcdef" * 4, "POSTGRES_PASSWORD": "a1" * 24}
OURS = ("application", "front")
"""The targets of the Dockerfile; everything else runs somebody else's image."""


def program(name: str) -> str:
    """One that pip installed beside Python."""
    return str(Path(sys.executable).with_name(name))


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    told: dict[str, Any]

    @property
    def command(self) -> str:
        """As a shell would be given it."""
        return shlex.join(self.told["command"])

    @property
    def environment(self) -> dict[str, str]:
        found: dict[str, str] = self.told.get("environment", {})
        return found

    @property
    def target(self) -> str:
        """Which of our images it runs; "" for somebody else's."""
        return str(self.told.get("build", {}).get("target", ""))

    @property
    def is_lasting(self) -> bool:
        return bool(self.told["restart"] != "no")

    @property
    def health(self) -> str:
        """The shell command that asks whether it is well; a dollar sign is one again."""
        test = self.told.get("healthcheck", {}).get("test", ["", ""])
        return str(test[-1]).replace("$$", "$")


def config(folder: Path, *options: str, variables: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """What `docker-compose config` says in a folder with our file and an .env made of the example and `variables`."""
    shutil.copy(ROOT / "docker-compose.yml", folder)
    lines = EXAMPLE.read_text().splitlines()
    given = [line for line in lines if line.partition("=")[0] not in variables]
    (folder / ".env").write_text("\n".join([*given, *(f"{name}={value}" for name, value in variables.items())]))
    arguments = [program("docker-compose"), "--project-directory", str(folder), "--profile", "*", "config", *options]
    return subprocess.run(arguments, cwd=folder, env={"PATH": ""}, capture_output=True, text=True, check=False)


def read(folder: Path, variables: dict[str, str] = SECRETS) -> dict[str, Service]:
    """The services by name, with everything filled in."""
    done = config(folder, "--format", "json", variables=variables)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return {name: Service(name, told) for name, told in json.loads(done.stdout)["services"].items()}

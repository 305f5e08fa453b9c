"""The virtual environment: made once, filled again only when a lock has changed."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path

from tooling import ROOT
from tooling.progress import Problem, Progress

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
LOG = VENV / "install.log"


class Layer(StrEnum):
    """What can be installed. The second is put on top of the first, in the same environment."""

    RUNTIME = "runtime"
    DEVELOPMENT = "development"

    @property
    def lock(self) -> Path:
        return REQUIREMENTS / f"{self}.txt"

    @property
    def stamp(self) -> Path:
        return VENV / f"installed-{self}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.lock.read_bytes()).hexdigest()

    @property
    def is_installed(self) -> bool:
        return PYTHON.exists() and self.stamp.exists() and self.stamp.read_text() == self.digest


def prepare(*layers: Layer, progress: Progress) -> None:
    """See that `layers` are installed as their locks say. Two of us at once wait for each other."""
    if all(layer.is_installed for layer in layers):
        return
    with Layer.RUNTIME.lock.open() as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        _make(progress)
        for layer in layers:
            if not layer.is_installed:
                _install(layer, progress)


def _make(progress: Progress) -> None:
    uv = shutil.which("uv")
    if PYTHON.exists() and (uv or (VENV / "bin" / "pip").exists()):
        return
    if uv:
        arguments = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)]
    else:
        _require_venv()
        arguments = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    progress.run("Making a virtual environment", arguments, environment=os.environ, log=ROOT / ".venv.log")
    (ROOT / ".venv.log").unlink()


def _require_venv() -> None:
    """Debian and Ubuntu take venv apart into a package of its own; say which."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    raise Problem(
        f"This Python ({sys.executable}) cannot make virtual environments: venv or ensurepip is missing.\n"
        f"  On Debian or Ubuntu: apt-get install {package}   (or install uv: https://docs.astral.sh/uv/)"
    )


def _install(layer: Layer, progress: Progress) -> None:
    uv = shutil.which("uv")
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)] if uv else [
        str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
    ]  # fmt: skip
    doing = f"Installing the {layer} packages (only when {layer.lock.relative_to(ROOT)} changes)"
    progress.run(doing, [*command, "--require-hashes", "-r", str(layer.lock)], environment=os.environ, log=LOG)
    layer.stamp.write_text(layer.digest)

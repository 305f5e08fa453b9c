"""Programs that only tests and benchmarks need and that come from the system: a browser, a web server."""

import os
import shutil
from dataclasses import dataclass
from unittest import SkipTest

from tooling import ROOT
from tooling.progress import Problem, Progress

LOG = ROOT / ".venv" / "system.log"


@dataclass(frozen=True, slots=True)
class Need:
    """A program under any of its `names`, and the Debian package that brings it."""

    package: str
    names: tuple[str, ...]

    @property
    def path(self) -> str | None:
        folders = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
        return next(filter(None, (shutil.which(name, path=folders) for name in self.names)), None)


NEEDS = {
    "chromium": Need("chromium", ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")),
    "envsubst": Need("gettext-base", ("envsubst",)),
    "nginx": Need("nginx", ("nginx",)),
    "openssl": Need("openssl", ("openssl",)),
    "wrk": Need("wrk", ("wrk",)),
}
OF_TESTS = ("chromium", "envsubst", "nginx", "openssl")
OF_BENCHMARKS = ("nginx", "wrk")


def require(program: str) -> str:
    """The path of a program in `NEEDS`. A test that calls this without it is skipped; with CI=true it fails."""
    need = NEEDS[program]
    if path := need.path:
        return path
    hint = f"{program} is not installed. As root: apt-get install {need.package}, or python3 dev.py test"
    if os.environ.get("CI") == "true":
        raise AssertionError(hint)
    raise SkipTest(hint)  # pytest takes unittest's word for it, and this module stays free of packages


def bring(*programs: str, progress: Progress) -> None:
    """Install what is missing where we may, and say so. Where we may not, whoever needs it says what to do."""
    missing = [NEEDS[program].package for program in programs if NEEDS[program].path is None]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        progress.say(f"Not installed here: {', '.join(missing)}. What needs them is left out.")
        return
    # In run level 1, Debian's packages do not start their servers: nginx is wanted, not a web server on port 80.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    try:
        progress.run("Reading the system's package list", ["apt-get", "update"], environment=environment, log=LOG)
        doing = f"Installing {' and '.join(missing)}, which are needed now"
        progress.run(doing, ["apt-get", "install", "--yes", "--no-install-recommends", *missing], environment=environment, log=LOG)  # fmt: skip # noqa: E501
    except Problem as problem:
        progress.say(f"{problem}\n  Going on without; what needs them says so.")

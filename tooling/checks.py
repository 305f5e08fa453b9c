"""What must hold before anybody reviews: format, lint, types, imports, templates, migrations."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tooling import ROOT
from tooling.environment import PYTHON

# The checks read the settings but never a database; port 1 answers nobody.
ENVIRONMENT = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "RIPPLE_SECRET_KEY": "for the checks only",
}


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    arguments: tuple[str, ...]

    def run(self) -> "Finding":
        started = time.monotonic()
        done = subprocess.run(
            [str(PYTHON), *self.arguments],
            cwd=ROOT,
            env={**os.environ, **ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Finding(self.name, done.returncode == 0, time.monotonic() - started, done.stdout.strip())


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    is_fine: bool
    seconds: float
    words: str

    def __str__(self) -> str:
        line = f"{'✓' if self.is_fine else '✗'} {self.name:<20}{self.seconds:6.1f} s"
        return line if self.is_fine else f"{line}\n{self.words}\n"


CHECKS = (
    Check("types", ("-m", "mypy", ".")),
    Check("format", ("-m", "ruff", "format", "--check", ".")),
    Check("lint", ("-m", "ruff", "check", ".")),
    Check("imports", ("-c", "from importlinter.cli import lint_imports_command as run; run()")),
    Check("template format", ("-m", "djlint", "--check", "templates")),
    Check("template lint", ("-m", "djlint", "--lint", "templates")),
    Check("migrations", ("-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run")),
)


def check_all() -> int:
    """Run every check, two at a time. Prints one line for each; returns 1 when any of them found something."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        findings = list(pool.map(lambda check: _told(check.run()), CHECKS))
    return 0 if all(finding.is_fine for finding in findings) else 1


def _told(finding: Finding) -> Finding:
    print(finding, flush=True)
    return finding

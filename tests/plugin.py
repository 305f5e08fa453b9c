"""Boots PostgreSQL and Valkey before Django reads its settings.

Loaded by `addopts = -p tests.plugin` in pyproject.toml; a conftest would be too late for pytest-django.
"""

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tooling import ROOT, servers
from tooling.processes import dying_with_us

BEING_MIGRATED = "RIPPLE_TESTS_TEMPLATE"  # names a file that is locked while tests/database.py must not copy yet
STACK = pytest.StashKey[ExitStack]()
SETTINGS = {
    "RIPPLE_SECRET_KEY": "for the tests only",
    "RIPPLE_DEBUG": "0",
    "RIPPLE_CONSOLE_URL": "http://localhost:8000",
    "RIPPLE_PAGE_SCHEME": "http",
    "RIPPLE_SMTP_URL": "smtp://127.0.0.1:1",  # nobody listens there: a test that sends mail brings its own server
    "RIPPLE_SMS_URL": "http://127.0.0.1:1/",
    "RIPPLE_SMS_TOKEN": "for the tests only",
    "RIPPLE_SINK": "127.0.0.1:1",
}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    stack = early_config.stash[STACK] = ExitStack()
    atexit.register(stack.close)  # pytest may fail before it comes to unconfigure
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _share(worker)
    else:
        _boot(stack)


@pytest.hookimpl(trylast=True)  # after pytest-django, which sorts them by what they do to the database
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[STACK].close()


def _boot(stack: ExitStack) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ripple-tests-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    stack.callback(servers.forget, folder)
    given = set(os.environ)
    running = stack.enter_context(servers.running(folder, is_lasting=False))
    os.environ |= {**SETTINGS, **running.environment}
    _keep_files_in(folder / "data")
    if "DATABASE_URL" not in given:
        _begin_to_migrate(folder, stack)


def _begin_to_migrate(folder: Path, stack: ExitStack) -> None:
    """The database that all tests get copies of. It takes nine seconds of computing; pytest collects meanwhile."""
    lock, log = folder / "template.lock", folder / "logs" / "template.log"
    os.environ[BEING_MIGRATED] = str(lock)
    with lock.open("wb") as held, log.open("wb") as said:
        fcntl.flock(held, fcntl.LOCK_EX)  # the new process has it too, until its end
        migrating = subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "statuspage.settings"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            pass_fds=[held.fileno()],
            **dying_with_us(),
        )
    stack.callback(migrating.wait)
    stack.callback(migrating.kill)


def _share(worker: str) -> None:
    """One of xdist's workers: the controller's servers, but a Valkey database and a folder of its own.

    pytest-django does the same for the PostgreSQL database.
    """
    number = int(worker.removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number}").geturl()
    _keep_files_in(Path(os.environ["RIPPLE_DATA_DIR"]) / worker)


def _keep_files_in(folder: Path) -> None:
    (folder / "static").mkdir(parents=True)  # WhiteNoise warns where there is none
    os.environ["RIPPLE_DATA_DIR"] = str(folder)

"""Boots PostgreSQL and Valkey before Django reads its settings.

Loaded by `addopts = -p tests.plugin` in pyproject.toml; a conftest would be too late for pytest-django.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tooling import servers

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


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[STACK].close()


def _boot(stack: ExitStack) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ripple-tests-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    stack.callback(servers.forget, folder)
    running = stack.enter_context(servers.running(folder, is_lasting=False))
    os.environ |= {**SETTINGS, **running.environment}
    _keep_files_in(folder / "data")


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

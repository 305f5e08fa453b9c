"""What costs much and proves nothing new the thousandth time. No answer is another one for it."""

from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import TransactionTestCase
from whitenoise.middleware import WhiteNoiseMiddleware

from tests.database import leave_as_migrated

_look = WhiteNoiseMiddleware.add_files_from_finders
_files: dict[str, Any] = {}


def _look_once(middleware: Any) -> None:
    """Every client a test makes has middleware of its own, which looks for the same two hundred files: 30 ms."""
    if not _files:
        _look(middleware)
        _files.update(middleware.files)
    middleware.files.update(_files)


def be_quick() -> None:
    """For this process; those that a test starts are as they are."""
    TransactionTestCase._fixture_teardown = lambda _test: leave_as_migrated()  # type: ignore[attr-defined]
    WhiteNoiseMiddleware.add_files_from_finders = _look_once
    PBKDF2PasswordHasher.iterations = 1_000  # slow on purpose, 0.36 s; a real process makes it strong again at a login

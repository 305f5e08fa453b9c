"""For pages that not everybody may see: nobody has tried anything yet, and hashing is quick. And a name server to prove
domains at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from statuspage.kit import limits, names
from statuspage.kit.names import Resolver
from tests.makers import encoded_password
from tests.nameserver import NameServer


@pytest.fixture
def committed(transactional_db: None, settings: Settings, tmp_path: Path) -> None:
    """A page is drawn from what is committed. Its files, if any, are of this test alone."""
    settings.PUBLISHED_DIR = tmp_path / "published"


@pytest.fixture
def fresh(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test is limited by what another did."""
    monkeypatch.setattr(limits, "_here", limits._Here())
    redis = limits._redis(settings.CELERY_BROKER_URL)
    for key in redis.scan_iter("ripple:limit:*"):
        redis.delete(key)
    encoded_password()  # the cast's is kept for all tests, and must be of the kind that all of them know
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    """Nobody waits long for it: the tests are impatient."""
    monkeypatch.setattr(names, "ONE_SERVER_SECONDS", 0.2)
    monkeypatch.setattr(names, "ALTOGETHER_SECONDS", 0.5)
    with NameServer() as running:
        yield running


@pytest.fixture
def resolver(server: NameServer) -> Resolver:
    return Resolver([server.address])

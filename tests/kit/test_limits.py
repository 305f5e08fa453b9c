"""Counting what is tried: exactly, for everybody together, and somehow even without Redis."""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from statuspage.kit import limits
from statuspage.kit.limits import Limit

THREE = Limit("of-a-test", most=3, per=timedelta(minutes=1))


@pytest.fixture(params=["redis", "here"])
def key(request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """A key nobody has used, counted in Redis or, while that is away, in this process."""
    monkeypatch.setattr(limits, "_here", limits._Here())
    if request.param == "here":
        settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    return secrets.token_hex(8)


def test_what_is_within_the_limit_passes_and_what_is_given_back_passes_again(key: str) -> None:
    assert [limits.take(THREE, key) for _ in range(5)] == [True, True, True, False, False]
    assert limits.take(THREE, f"{key}-other")
    for _ in range(3):
        limits.give_back(THREE, key)
    assert [limits.take(THREE, key) for _ in range(2)] == [True, False]


def test_many_at_once_are_not_more_than_the_limit(key: str) -> None:
    with ThreadPoolExecutor(16) as crowd:
        passed = list(crowd.map(lambda _each: limits.take(THREE, key), range(64)))
    assert sum(passed) == THREE.most


def test_it_is_forgotten_after_its_time(key: str) -> None:
    short = Limit("of-a-test-short", most=1, per=timedelta(seconds=1))
    assert [limits.take(short, key) for _ in range(2)] == [True, False]
    time.sleep(1.1)
    assert limits.take(short, key)


def test_a_count_always_ends_by_itself(key: str, settings: Settings) -> None:
    """A key without an end would keep somebody out for ever."""
    limits.give_back(THREE, key)
    if "127.0.0.1:1/" not in settings.CELERY_BROKER_URL:
        left = limits._redis(settings.CELERY_BROKER_URL).ttl(f"ripple:limit:{THREE.name}:{key}")
        assert 0 < left <= 60


def test_nobody_waits_for_a_redis_that_is_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_here", limits._Here())
    settings.CELERY_BROKER_URL = "redis://192.0.2.1:6379/0"  # nothing answers there, not even a refusal
    begun = time.monotonic()
    for _ in range(20):
        limits.take(THREE, "anybody")
    assert time.monotonic() - begun < 1.5

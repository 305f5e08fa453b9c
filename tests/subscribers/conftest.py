"""Nobody has signed up yet, as far as limits know."""

import pytest
from pytest_django.fixtures import Settings

from statuspage.kit import limits


@pytest.fixture(autouse=True)
def fresh(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_here", limits._Here())
    redis = limits._redis(settings.CELERY_BROKER_URL)
    for key in redis.scan_iter("ripple:limit:*"):
        redis.delete(key)

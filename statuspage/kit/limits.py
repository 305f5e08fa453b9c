"""How often something may be tried: counted in Redis, so that all processes and machines count together.

While Redis is away each process counts for itself. More may pass then than was meant, never everything.
"""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

LEFT_ALONE_SECONDS = 5.0
"""Nobody waits again and again for a Redis that does not answer."""
MOST_COUNTED_HERE = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` within `per`, counted from the first. `name` is part of the key in Redis."""

    name: str
    most: int
    per: timedelta

    @property
    def seconds(self) -> int:
        return int(self.per.total_seconds())


def take(limit: Limit, key: str) -> bool:
    """Count one more for `key`, and say whether it is still within the limit. Those that are not count, too."""
    return _add(limit, key, 1) <= limit.most


def take_strictly(limit: Limit, key: str) -> bool:
    """As `take`, for what costs money: while Redis is away nothing is within the limit."""
    return take(limit, key) and not _here.is_redis_away


def give_back(limit: Limit, key: str) -> None:
    """It was none of those that are to be limited."""
    _add(limit, key, -1)


def _add(limit: Limit, key: str, number: int) -> int:
    """The count afterwards."""
    name = f"ripple:limit:{limit.name}:{key}"
    if _here.is_redis_away:
        return _here.add(name, number, limit.seconds)
    try:
        with _redis(settings.CELERY_BROKER_URL).pipeline(transaction=True) as counting:
            counting.incrby(name, number)
            counting.expire(name, limit.seconds, nx=True)  # last, so that no key is ever left without an end
            return int(counting.execute()[0])
    except RedisError:
        _here.leave_redis_alone()
        return _here.add(name, number, limit.seconds)


@lru_cache
def _redis(url: str) -> Redis:
    at_once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=at_once)


class _Here:
    """This process's own count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}
        self._redis_away_until = 0.0

    @property
    def is_redis_away(self) -> bool:
        return time.monotonic() < self._redis_away_until

    def leave_redis_alone(self) -> None:
        self._redis_away_until = time.monotonic() + LEFT_ALONE_SECONDS

    def add(self, name: str, number: int, seconds: int) -> int:
        now = time.monotonic()
        with self._lock:
            if len(self._counts) >= MOST_COUNTED_HERE:
                self._counts = {key: held for key, held in self._counts.items() if held[1] > now}
            count, ends = self._counts.get(name, (0, 0.0))
            if ends <= now:
                count, ends = 0, now + seconds
            self._counts[name] = (count + number, ends)
            return count + number


_here = _Here()

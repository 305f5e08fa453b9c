"""Telling Celery's workers which lane has work. A wake-up that is lost costs a second, never a message."""

import logging
import time

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from statuspage.kit import logs

log = logging.getLogger(__name__)

# With the broker dead every wake-up would cost a time-out, while inner rings wait: after a failure leave it alone.
PAUSE_SECONDS = 5.0


class Broker:
    """Sends wake-ups, and knows for a while that the broker is away."""

    def __init__(self) -> None:
        self._away_until = 0.0

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self._away_until

    def wake(self, task: str, *, queue: str, lane: str = "") -> bool:
        """False when the broker could not be told."""
        if self.is_away:
            return False
        try:
            current_app.send_task(
                task,
                args=[lane] if lane else [],
                queue=queue,
                expires=10,
                retry=False,
                headers={"woken_by": logs.current("woken_by")},
            )
        except (OperationalError, RedisError, OSError) as error:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            log.warning("The broker is away (%s); inner rings are sent from here.", type(error).__name__)
            return False
        return True

"""The sign of life that every page's script reads: one tiny file per installation, written while publishing works.

A page says "Last confirmed 40 seconds ago" by this file alone, so it must never be fresher than the truth. It is
written after a look at everything went well; a page whose readers have waited for too long is named as an exception,
so that one broken page does not call all others old.
"""

import json
import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from statuspage.kit.templatetags.ripple import iso
from statuspage.pages.models import Page
from statuspage.pages.store import the_store

log = logging.getLogger(__name__)

BEAT_SECONDS = 20.0
BEHIND_AFTER = timedelta(seconds=60)
MAX_EXCEPTIONS = 100
"""With more pages behind it is not they who are broken, but publishing: then nothing is confirmed."""
WHO_KNOWS = datetime.min.replace(tzinfo=UTC)
"""Since when a page has been waiting that a dispatcher finds when it starts. It is not confirmed until published."""


class Heartbeat:
    """One per dispatcher. Remembers for each outdated page which revision was missing when, to know who is stuck."""

    def __init__(self) -> None:
        self._beaten_at = -BEAT_SECONDS
        self._missing: dict[int, tuple[int, datetime]] = {}
        self._has_looked = False

    @property
    def is_due(self) -> bool:
        return time.monotonic() - self._beaten_at >= BEAT_SECONDS

    def beat(self, outdated: Iterable[Page], *, now: datetime) -> bool:
        """Confirm every page but those that are behind. `outdated` are the public pages not published up to date.

        False: nothing was confirmed, because publishing is broken or the disk refuses.
        """
        self._beaten_at = time.monotonic()
        behind = self._behind(outdated, now=now)
        if len(behind) > MAX_EXCEPTIONS:
            log.error("%s pages are behind: publishing is broken, and no page is confirmed.", len(behind))
            return False
        body = {"confirmed_at": iso(now), "except": [page.public_id for page in behind]}
        try:
            the_store().confirm(json.dumps(body, separators=(",", ":")).encode())
        except OSError as error:
            log.warning("The heartbeat could not be written (%s). Pages will call themselves old.", error)
            return False
        return True

    def _behind(self, outdated: Iterable[Page], *, now: datetime) -> list[Page]:
        """A page that is touched again and again is behind all the same: what counts is the revision missing first."""
        before, self._missing = self._missing, {}
        for page in outdated:
            revision, since = before.get(page.pk, (0, now))
            if page.published_revision >= revision:
                revision, since = page.revision, now if self._has_looked else WHO_KNOWS
            self._missing[page.pk] = (revision, since)
        self._has_looked = True
        return [page for page in outdated if now - self._missing[page.pk][1] > BEHIND_AFTER]

"""Ninety days as a picture and as words. The picture is one path per status, not ninety elements. Pure.

A run of equal days is one line, drawn dashed by page.css: seven units of day, three of gap. Every run begins its dashes
anew, so a run of `n` days is `10n − 3` units long. Quiet days are low lines, days with trouble high ones: a day can be
read without its colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import groupby

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from statuspage.kit.templatetags.ripple import date_words_without_year, in_words
from statuspage.pages.status import ServiceStatus
from statuspage.pages.uptime import DAYS, Day, Tally, percent

DRAWN_KEPT = 20_000
STRIDE, GAP, HEIGHT = 10, 3, 26
NO_DATA, QUIET, TROUBLE = 24, 18, 13
"""How far down the middle of a line lies. page.css gives each its thickness: 4, 16 and 26 units."""


Troubles = tuple[tuple[ServiceStatus, timedelta], ...]
Marked = tuple[date, Troubles]
"""A day on which something was not normal, and what."""


@dataclass(frozen=True, slots=True)
class Bar:
    """All days of one status: the class that colours them, and an SVG path."""

    css: str
    path: str


@dataclass(frozen=True, slots=True)
class History:
    """A service's days, ready to be shown. `uptime` is empty when nothing is known yet."""

    bars: tuple[Bar, ...]
    uptime: str
    troubles: tuple[str, ...]
    """A sentence for each day on which something was not normal, newest first: the bars' twin in words."""
    tally: str
    """ "trouble on 3 days"; empty when there was none."""


@dataclass(frozen=True, eq=False)
class Before:
    """The complete days before today, the same until midnight. Compared by identity: what is drawn of it is kept.

    All of them are told as data. With today drawn beside them, the oldest is one too many. `made_of` stands for them in
    any process.
    """

    days: tuple[Day, ...]
    made_of: str = ""

    @cached_property
    def tally(self) -> Tally:
        return Tally.of(self.days)

    @cached_property
    def drawn(self) -> tuple[Day, ...]:
        return self.days[-(DAYS - 1) :]

    @cached_property
    def drawn_tally(self) -> Tally:
        return Tally.of(self.drawn)

    @cached_property
    def marked(self) -> list[Day]:
        """Those that are drawn and had trouble."""
        return [day for day in self.drawn if day.troubles]


@dataclass(frozen=True, eq=False)
class Past:
    """A service's days, which many services share."""

    before: Before
    today: Day

    @property
    def days(self) -> tuple[Day, ...]:
        return (*self.before.drawn, self.today)

    @property
    def history(self) -> History:
        """In the active language. Put together once for each."""
        language = get_language()
        if language not in self._told:
            self._told[language] = self._tell()
        return self._told[language]

    @cached_property
    def _told(self) -> dict[str | None, History]:
        return {}

    @cached_property
    def forms(self) -> dict[tuple[object, ...], str]:
        """What rows.py has made of it."""
        return {}

    def _tell(self) -> History:
        share = (self.before.drawn_tally + Tally.of([self.today])).share
        today = (self.today.on, self.today.troubles) if self.today.troubles else None
        troubles, tally = _marked(self.before, today, get_language())
        return History(
            bars=_bars(self.before, self.today.worst),
            uptime="" if share is None else percent(share),
            troubles=troubles,
            tally=tally,
        )


@lru_cache(maxsize=DRAWN_KEPT)
def _bars(before: Before, today: ServiceStatus | None) -> tuple[Bar, ...]:
    paths: dict[ServiceStatus | None, list[str]] = {}
    place = 0
    for status, run in groupby([*(day.worst for day in before.drawn), today]):
        length = len(list(run))
        paths.setdefault(status, []).append(f"M{place * STRIDE} {_middle(status)}h{length * STRIDE - GAP}")
        place += length
    return tuple(Bar(status.css if status else "no-data", "".join(path)) for status, path in paths.items())


def _middle(status: ServiceStatus | None) -> int:
    return {None: NO_DATA, ServiceStatus.OPERATIONAL: QUIET}.get(status, TROUBLE)


@lru_cache(maxsize=DRAWN_KEPT)
def _marked(before: Before, today: Marked | None, language: str | None) -> tuple[tuple[str, ...], str]:
    """The sentences of the days with trouble, newest first, and how many there were. `language` is the active one."""
    marked = [*((day.on, day.troubles) for day in before.marked), *([today] if today else [])]
    return tuple(_sentence(on, troubles, language) for on, troubles in reversed(marked)), _tally(marked)


def _tally(marked: Sequence[Marked]) -> str:
    if not marked:
        return ""
    statuses = {status for _on, troubles in marked for status, _length in troubles}
    count = len(marked)
    if statuses == {ServiceStatus.UNDER_MAINTENANCE}:
        words = ngettext("maintenance on %(count)d day", "maintenance on %(count)d days", count)
    elif ServiceStatus.UNDER_MAINTENANCE in statuses:
        words = ngettext("trouble or maintenance on %(count)d day", "trouble or maintenance on %(count)d days", count)
    else:
        words = ngettext("trouble on %(count)d day", "trouble on %(count)d days", count)
    return words % {"count": count}


@lru_cache(maxsize=DRAWN_KEPT)
def _sentence(on: date, troubles: Troubles, _language: str | None) -> str:
    """ "19 November: partial outage for 12 minutes, degraded performance for 1 hour". `_language` is the active one."""
    told = (
        pgettext("a status for a time", "%(status)s for %(time)s")
        % {"status": status.in_a_sentence, "time": in_words(length)}
        for status, length in troubles
    )
    return _("%(day)s: %(troubles)s") % {"day": date_words_without_year(on), "troubles": ", ".join(told)}

"""The past: the last days on the page itself, and every month at an address of its own. Nothing is ever cut off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from incidents.public_record import Brief
from statuspage.kit.templatetags.ripple import date_words_without_year, month_words
from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.documents import render
from statuspage.pages.store import Document
from statuspage.pages.templatetags.moments import day_words

DAYS_BACK = 30
MONTHS_AT_ONCE = 3
MONTHS_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class PastDays:
    """One day with incidents, or a run of days without any."""

    words: str
    briefs: tuple[Brief, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """A month in which something began. `first` is its first day."""

    first: date
    briefs: tuple[Brief, ...]
    zone: str

    @property
    def days(self) -> list[tuple[str, list[Brief]]]:
        """Newest first, each with its words."""
        local = ZoneInfo(self.zone)
        days = groupby(self.briefs, key=lambda brief: brief.began_at.astimezone(local).date())
        return [(date_words_without_year(day), list(members)) for day, members in days]

    @property
    def path(self) -> str:
        return f"/history/{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return month_words(self.first)


@dataclass(frozen=True, slots=True)
class Archive:
    """A month that is over, as a feed (RFC 5005). `older` and `newer` are the paths of its neighbours."""

    first: date
    briefs: tuple[Brief, ...]
    page: str
    older: str
    newer: str
    made_of: str

    @property
    def path(self) -> str:
        return f"{self.page}.atom"


def archives_of(board: Board, months: Sequence[Month], frame: str) -> list[Archive]:
    """Newest first. A month belongs to them when it is over: then nothing is added to it any more."""
    today = board.now.astimezone(ZoneInfo(board.zone)).date()
    over = [month for month in months if month.first < today.replace(day=1)]
    paths = ["", *(f"{month.path}.atom" for month in over), ""]
    return [
        Archive(month.first, month.briefs, month.path, older, newer, _stands_for(frame, month, older, newer))
        for month, newer, older in zip(over, paths, paths[2:], strict=False)
    ]


def offer(board: Board, months: Sequence[Month], frame: str) -> Iterator[Document]:
    """The list of months with the newest of them, and a page for each."""
    newest = months[:MONTHS_AT_ONCE]
    draw = partial(_history, board, months)
    listed = [(month.path, len(month.briefs)) for month in months]
    yield Document(board.name("/history"), draw, made_of=digest(frame, newest, listed))
    for place, month in enumerate(months):
        newer = months[place - 1] if place else None
        older = months[place + 1] if place + 1 < len(months) else None
        neighbours = [neighbour.path if neighbour else "" for neighbour in (newer, older)]
        draw = partial(_month, board, month, newer, older)
        yield Document(board.name(month.path), draw, made_of=_stands_for(frame, month, *neighbours))


@lru_cache(maxsize=MONTHS_KEPT)
def _stands_for(frame: str, month: Month, *neighbours: str) -> str:
    return digest(frame, month, neighbours)


def months_of(briefs: Sequence[Brief], board: Board) -> list[Month]:
    """Newest first. What is still to come has no place in the past."""
    zone = ZoneInfo(board.zone)
    begun = (brief for brief in briefs if brief.began_at <= board.now or not brief.is_open)
    groups = groupby(begun, key=lambda brief: brief.began_at.astimezone(zone).date().replace(day=1))
    return [Month(first, tuple(members), board.zone) for first, members in groups]


def past_days(briefs: Sequence[Brief], board: Board) -> list[PastDays]:
    """The last days, newest first, each incident on the day it began. Quiet days that follow each other are one."""
    zone = ZoneInfo(board.zone)
    today = board.now.astimezone(zone).date()
    began: dict[date, list[Brief]] = {}
    for brief in briefs:
        began.setdefault(brief.began_at.astimezone(zone).date(), []).append(brief)
    days = [today - timedelta(days=back) for back in range(DAYS_BACK)]
    found = []
    for is_quiet, run in groupby(days, key=lambda day: day not in began):
        if is_quiet:
            found.append(PastDays(_run_words(list(run), today=today)))
        else:
            found += [PastDays(day_words(day, today=today), tuple(began[day])) for day in run]
    return found


def _run_words(days: Sequence[date], *, today: date) -> str:
    """ "20–22 November". `days` are newest first."""
    newest, oldest = days[0], days[-1]
    if newest == oldest:
        return day_words(newest, today=today)
    words = {"first": day_words(oldest, today=today), "last": day_words(newest, today=today), "day": oldest.day}
    if (newest.year, newest.month) == (oldest.year, oldest.month):
        return _("%(day)d–%(last)s") % words
    return _("%(first)s – %(last)s") % words


def _history(board: Board, months: Sequence[Month]) -> bytes:
    years = [(year, list(run)) for year, run in groupby(months, key=lambda month: month.first.year)]
    return render("public/history.html", board, "/history", years=years, newest=months[:MONTHS_AT_ONCE])


def _month(board: Board, month: Month, newer: Month | None, older: Month | None) -> bytes:
    return render("public/month.html", board, month.path, month=month, newer=newer, older=older)

"""Absolute times as a page says them: always with the zone, with the day when it is not today's, never broken apart."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template

from statuspage.kit.templatetags.ripple import clock_time, date_words, date_words_without_year, span
from statuspage.pages.board import Board

register = template.Library()
NO_BREAK = "\u00a0"


@register.filter
def moment(instant: datetime | None, board: Board) -> str:
    """ "10:04 UTC", or "23 November, 10:04 UTC"."""
    return moment_words(instant, now=board.now, zone=board.zone) if instant else ""


def moment_words(instant: datetime, *, now: datetime, zone: str) -> str:
    day, today = (at.astimezone(ZoneInfo(zone)).date() for at in (instant, now))
    time = clock_time(instant, zone).replace(" ", NO_BREAK)
    return time if day == today else f"{day_words(day, today=today)}, {time}"


def day_words(day: date, *, today: date) -> str:
    """ "23 November", with the year when it is another one."""
    return date_words_without_year(day) if day.year == today.year else date_words(day)


@register.simple_tag
def window(begins_at: datetime, ends_at: datetime, board: Board) -> str:
    """ "16 January 2026, 12:00–16:00 UTC": right whenever it is read, since what is over is not drawn again."""
    return span(begins_at, ends_at, board.zone, with_year=True)


@register.filter
def has_passed(instant: datetime | None, board: Board) -> bool:
    return instant is not None and instant <= board.now

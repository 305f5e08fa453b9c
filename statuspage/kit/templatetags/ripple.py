"""Filters every template may use: absolute times with their zone, durations in words. In the active language."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86_400
DAYS_KEPT = 5_000


def local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone))


def clock_time(instant: datetime, zone: str) -> str:
    """ "10:04 UTC": hours and minutes with the zone's own short name."""
    there = local(instant, zone)
    name = there.strftime("%Z")
    return there.strftime("%H:%M ") + (f"UTC{name}" if name[:1] in "+-" else name)


@register.filter
def at(instant: datetime | None, zone: str = "Etc/UTC") -> str:
    return clock_time(instant, zone) if instant else ""


@register.filter
def on_day(instant: datetime | None, zone: str = "Etc/UTC") -> str:
    """ "24 November 2026, 10:04 UTC"."""
    if not instant:
        return ""
    return f"{date_words(instant.astimezone(ZoneInfo(zone)).date())}, {clock_time(instant, zone)}"


def date_words(day: date) -> str:
    """ "24 November 2026"."""
    return _formatted(day, pgettext("a date, in Django's letters", "j F Y"), get_language())


def date_words_without_year(day: date) -> str:
    """ "24 November"."""
    return _formatted(day, pgettext("a date, in Django's letters", "j F"), get_language())


def month_words(day: date) -> str:
    """ "November 2026"."""
    return _formatted(day, pgettext("a month, in Django's letters", "F Y"), get_language())


@lru_cache(maxsize=DAYS_KEPT)
def _formatted(day: date, letters: str, _language: str | None) -> str:
    """A page names the same days again and again."""
    return format_date(day, letters)


def span(begins_at: datetime, ends_at: datetime, zone: str = "Etc/UTC", *, with_year: bool = False) -> str:
    """ "16 January, 12:00–16:00 UTC"; over midnight "16 January, 22:00 UTC – 17 January, 02:00 UTC"."""
    day_words = date_words if with_year else date_words_without_year
    first, last = (instant.astimezone(ZoneInfo(zone)) for instant in (begins_at, ends_at))
    begins, ends = clock_time(begins_at, zone), clock_time(ends_at, zone)
    if first.date() != last.date():
        return f"{day_words(first.date())}, {begins} – {day_words(last.date())}, {ends}"
    is_one_zone = first.utcoffset() == last.utcoffset()
    times = f"{first:%H:%M}–{ends}" if is_one_zone else f"{begins} – {ends}"
    return f"{day_words(first.date())}, {times}"


def day_and_time(instant: datetime, zone: str = "Etc/UTC") -> str:
    """ "16 January, 16:00 UTC"."""
    day = date_words_without_year(instant.astimezone(ZoneInfo(zone)).date())
    return f"{day}, {clock_time(instant, zone)}"


@register.filter
def iso(instant: datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z" if instant else ""


@register.filter
def in_words(length: timedelta | float | None) -> str:
    """ "7 minutes", "2 hours 5 minutes", "3 days": how a person would say it."""
    if length is None:
        return ""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    if seconds < MINUTE:
        return _("less than a minute")
    if seconds < HOUR:
        return _minutes(seconds // MINUTE)
    if seconds < DAY:
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        words = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
        return f"{words} {_minutes(minutes)}" if minutes else words
    days = seconds // DAY
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


@register.filter
def thousands(count: int | None) -> str:
    """1,204,000"""
    return "" if count is None else f"{count:,}"

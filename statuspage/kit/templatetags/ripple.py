"""Filters every template may use: absolute times with their zone, durations in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86_400


def clock_time(instant: datetime, zone: str) -> str:
    """ "10:04 UTC": hours and minutes with the zone's own short name."""
    local = instant.astimezone(ZoneInfo(zone))
    name = local.strftime("%Z")
    return local.strftime("%H:%M ") + (f"UTC{name}" if name[:1] in "+-" else name)


@register.filter
def at(instant: datetime | None, zone: str = "Etc/UTC") -> str:
    return clock_time(instant, zone) if instant else ""


@register.filter
def on_day(instant: datetime | None, zone: str = "Etc/UTC") -> str:
    """ "24 November 2026, 10:04 UTC"."""
    if not instant:
        return ""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local.day} {local.strftime('%B %Y')}, {clock_time(instant, zone)}"


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
        return "less than a minute"
    if seconds < HOUR:
        return _count(seconds // MINUTE, "minute")
    if seconds < DAY:
        minutes = seconds % HOUR // MINUTE
        return _count(seconds // HOUR, "hour") + (f" {_count(minutes, 'minute')}" if minutes else "")
    return _count(seconds // DAY, "day")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

"""Which windows may be announced. Each refusal is a sentence beside the field it is about. Pure."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from incidents.windows import Window
from statuspage.kit.templatetags.ripple import on_day

LONGEST = timedelta(days=30)
FARTHEST = timedelta(days=365)


def check_new(window: Window, *, now: datetime) -> None:
    """For work that has not begun. Raises ValidationError."""
    if not now < window.begins_at <= now + FARTHEST:
        raise ValidationError({"begins_at": "A maintenance begins in the future, within a year. Choose another time."})
    _check_length(window)


def check_extended(window: Window, *, old: Window, now: datetime) -> None:
    """For work that goes on: only its end moves, and only to later. Raises ValidationError."""
    if window.begins_at != old.begins_at:
        raise ValidationError({"begins_at": "It has begun, so only its end can move. Leave the beginning as it is."})
    if window.ends_at <= max(old.ends_at, now):
        sentence = f"It is planned until {on_day(old.ends_at)}. Choose a later end; when the work is done, finish it."
        raise ValidationError({"ends_at": sentence})
    _check_length(window)


def _check_length(window: Window) -> None:
    length = window.ends_at - window.begins_at
    if length <= timedelta(0):
        raise ValidationError({"ends_at": "It ends after it has begun. Choose a later end or an earlier beginning."})
    if length > LONGEST:
        raise ValidationError(
            {"ends_at": "A window is at most 30 days long. Choose an earlier end, or plan it in parts."}
        )
    if not timedelta(0) <= window.verify_for < length:
        raise ValidationError(
            {"verify_for": "Checking is the last part of the window. Choose fewer minutes than it is long, or zero."}
        )

"""Times as RSS has them."""

from datetime import datetime
from email.utils import format_datetime

from django import template

register = template.Library()


@register.filter
def rfc822(instant: datetime) -> str:
    """ "Tue, 24 Nov 2026 10:04:00 +0000"."""
    return format_datetime(instant)

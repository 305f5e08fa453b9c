"""How long the other side asks us to wait."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from statuspage.kit.outbound import Answer

LONGEST_WAIT = timedelta(hours=1)


def retry_after(answer: Answer) -> timedelta | None:
    """RFC 9110 §10.2.3: seconds or a date. Never negative, never more than an hour; None when it asks for nothing."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=min(int(text[:9]), LONGEST_WAIT.total_seconds()))
    else:
        try:
            wait = parsedate_to_datetime(text) - datetime.fromtimestamp(time.time(), UTC)
        except (ValueError, TypeError):
            return None
    return max(timedelta(), min(wait, LONGEST_WAIT))

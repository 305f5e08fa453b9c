"""What a mail provider told us after it had accepted a letter: that it came back, or that somebody complained."""

from django.db import models

from statuspage.kit.clock import ClockNow


class Receipt(models.Model):
    """An event that was heeded: delivered again, it changes nothing. Holds no address (receipts.py)."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=64)
    heard_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        constraints = [models.UniqueConstraint("provider", "event_id", name="an_event_counts_once")]
        indexes = [models.Index("heard_at", name="receipts_by_age")]

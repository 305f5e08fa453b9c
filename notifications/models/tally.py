"""What was handed over, counted: the numbers a scraper reads, which must only ever rise."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Tally(models.Model):
    """One row for each place in the line of rings and channel, over all organizations: never more than some dozens.

    `ring` is the ring's position, 0 innermost, 9 and beyond as 9; -1 is every side ring. `within` counts messages
    accepted within each of tallying.BUCKETS, cumulatively; `seconds` is their sum.
    """

    ring = models.SmallIntegerField()
    channel = models.CharField(max_length=16)
    within = ArrayField(models.BigIntegerField())
    accepted = models.BigIntegerField()
    seconds = models.FloatField()
    failed = models.BigIntegerField()
    retried = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint("ring", "channel", name="one_tally_per_ring_and_channel")]

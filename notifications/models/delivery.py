"""Who gets a broadcast: chunks of addresses that workers lease, and one row per address for what became of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from notifications.models.broadcast import Broadcast
from statuspage.kit import queues
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization
from statuspage.organizations.plan import Channel


class ChunkState(models.TextChoices):
    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    SUPERSEDED = "superseded"
    POISONED = "poisoned"


class Chunk(models.Model):
    """A range of addresses leased as one. Times here are wall time: leases and retries are no part of the story.

    `quiet_until`: some of its deliveries wait until then, and its age counts from there (R14).
    `lease_token` fences: results are written only while the token is still ours. `tallied` is what of the chunk stands
    in the tallies already (tallying.py).
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="chunks", db_constraint=False)
    channel = models.CharField(max_length=16, choices=[(channel.value, channel.label) for channel in Channel])
    lane = models.CharField(max_length=10, choices=[(lane, lane) for lane in queues.LANES])
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ChunkState.choices, default=ChunkState.WAITING)
    is_expanded = models.BooleanField(default=False)
    superseded_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    quiet_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    tallied = ArrayField(models.FloatField(), null=True)
    finished_at = models.DateTimeField(null=True)

    objects = TenantManager["Chunk"]()

    class Meta:
        constraints = [
            models.UniqueConstraint("broadcast", "channel", "lo", name="one_chunk_per_range"),
            models.CheckConstraint(condition=Q(lo__lte=F("hi")), name="a_range_is_a_range"),
            models.CheckConstraint(
                condition=~Q(state="leased") | Q(lease_token__isnull=False), name="a_leased_chunk_has_a_token"
            ),
        ]
        indexes = [
            models.Index("lane", "due_at", condition=Q(state__in=["waiting", "leased"]), name="chunks_to_be_taken"),
            models.Index("organization", "lane", "leased_until", name="chunks_by_last_turn"),
            models.Index(
                "organization",
                "queued_at",
                condition=Q(failed__gt=0) | Q(state="poisoned"),
                name="chunks_not_all_reached",
            ),
        ]


class DeliveryState(models.IntegerChoices):
    """What becomes of it: docs/rules.md. From ACCEPTED on nothing more happens by itself."""

    QUEUED = 0
    LEASED = 1
    RETRY_WAIT = 2
    AMBIGUOUS = 3
    ACCEPTED = 10
    FAILED = 11
    SUPPRESSED = 12
    SUPERSEDED = 13
    CANCELLED = 14
    EXPIRED = 15
    POISONED = 16

    @property
    def is_final(self) -> bool:
        return self >= DeliveryState.ACCEPTED


class Delivery(models.Model):
    """One broadcast to one address. A million of these are ordinary: no foreign keys, half-filled pages, narrow."""

    pk = models.CompositePrimaryKey("broadcast_id", "address_id")
    broadcast_id = models.BigIntegerField()
    address_id = models.BigIntegerField()
    chunk_id = models.BigIntegerField()
    rendition_id = models.BigIntegerField()
    state = models.SmallIntegerField(choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=80, null=True)  # noqa: DJ001 - NULL costs nothing in a row that exists a million times
    reason = models.CharField(max_length=120, null=True)  # noqa: DJ001

    class Meta:
        verbose_name_plural = "deliveries"

"""One logical message to one ring, frozen at release, and its words."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from notifications import rings
from notifications.models.ring_state import RingState
from statuspage.kit.clock import ClockNow
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page


class Broadcast(models.Model):
    """Covers updates (from_number, to_number]. `content_hash` is of every rendition, as released (R2).

    `hearing` lists the rings that hear of this incident, frozen here, so that a person in one of them gets one copy
    only, as the innermost. `impact` is the incident's rank at release: whoever wants to hear only of worse is not
    addressed. Services, pages and impact of an incident only grow, and so does who hears of it.
    `channels` are those the plan chose for people: by another, only those were told whom none of these reached (R16).
    `reached_until`: addresses confirmed up to then have been considered (R15).
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    ring_state = models.ForeignKey(RingState, on_delete=models.CASCADE, related_name="broadcasts", db_constraint=False)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in rings.Kind])
    from_number = models.PositiveIntegerField()
    to_number = models.PositiveIntegerField()
    hearing = models.JSONField(default=list)
    service_ids = models.JSONField(default=list)
    page_ids = models.JSONField(default=list)
    channels = ArrayField(models.CharField(max_length=16), null=True)
    impact = models.PositiveSmallIntegerField(default=0, db_default=0)
    content_hash = models.CharField(max_length=64)
    released_at = models.DateTimeField()
    reached_until = models.DateTimeField()
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["Broadcast"]()

    class Meta:
        ordering = ["ring_state", "sequence"]
        constraints = [
            models.UniqueConstraint("ring_state", "sequence", name="one_broadcast_per_sequence"),
            models.UniqueConstraint("ring_state", "to_number", "kind", name="nothing_is_released_twice"),
            models.CheckConstraint(condition=Q(from_number__lte=F("to_number")), name="numbers_only_rise"),
        ]


class Rendition(models.Model):
    """The words of a broadcast for one channel, language and page. Rendered once; filled in per person."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="renditions", db_constraint=False)
    channel = models.CharField(max_length=16, choices=[(channel.value, channel.label) for channel in Channel])
    language = models.CharField(max_length=10, default="en")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False)
    words = models.JSONField()

    objects = TenantManager["Rendition"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "broadcast", "channel", "language", "page", name="one_rendition_per_audience", nulls_distinct=False
            )
        ]

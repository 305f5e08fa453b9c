"""Links that open a page at a ring's depth."""

from django.db import models

from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, Ring, User
from statuspage.pages.models.page import Page


class RingLinkQuerySet(models.QuerySet["RingLink"]):
    def working(self) -> "RingLinkQuerySet":
        return self.filter(revoked_at=None)


RingLinkManager = TenantManager.from_queryset(RingLinkQuerySet)


class RingLink(models.Model):
    """Whoever has the signed link reads the page as that ring does. Revoked, it opens nothing from then on."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    public_id = PublicIdField()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="ring_links", db_constraint=False)
    ring = models.ForeignKey(Ring, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    label = models.CharField(max_length=100, help_text="Who it is for")
    created_at = models.DateTimeField(db_default=ClockNow())
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = RingLinkManager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label

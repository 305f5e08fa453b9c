"""Links that let somebody in once, and have."""

from django.db import models

from statuspage.kit.clock import ClockNow
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization
from statuspage.pages.models.page import Page


class UsedLink(models.Model):
    """`fingerprint` stands for the link without telling it. Kept until the link would be too old anyway."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    fingerprint = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["UsedLink"]()

    class Meta:
        constraints = [models.UniqueConstraint("page", "fingerprint", name="a_link_lets_in_once")]

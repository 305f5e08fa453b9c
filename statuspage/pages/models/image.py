"""Pictures an owner gave: small, decoded and written anew before they were stored."""

from django.db import models

from statuspage.kit.clock import ClockNow
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization
from statuspage.pages.models.page import Page


class PageImage(models.Model):
    """PNG only: whatever was uploaded has been turned into one."""

    class Kind(models.TextChoices):
        LOGO = "logo", "Logo"
        LOGO_DARK = "logo_dark", "Logo on dark"
        FAVICON = "favicon", "Icon of the browser's tab"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="images", db_constraint=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    updated_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["PageImage"]()

    class Meta:
        constraints = [models.UniqueConstraint("page", "kind", name="one_image_per_page_and_kind")]

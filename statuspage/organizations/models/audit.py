"""Who did what, when. Written in the transaction it records; the database refuses to change or delete a row."""

from django.db import models

from statuspage.kit.clock import ClockNow
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models.tenant import Organization, User


class AuditEntry(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="audit_entries")
    at = models.DateTimeField(db_default=ClockNow())
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    target = models.CharField(max_length=80)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = TenantManager["AuditEntry"]()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["organization", "-at"], name="audit_newest_first")]

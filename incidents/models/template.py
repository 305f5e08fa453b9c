"""Words agreed before the fire: an incident template presets everything a commander would otherwise have to invent."""

from django.db import models

from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, Severity


class IncidentTemplate(models.Model):
    """`notes` maps the key of a line ring to the note presets for it and every ring further in."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="incident_templates")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=255)
    public_title = models.CharField(max_length=255)
    severity = models.ForeignKey(Severity, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False)
    body = models.TextField()
    notes = models.JSONField(default=dict)
    is_told_anyway = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TenantManager["IncidentTemplate"]()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint("organization", "key", name="one_template_per_key")]

    def __str__(self) -> str:
        return self.name

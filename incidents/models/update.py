"""One thing that was said or decided about an incident. Immutable; the update row is the message."""

from django.db import models

from incidents.models.incident import Incident
from incidents.words import IncidentStatus, UpdateKind, stage_label
from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, User
from statuspage.pages.models import Service
from statuspage.pages.status import ServiceStatus


class Update(models.Model):
    """`body` is the public message in Markdown ("" = nothing for the public); `html` is it rendered once, sanitised."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates", db_constraint=False)
    public_id = PublicIdField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=UpdateKind.choices(), default=UpdateKind.MESSAGE.value)
    status = models.CharField(max_length=16, choices=IncidentStatus.choices())
    severity_key = models.SlugField(max_length=40, help_text="The severity after this update")
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    is_important = models.BooleanField(default=False)
    notify = models.BooleanField(default=True, help_text="Off: the page changes, nobody is told")
    next_update_at = models.DateTimeField(null=True)
    expected_fix_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(db_default=ClockNow())
    posted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: Ripple itself"
    )
    submission_id = models.UUIDField()

    objects = TenantManager["Update"]()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("incident", "number", name="one_update_per_number"),
            models.UniqueConstraint("incident", "submission_id", name="one_update_per_submission"),
        ]

    def __str__(self) -> str:
        return f"update {self.number}"

    @property
    def is_public(self) -> bool:
        return bool(self.body)

    @property
    def stage(self) -> IncidentStatus:
        return IncidentStatus(self.status)

    @property
    def stage_label(self) -> str:
        """What people read beside its words."""
        return stage_label(self.stage, is_cancelled=self.kind == UpdateKind.CANCEL.value)


class UpdateService(models.Model):
    """What an update made of a service. Unchanged ones are listed too, as the Statuspage API does."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    update_row = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="services", db_constraint=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    old = models.CharField(max_length=24, choices=ServiceStatus.choices())
    new = models.CharField(max_length=24, choices=ServiceStatus.choices())

    objects = TenantManager["UpdateService"]()

    class Meta:
        ordering = ["service__position", "service_id"]
        constraints = [models.UniqueConstraint("update_row", "service", name="a_service_once_per_update")]

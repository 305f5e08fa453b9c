"""The communication plan as rows: rings, severities, and one cell for each pair. The rules are in plan.py."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models.tenant import Organization
from statuspage.organizations.plan import Cell, Channel, Mode, OnEarlyResolve, Plan, PlanRing, PlanSeverity, SmsOn


class Ring(models.Model):
    """An audience. Line rings have a position, 0 innermost; side rings have none."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="rings")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    is_open = models.BooleanField(default=False, help_text="Anyone may sign up; never sees severity or notes")

    objects = TenantManager["Ring"]()

    class Meta:
        ordering = [F("position").asc(nulls_last=True), "name"]
        constraints = [
            models.UniqueConstraint("organization", "key", name="one_ring_per_key"),
            models.UniqueConstraint("organization", "position", name="one_ring_per_position"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def planned(self) -> PlanRing:
        """As a plain value, as it stands now."""
        return PlanRing(key=self.key, name=self.name, position=self.position, is_open=self.is_open)


class SeverityQuerySet(models.QuerySet["Severity"]):
    def of_incidents(self) -> "SeverityQuerySet":
        """Those an incident can have; the row for maintenance is none of them."""
        return self.filter(is_for_maintenance=False)


SeverityManager = TenantManager.from_queryset(SeverityQuerySet)


class Severity(models.Model):
    """A level of the organization's own. Position 0 is the highest. Open rings never see it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="severities")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    colour = models.CharField(max_length=7)
    criteria = models.TextField(blank=True)
    is_for_maintenance = models.BooleanField(default=False, help_text="The row of the plan that planned work follows")

    objects = SeverityManager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "severities"
        constraints = [
            models.UniqueConstraint("organization", "key", name="one_severity_per_key"),
            models.UniqueConstraint("organization", "position", name="one_severity_per_position"),
            models.UniqueConstraint(
                "organization", condition=Q(is_for_maintenance=True), name="one_row_for_maintenance_per_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def planned(self) -> PlanSeverity:
        """As a plain value, as it stands now."""
        return PlanSeverity(
            key=self.key,
            name=self.name,
            position=self.position,
            colour=self.colour,
            criteria=self.criteria,
            is_for_maintenance=self.is_for_maintenance,
        )


def email_only() -> list[str]:
    return [Channel.EMAIL.value]


class PlanCell(models.Model):
    """What one ring hears at one severity."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="plan_cells", db_constraint=False
    )
    severity = models.ForeignKey(Severity, on_delete=models.CASCADE, related_name="cells", db_constraint=False)
    ring = models.ForeignKey(Ring, on_delete=models.CASCADE, related_name="cells", db_constraint=False)
    mode = models.CharField(max_length=10, choices=[(mode.value, mode.value) for mode in Mode])
    delay = models.DurationField(default=timedelta(0))
    min_gap = models.DurationField(default=timedelta(0))
    digest_every = models.DurationField(default=timedelta(0))
    promise = models.DurationField(null=True, blank=True)
    channels = ArrayField(models.CharField(max_length=16), default=email_only)
    sms_on = models.CharField(
        max_length=10, choices=[(when.value, when.value) for when in SmsOn], default=SmsOn.MILESTONES.value
    )
    on_early_resolve = models.CharField(
        max_length=10, choices=[(how.value, how.value) for how in OnEarlyResolve], default=OnEarlyResolve.SILENT.value
    )
    breaks_quiet = models.BooleanField(
        default=False, db_default=False, help_text="SMS are sent in people's quiet hours, too"
    )

    objects = TenantManager["PlanCell"]()

    class Meta:
        constraints = [
            models.UniqueConstraint("severity", "ring", name="one_cell_per_severity_and_ring"),
            models.CheckConstraint(
                condition=Q(promise__isnull=True) | Q(promise__gt=timedelta(0)), name="a_promise_is_positive"
            ),
            models.CheckConstraint(condition=Q(delay__gte=timedelta(0)), name="a_delay_is_not_negative"),
        ]

    @property
    def rule(self) -> Cell:
        return Cell(
            mode=Mode(self.mode),
            delay=self.delay,
            min_gap=self.min_gap,
            digest_every=self.digest_every,
            promise=self.promise,
            channels=tuple(Channel(name) for name in self.channels),
            sms_on=SmsOn(self.sms_on),
            on_early_resolve=OnEarlyResolve(self.on_early_resolve),
            breaks_quiet=self.breaks_quiet,
        )


def plan_of(organization: Organization) -> Plan:
    """The organization's plan as it stands now, as plain values: what an incident freezes when it opens."""
    return Plan(
        rings=tuple(ring.planned for ring in organization.rings.all()),
        severities=tuple(severity.planned for severity in organization.severities.all()),
        cells={
            (cell.severity.key, cell.ring.key): cell.rule
            for cell in organization.plan_cells.select_related("severity", "ring")
        },
    )

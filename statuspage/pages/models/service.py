"""What can work or fail, and how it has been."""

from django.db import models
from django.db.models import Q

from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, User
from statuspage.pages.status import ServiceStatus


class ServiceGroup(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="service_groups")
    public_id = PublicIdField()
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["ServiceGroup"]()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint("organization", "name", name="one_service_group_per_name")]

    def __str__(self) -> str:
        return self.name


class ServiceQuerySet(models.QuerySet["Service"]):
    def living(self) -> "ServiceQuerySet":
        return self.filter(archived_at=None)


ServiceManager = TenantManager.from_queryset(ServiceQuerySet)


class Service(models.Model):
    """`base_status` is what it is by itself; `status` is the worst of that and of every open incident on it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="services")
    group = models.ForeignKey(
        ServiceGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="services", db_constraint=False
    )
    public_id = PublicIdField()
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=255, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    base_status = models.CharField(
        max_length=24, choices=ServiceStatus.choices(), default=ServiceStatus.OPERATIONAL.value
    )
    status = models.CharField(max_length=24, choices=ServiceStatus.choices(), default=ServiceStatus.OPERATIONAL.value)
    created_at = models.DateTimeField(db_default=ClockNow())
    updated_at = models.DateTimeField(db_default=ClockNow())
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceManager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                "organization", "name", condition=Q(archived_at=None), name="one_living_service_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> ServiceStatus:
        return ServiceStatus(self.status)


class StatusChange(models.Model):
    """One step in a service's history: uptime and the bars are computed from these."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="changes", db_constraint=False)
    at = models.DateTimeField(db_default=ClockNow())
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    old = models.CharField(max_length=24, choices=ServiceStatus.choices())
    new = models.CharField(max_length=24, choices=ServiceStatus.choices())
    cause = models.CharField(max_length=80, blank=True, help_text="What brought it about: “incident 7”")

    objects = TenantManager["StatusChange"]()

    class Meta:
        indexes = [models.Index("service", "at", name="changes_of_a_service_in_order")]

"""Who listens: people, their addresses, what they asked to hear, and whom we must not write to."""

from django.db import models
from django.db.models import Q

from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, Ring
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page, Service

CHANNELS = [(channel.value, channel.label) for channel in Channel]


class Person(models.Model):
    """Somebody who may be told. In at most one ring; without one, they hear as a subscriber."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="people")
    public_id = PublicIdField()
    ring = models.ForeignKey(Ring, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["Person"]()

    class Meta:
        verbose_name_plural = "people"
        indexes = [models.Index("organization", "ring", name="people_by_ring")]

    def __str__(self) -> str:
        return self.name


class AddressQuerySet(models.QuerySet["Address"]):
    def reachable(self) -> "AddressQuerySet":
        return self.filter(confirmed_at__isnull=False, stopped_at=None)


AddressManager = TenantManager.from_queryset(AddressQuerySet)


class Address(models.Model):
    """One way to reach a person. `normalised` makes it unique; `value` is what they typed."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="addresses")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    channel = models.CharField(max_length=10, choices=CHANNELS)
    value = models.CharField(max_length=320)
    normalised = models.CharField(max_length=320)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = AddressManager()

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [models.UniqueConstraint("organization", "channel", "normalised", name="one_address_per_value")]
        indexes = [models.Index("organization", "confirmed_at", name="addresses_by_confirmation")]

    def __str__(self) -> str:
        return self.value


class Subscription(models.Model):
    """What an address asked for on a page: everything (`services` empty), or chosen services."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="subscriptions")
    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="subscriptions")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="subscriptions")
    is_for_everything = models.BooleanField(default=True)
    services = models.ManyToManyField(Service, through="SubscribedService", related_name="+")
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["Subscription"]()

    class Meta:
        constraints = [models.UniqueConstraint("address", "page", name="one_subscription_per_address_and_page")]


class SubscribedService(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="chosen")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")

    objects = TenantManager["SubscribedService"]()

    class Meta:
        constraints = [models.UniqueConstraint("subscription", "service", name="a_service_once_per_subscription")]


class Suppression(models.Model):
    """An address we must not write to, kept as a keyed hash so that it survives erasure. Checked at every hand-over."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="suppressions")
    channel = models.CharField(max_length=10, choices=CHANNELS)
    fingerprint = models.BinaryField(max_length=32)
    reason = models.CharField(max_length=20)
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["Suppression"]()

    class Meta:
        constraints = [
            models.UniqueConstraint("organization", "channel", "fingerprint", name="one_suppression_per_address"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_suppression_has_a_reason"),
        ]

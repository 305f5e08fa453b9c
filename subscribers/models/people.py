"""Who listens: people, their addresses, what they asked to hear, and whom we must not write to.

A million people are ordinary here, so every reference is held once: by a key together with the organization
(migration 0002), which says all that Django's own constraint would say, and that they belong to the same tenant.
"""

from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from statuspage.kit import public_ids
from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Member, Organization, Ring
from statuspage.organizations.plan import Channel
from statuspage.pages.languages import LANGUAGES
from statuspage.pages.models import Page, Service

CHANNELS = [(channel.value, channel.label) for channel in Channel]
ENDING_SHOWN = 4
LONGEST_ADDRESS = 2000
"""The addresses of chat rooms carry a signature and are long; an index takes no more than 2,700 bytes."""
LONGEST_SAID = 200


class FromImpact(models.IntegerChoices):
    """From how bad an incident on somebody wants to hear. Ranks, because the database compares them."""

    ANY = 0, _("Every incident")
    MINOR = 1, _("Minor impact and worse")
    MAJOR = 2, _("Major impact and worse")
    CRITICAL = 3, _("Critical impact only")


class PersonQuerySet(models.QuerySet["Person"]):
    def people(self) -> "PersonQuerySet":
        return self.filter(is_endpoint=False)

    def endpoints(self) -> "PersonQuerySet":
        return self.filter(is_endpoint=True)


PersonManager = TenantManager.from_queryset(PersonQuerySet)


class Person(models.Model):
    """Somebody who may be told. In at most one ring; without one, they hear as a subscriber.

    `preferred_channel` is for when the plan chooses none of their ways (R16). From `quiet_from` until `quiet_until`, in
    their zone, no SMS is sent to them: it waits (R14).

    `member`: they log in, too. Who leaves the organization is told what their ring is told until somebody removes them.

    A machine or a chat room is told like a person, and is one here: `is_endpoint`, with one address, called what its
    owner called it.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="people", db_index=False)
    public_id = PublicIdField()
    ring = models.ForeignKey(
        Ring,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        db_constraint=False,
        db_index=False,
    )
    member = models.ForeignKey(
        Member,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=40, blank=True)
    preferred_channel = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        choices=[(channel.value, channel.label) for channel in Channel.for_people()],
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    is_endpoint = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        # Subscribers, who are many, are in no ring, and nobody looks for them by that.
        indexes = [models.Index("ring", condition=Q(ring__isnull=False), name="people_in_rings")]
        constraints = [
            models.UniqueConstraint("member", condition=Q(member__isnull=False), name="a_member_is_one_person"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until")),
                name="quiet_hours_have_a_beginning_and_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language_name(self) -> str:
        """As its speakers call it."""
        return dict(LANGUAGES).get(self.language, self.language)


class AddressQuerySet(models.QuerySet["Address"]):
    def reachable(self) -> "AddressQuerySet":
        return self.filter(confirmed_at__isnull=False, stopped_at=None)


AddressManager = TenantManager.from_queryset(AddressQuerySet)


class Address(models.Model):
    """One way to reach a person. `normalised` makes it unique; `value` is what they typed."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="addresses", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses", db_constraint=False)
    channel = models.CharField(max_length=16, choices=CHANNELS)
    value = models.CharField(max_length=LONGEST_ADDRESS)
    # Compared by bytes: so the index that makes it unique also finds how it begins, in whatever language the server is.
    normalised = models.CharField(max_length=LONGEST_ADDRESS, db_collation="C")
    is_shared = models.BooleanField(default=False, db_default=False, help_text="Several people read it: a list")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = AddressManager()

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [models.UniqueConstraint("organization", "channel", "normalised", name="one_address_per_value")]
        indexes = [models.Index("organization", "confirmed_at", name="addresses_by_confirmation")]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """For screens. Whoever has a room's whole address may post in it: "hooks.slack.com/…x7Qz"."""
        if not Channel(self.channel).is_endpoint:
            return self.value
        return f"{urlsplit(self.value).netloc}/…{self.value[-ENDING_SHOWN:]}"


class Subscription(models.Model):
    """What an address asked for on a page: everything (`services` empty), or chosen services.

    `only_incident` set: this one row is about one incident or maintenance, and the other columns say nothing. It is
    the incident's public id and no foreign key: subscribers know nothing of incidents, so that what people asked for
    never keeps an incident's row from changing, and the id is never given to another.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="subscriptions", db_constraint=False, db_index=False
    )
    address = models.ForeignKey(
        Address, on_delete=models.CASCADE, related_name="subscriptions", db_constraint=False, db_index=False
    )
    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="subscriptions", db_constraint=False, db_index=False
    )
    only_incident = models.CharField(max_length=public_ids.LENGTH, blank=True, default="", db_default="")
    is_for_everything = models.BooleanField(default=True)
    is_for_incidents = models.BooleanField(default=True, db_default=True)
    is_for_maintenance = models.BooleanField(default=True, db_default=True)
    from_impact = models.PositiveSmallIntegerField(choices=FromImpact.choices, default=FromImpact.ANY, db_default=0)
    services = models.ManyToManyField(Service, through="SubscribedService", related_name="+")
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["Subscription"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "address", "page", "only_incident", name="one_subscription_per_address_page_and_incident"
            ),
            models.CheckConstraint(
                condition=Q(is_for_incidents=True) | Q(is_for_maintenance=True),
                name="a_subscription_asks_for_something",
            ),
            models.CheckConstraint(
                condition=Q(from_impact__in=FromImpact.values), name="an_impact_to_hear_from_is_known"
            ),
        ]


class MutedIncident(models.Model):
    """An incident an address wants to hear no more of, whatever else it asked for."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="muted", db_constraint=False)
    incident = models.CharField(max_length=public_ids.LENGTH, help_text="Its public id: see Subscription")
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["MutedIncident"]()

    class Meta:
        constraints = [
            # The incident first: a fan-out asks who is silent about this one.
            models.UniqueConstraint("incident", "address", name="an_incident_is_muted_once_per_address")
        ]


class SubscribedService(models.Model):
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="chosen", db_constraint=False, db_index=False
    )
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    objects = TenantManager["SubscribedService"]()

    class Meta:
        constraints = [models.UniqueConstraint("subscription", "service", name="a_service_once_per_subscription")]


class Suppression(models.Model):
    """An address we must not write to, kept as a keyed hash so that it survives erasure. Checked at every hand-over."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="suppressions")
    channel = models.CharField(max_length=16, choices=CHANNELS)
    fingerprint = models.BinaryField(max_length=32)
    address = models.ForeignKey(
        Address,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
        help_text="While it is kept: whom it is about",
    )
    reason = models.CharField(max_length=20)
    said = models.CharField(
        max_length=LONGEST_SAID,
        blank=True,
        db_default="",
        default="",
        help_text="What their mail server gave as its reason",
    )
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["Suppression"]()

    class Meta:
        constraints = [
            models.UniqueConstraint("organization", "channel", "fingerprint", name="one_suppression_per_address"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_suppression_has_a_reason"),
        ]


class Endpoint(models.Model):
    """What a machine or a chat room has beside its address: secrets, how it has been lately, and whom to tell.

    Secrets are kept sealed (kit/sealing.py). `failing_since` is when the run of failures began that still goes on.
    Switched off, its address is stopped; `notice_at` is when to tell people so, and empty once they are told.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="endpoints", db_constraint=False
    )
    address = models.OneToOneField(Address, on_delete=models.CASCADE, related_name="endpoint", db_constraint=False)
    sealed_secret = models.TextField(blank=True)
    sealed_previous = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    contact = models.EmailField(blank=True, help_text="Who is told when it is switched off; empty: owners and admins")
    last_taken_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failing_because = models.CharField(max_length=120, blank=True)
    switched_off_at = models.DateTimeField(null=True, blank=True)
    switched_off_because = models.CharField(max_length=120, blank=True)
    notice_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = TenantManager["Endpoint"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sealed_previous="", previous_until=None)
                | ~Q(sealed_previous="") & Q(previous_until__isnull=False),
                name="a_secret_of_before_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(switched_off_at=None) | ~Q(switched_off_because=""), name="what_is_switched_off_says_why"
            ),
        ]
        indexes = [models.Index("notice_at", condition=Q(notice_at__isnull=False), name="endpoints_to_give_notice_of")]

    def __str__(self) -> str:
        return f"endpoint {self.address.person.public_id}"

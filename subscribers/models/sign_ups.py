"""What people ask for before they have shown that an address is theirs, and what SMS cost and say."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Member, Organization
from statuspage.pages.models import Page
from subscribers.models.people import CHANNELS, LONGEST_ADDRESS


class Wish(models.TextChoices):
    """What somebody asked for who must first show that an address is theirs."""

    UPDATES = "updates"
    LINK = "link"
    IMPORTED = "imported"
    """Somebody else brought the address in a file: they asked for nothing, and are asked."""
    OWN = "own"
    """A member says that the address is theirs (belonging.py)."""


class SignUp(models.Model):
    """Somebody asked to be told, or for the link by which they change what they are told.

    Written alike for everybody, whatever we know of the address, so that nobody learns that from the answer. It is the
    queue, too: while `due_at` (wall time) is set, somebody is still to be written to. `proof` is a hash of what they
    were sent and must show; `addressee` stands for who is written to and is counted over all tenants.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, null=True, related_name="sign_ups", db_constraint=False)
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    public_id = PublicIdField()
    wish = models.CharField(max_length=10, choices=Wish.choices, default=Wish.UPDATES)
    channel = models.CharField(max_length=16, choices=CHANNELS)
    value = models.CharField(max_length=LONGEST_ADDRESS)
    normalised = models.CharField(max_length=LONGEST_ADDRESS)
    contact = models.EmailField(max_length=320, blank=True)
    is_shared = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="en")
    choice = models.JSONField(default=dict)
    addressee = models.BinaryField(max_length=32)
    proof = models.BinaryField(max_length=32, null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    handed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=120, blank=True)

    objects = TenantManager["SignUp"]()

    class Meta:
        constraints = [
            models.UniqueConstraint("proof", name="a_proof_is_for_one_sign_up"),
            models.CheckConstraint(
                condition=Q(page__isnull=False, member=None) | Q(page=None, member__isnull=False, wish="own"),
                name="a_sign_up_is_on_a_page_or_a_members_own",
            ),
        ]
        indexes = [
            models.Index("due_at", condition=Q(due_at__isnull=False), name="sign_ups_to_be_answered"),
            models.Index("addressee", "handed_at", name="sign_ups_by_addressee"),
            models.Index("created_at", name="sign_ups_by_age"),
        ]

    @property
    def on_page(self) -> Page:
        """Where it was asked. Raises ValueError for what is a member's own."""
        if self.page is None:
            raise ValueError("A member asked this, on no page.")
        return self.page

    @property
    def asked_by(self) -> str:
        """In whose name they are written to: the page's, or to a member their organization's."""
        return self.page.name if self.page else self.organization.name

    @property
    def mailed_to(self) -> str:
        """Who must show that they are there: an endpoint cannot, so its owner does."""
        return self.contact or self.value


class SmsDay(models.Model):
    """How many SMS segments an organization has spent on a day (UTC)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    segments = models.PositiveIntegerField(default=0)

    objects = TenantManager["SmsDay"]()

    class Meta:
        constraints = [models.UniqueConstraint("organization", "day", name="one_count_of_sms_per_day")]


class HeardSms(models.Model):
    """A message from a phone that was answered: delivered again, it is not answered again."""

    provider_id = models.CharField(max_length=80, unique=True)
    heard_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        verbose_name_plural = "heard SMS"

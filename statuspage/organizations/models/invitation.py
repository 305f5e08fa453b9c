"""Somebody who may become a member. Only a hash of their link is kept: who reads the table cannot use it."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models.tenant import Organization, Role, User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def due(self, now: datetime) -> "InvitationQuerySet":
        """A link is to be mailed, and would still work."""
        return self.filter(due_at__lte=now, expires_at__gt=now)


InvitationManager = TenantManager.from_queryset(InvitationQuerySet)


class Invitation(models.Model):
    """Waits for as long as the row is there: who joins, or is not to join any more, leaves none.

    `digest` is the SHA-256 of the mailed token, which has 256 bits of chance and needs no salt; none before the first
    mail is written. `due_at` is when it is to be mailed next; none once it left, or was `refused_because` of what the
    other mail server said.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    public_id = PublicIdField()
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices)
    digest = models.BinaryField(max_length=32, unique=True, null=True)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(db_default=ClockNow())
    due_at = models.DateTimeField(null=True)
    refused_because = models.CharField(max_length=200, blank=True, default="", db_default="")
    expires_at = models.DateTimeField()

    objects = InvitationManager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint("organization", "email", name="one_invitation_for_each_address"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invited_addresses_are_lower_case"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="an_invitation_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(digest__isnull=False) | Q(due_at__isnull=False), name="an_invitation_is_mailed_or_due"
            ),
        ]
        indexes = [
            models.Index("due_at", name="invitation_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def named(self) -> str:
        """In the audit log, which keeps no addresses."""
        return f"invitation {self.public_id}"

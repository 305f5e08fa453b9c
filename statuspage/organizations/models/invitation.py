"""Somebody who may become a member. Only a hash of their link is kept: who reads the table cannot use it."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models.tenant import Organization, Role, User


class Invitation(models.Model):
    """Waits for as long as the row is there: who joins, or is not to join any more, leaves none.

    `digest` is the SHA-256 of the mailed token, which has 256 bits of chance and needs no salt.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    public_id = PublicIdField()
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices)
    digest = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(db_default=ClockNow())
    expires_at = models.DateTimeField()

    objects = TenantManager["Invitation"]()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint("organization", "email", name="one_invitation_for_each_address"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invited_addresses_are_lower_case"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="an_invitation_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.email

    def is_over(self, now: datetime) -> bool:
        return self.expires_at <= now

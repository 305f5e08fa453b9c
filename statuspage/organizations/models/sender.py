"""The addresses that an organization's letters come from."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from statuspage.kit.domains import readable_domain
from statuspage.kit.mailboxes import LOCAL
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models.proven import LOOKED_AGAIN_AFTER, Proven, ProvenQuerySet
from statuspage.organizations.models.tenant import Organization


class SenderQuerySet(ProvenQuerySet["Sender"]):
    def due(self, now: datetime) -> "SenderQuerySet":
        """Also those whose records do not let us send: they are being put right."""
        unfit = Q(verified_at__isnull=False, is_fit=False) & ~Q(checked_at__gt=now - LOOKED_AGAIN_AFTER)
        return super().due(now) | self.filter(unfit)

    def in_use(self) -> "SenderQuerySet":
        """The first of these is the one that letters come from: whichever was proven last."""
        return self.served().filter(is_fit=True).order_by("-verified_at", "-pk")


SenderManager = TenantManager.from_queryset(SenderQuerySet)


class Sender(Proven):
    """An address at a domain of the organization's own.

    Letters come from it while the domain is proven and SPF or DKIM vouch for what our relay sends in its name
    (`is_fit`); otherwise from the installation's own address: receivers would refuse what nobody vouches for.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="senders")
    local = models.CharField(max_length=64)
    domain = models.CharField(max_length=245)
    is_fit = models.BooleanField(default=False, help_text="SPF or DKIM vouch for our letters")
    reports = models.JSONField(default=list, help_text="What the last look found of SPF, DKIM and DMARC")
    notice_at = models.DateTimeField(null=True, blank=True, help_text="From when owners are to be told what happened")

    objects = SenderManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "domain", condition=Q(verified_at__isnull=False), name="one_organization_per_sender_domain"
            ),
            models.UniqueConstraint("organization", "domain", name="one_sender_per_organization_and_domain"),
            models.CheckConstraint(
                condition=Q(lost_at=None) | Q(verified_at__isnull=False), name="only_a_proven_sender_is_lost"
            ),
            models.CheckConstraint(condition=~Q(proof=""), name="a_sender_needs_a_proof"),
            models.CheckConstraint(
                condition=Q(local__regex=f"^{LOCAL}$", domain__regex=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"),
                name="a_sender_is_one_mailbox",
            ),
        ]
        indexes = [
            models.Index("checked_at", name="senders_longest_not_looked_at"),
            models.Index("notice_at", condition=Q(notice_at__isnull=False), name="senders_to_give_notice_of"),
        ]

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def proven_name(self) -> str:
        return self.domain

    @property
    def readable(self) -> str:
        return f"{self.local}@{readable_domain(self.domain)}"

    @property
    def is_usable(self) -> bool:
        return self.is_served and self.is_fit

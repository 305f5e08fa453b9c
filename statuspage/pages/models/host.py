"""The hosts that pages answer to, and what each is known to be."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from statuspage.kit.clock import ClockNow
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization
from statuspage.pages.models.page import Page
from statuspage.pages.proofs import LOCKED_FOR, MISSED_FOR, RECORD_PREFIX, VALUE_PREFIX, Standing, State

RECHECKED_AFTER = timedelta(days=1)
LOOKED_AGAIN_AFTER = timedelta(hours=1)
"""While a proof is missing, and at the beginning: whoever has just put it right is not kept waiting."""
WAITED_FOR = timedelta(days=7)
"""How long a claim is looked for by itself. Later only when somebody asks."""


def new_proof() -> str:
    return secrets.token_urlsafe(24)


class HostQuerySet(models.QuerySet["Host"]):
    def served(self) -> "HostQuerySet":
        """Those that are answered and linked: proven, and not lost since."""
        return self.filter(verified_at__isnull=False, lost_at=None)

    def due(self, now: datetime) -> "HostQuerySet":
        """Those whose proof is to be looked for now."""
        settled = Q(verified_at__isnull=False, missed_at=None)
        is_young = Q(verified_at=None, created_at__gt=now - WAITED_FOR)
        daily = settled & ~Q(checked_at__gt=now - RECHECKED_AFTER)
        hourly = (Q(missed_at__isnull=False) | is_young) & ~Q(checked_at__gt=now - LOOKED_AGAIN_AFTER)
        return self.exclude(proof="").filter(daily | hourly)

    def given_up(self, now: datetime) -> "HostQuerySet":
        """Subdomains that have been kept for their former owner long enough."""
        return self.filter(is_subdomain=True, lost_at__lte=now - LOCKED_FOR)


HostManager = TenantManager.from_queryset(HostQuerySet)


class Host(models.Model):
    """A host name a page answers to. Only served ones are answered and linked.

    Anybody may claim a name; whoever proves it first has it (`verified_at`). The proof is looked up again every day.
    Once it has been gone for too long (`lost_at`), the name is no longer served, yet stays locked to its organization
    for LOCKED_FOR: nobody takes over what a lapsed record left behind. What the installation vouches for itself needs
    no proof: its own subdomains, and hosts that whoever runs it has given to a page.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField(max_length=253)
    is_canonical = models.BooleanField(default=False)
    is_subdomain = models.BooleanField(default=False)
    proof = models.CharField(
        max_length=64, default=new_proof, blank=True, editable=False, help_text="In the TXT record; empty: none needed"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True, help_text="Since when the proof has been missing")
    lost_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=ClockNow())

    objects = HostManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(verified_at__isnull=False), name="one_page_per_host_name"
            ),
            models.UniqueConstraint("organization", Lower("name"), name="one_claim_per_organization_and_host_name"),
            models.UniqueConstraint("page", condition=Q(is_canonical=True), name="one_canonical_host_per_page"),
            models.CheckConstraint(
                condition=Q(lost_at=None) | Q(verified_at__isnull=False), name="only_what_was_proven_is_lost"
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=False) | ~Q(proof=""), name="what_waits_for_its_proof_has_one"
            ),
        ]
        indexes = [models.Index("checked_at", condition=~Q(proof=""), name="hosts_longest_not_looked_at")]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        port = f":{settings.PAGE_PORT}" if settings.PAGE_PORT else ""
        return f"{settings.PAGE_SCHEME}://{self.name}{port}"

    @property
    def is_served(self) -> bool:
        return self.standing.is_served

    @property
    def standing(self) -> Standing:
        return Standing(self.verified_at, self.missed_at, self.lost_at)

    @standing.setter
    def standing(self, standing: Standing) -> None:
        self.verified_at, self.missed_at, self.lost_at = standing.verified_at, standing.missed_at, standing.lost_at

    @property
    def state(self) -> State:
        return State.GIVEN if not self.proof and not self.lost_at else self.standing.state

    @property
    def record_name(self) -> str:
        return f"{RECORD_PREFIX}{self.name}"

    @property
    def record_value(self) -> str:
        return f"{VALUE_PREFIX}{self.proof}"

    @property
    def served_until(self) -> datetime | None:
        """When a host whose proof is missing is lost."""
        return self.missed_at + MISSED_FOR if self.missed_at else None

    @property
    def locked_until(self) -> datetime | None:
        """When a lost host is free for others."""
        return self.lost_at + LOCKED_FOR if self.lost_at else None

    @property
    def looked_for_until(self) -> datetime:
        """Until when a claim is looked for by itself."""
        return self.created_at + WAITED_FOR

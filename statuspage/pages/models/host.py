"""The hosts that pages answer to, and what each is known to be."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from statuspage.kit.proofs import LOCKED_FOR
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, Proven, ProvenQuerySet
from statuspage.pages.models.page import Page


class HostQuerySet(ProvenQuerySet["Host"]):
    def given_up(self, now: datetime) -> "HostQuerySet":
        """Subdomains that have been kept for their former owner long enough."""
        return self.filter(is_subdomain=True, lost_at__lte=now - LOCKED_FOR)


HostManager = TenantManager.from_queryset(HostQuerySet)


class Host(Proven):
    """A host name a page answers to. Only served ones are answered and linked.

    What the installation vouches for itself needs no proof: its own subdomains, and hosts that whoever runs it has
    given to a page.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="hosts", db_constraint=False)
    name = models.CharField(max_length=253)
    is_canonical = models.BooleanField(default=False)
    is_subdomain = models.BooleanField(default=False)

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
    def proven_name(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        port = f":{settings.PAGE_PORT}" if settings.PAGE_PORT else ""
        return f"{settings.PAGE_SCHEME}://{self.name}{port}"

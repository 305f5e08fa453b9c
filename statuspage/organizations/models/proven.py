"""What an organization may use only while it proves that a domain is its own, by a TXT record below it."""

import secrets
from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from statuspage.kit.clock import ClockNow
from statuspage.kit.proofs import LOCKED_FOR, MISSED_FOR, RECORD_PREFIX, VALUE_PREFIX, Standing, State
from statuspage.organizations.models.tenant import Organization

RECHECKED_AFTER = timedelta(days=1)
LOOKED_AGAIN_AFTER = timedelta(hours=1)
"""While a proof is missing, and at the beginning: whoever has just put it right is not kept waiting."""
WAITED_FOR = timedelta(days=7)
"""How long a claim is looked for by itself. Later only when somebody asks."""

P = TypeVar("P", bound="Proven")


def new_proof() -> str:
    return secrets.token_urlsafe(24)


class ProvenQuerySet(models.QuerySet[P]):
    def served(self) -> Self:
        """Those that may be used: proven, and not lost since."""
        return self.filter(verified_at__isnull=False, lost_at=None)

    def due(self, now: datetime) -> Self:
        """Those whose proof is to be looked for now."""
        settled = Q(verified_at__isnull=False, missed_at=None)
        is_young = Q(verified_at=None, created_at__gt=now - WAITED_FOR)
        daily = settled & ~Q(checked_at__gt=now - RECHECKED_AFTER)
        hourly = (Q(missed_at__isnull=False) | is_young) & ~Q(checked_at__gt=now - LOOKED_AGAIN_AFTER)
        return self.exclude(proof="").filter(daily | hourly)


class Proven(models.Model):
    """Anybody may claim a domain; whoever proves it first has it (`verified_at`; the database holds that).

    The proof is looked up again every day. Once it has been gone for too long (`lost_at`), the domain is no longer
    used, yet stays locked to its organization for LOCKED_FOR: nobody takes over what a lapsed record left behind.
    """

    organization: models.ForeignKey[Organization, Organization]
    proof = models.CharField(
        max_length=64, default=new_proof, blank=True, editable=False, help_text="In the TXT record; empty: none needed"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True, help_text="Since when the proof has been missing")
    lost_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        abstract = True

    @property
    def proven_name(self) -> str:
        """The domain."""
        raise NotImplementedError

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
        return f"{RECORD_PREFIX}{self.proven_name}"

    @property
    def record_value(self) -> str:
        return f"{VALUE_PREFIX}{self.proof}"

    @property
    def served_until(self) -> datetime | None:
        """When what is missing its proof is lost."""
        return self.missed_at + MISSED_FOR if self.missed_at else None

    @property
    def locked_until(self) -> datetime | None:
        """When what was lost is free for others."""
        return self.lost_at + LOCKED_FOR if self.lost_at else None

    @property
    def looked_for_until(self) -> datetime:
        """Until when a claim is looked for by itself."""
        return self.created_at + WAITED_FOR

"""What a domain's proof being there, gone, or not to be found out makes of its standing. Pure.

Whoever can write a TXT record below a domain has it. The record is looked for again, because domains lapse and are
sold: a domain whose record stays away is no longer served, and yet locked to its organization for a while, so that
nobody takes over what links in old mails still lead to.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

RECORD_PREFIX = "_ripple."
VALUE_PREFIX = "ripple-verification="
MISSED_FOR = timedelta(days=3)
"""How long a proof may be missing before the domain is lost: a weekend in which somebody moves their name servers."""
LOCKED_FOR = timedelta(days=30)
"""How long a domain that was lost stays with its organization."""


class Finding(StrEnum):
    """What a look at the DNS says of a proof."""

    THERE = "there"
    MISSING = "missing"
    NOT_KNOWN = "not_known"


class State(StrEnum):
    GIVEN = "given"
    WAITING = "waiting"
    PROVEN = "proven"
    MISSED = "missed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Standing:
    """`verified_at` None: not proven (any more). The other two need it."""

    verified_at: datetime | None = None
    missed_at: datetime | None = None
    lost_at: datetime | None = None

    @property
    def is_served(self) -> bool:
        return self.verified_at is not None and self.lost_at is None

    @property
    def state(self) -> State:
        if self.verified_at is None:
            return State.WAITING
        if self.lost_at:
            return State.LOST
        return State.MISSED if self.missed_at else State.PROVEN

    def after(self, finding: Finding, now: datetime) -> "Standing":
        """The standing after a look at `now`."""
        if finding is Finding.THERE:
            return Standing(verified_at=self.verified_at or now)
        if self.lost_at and now - self.lost_at >= LOCKED_FOR:
            return Standing()
        if finding is Finding.NOT_KNOWN or self.verified_at is None:
            return self
        return self._missed(now)

    def _missed(self, now: datetime) -> "Standing":
        since = self.missed_at or now
        is_over = now - since >= MISSED_FOR
        return replace(self, missed_at=since, lost_at=self.lost_at or (now if is_over else None))


def holds(texts: list[str], value: str) -> bool:
    """Whether one of a name's texts has the value in it. Some panels keep the quotes that people copy along."""
    return any(value in text.replace('"', " ").split() for text in texts)

"""A way back for addresses that could not be reached. Whoever did not want to hear comes back by themselves."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from statuspage.organizations import audit
from statuspage.organizations.models import User
from subscribers.models import Suppression
from subscribers.suppressing import BOUNCED, COMPLAINED, STOPPED, THEIR_OWN, UNSUBSCRIBED

A_PAGE_OF = 50
WORDS = {
    UNSUBSCRIBED: "They left, by the link in a message",
    STOPPED: "They left, by an SMS that said so",
    COMPLAINED: "They called a message spam",
    BOUNCED: "Letters to them come back",
}
"""What is not here is told as it was written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """`may_return`: an owner who knows better may write to them again."""

    row: Suppression
    why: str
    may_return: bool

    @property
    def key(self) -> str:
        return bytes(self.row.fingerprint).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    rows: list[Barred]
    after: str


def page_of(after: str) -> Page:
    """The newest first."""
    rows = Suppression.objects.select_related("address").order_by("-pk")
    found = list((rows.filter(pk__lt=int(after)) if after.isdecimal() else rows)[: A_PAGE_OF + 1])
    shown = [_barred(row) for row in found[:A_PAGE_OF]]
    return Page(rows=shown, after=str(found[A_PAGE_OF - 1].pk) if len(found) > A_PAGE_OF else "")


def _barred(row: Suppression) -> Barred:
    return Barred(row=row, why=WORDS.get(row.reason, row.reason), may_return=row.reason not in THEIR_OWN)


@transaction.atomic
def write_again(row: Suppression, *, because: str, by: User) -> None:
    """Raises ValidationError when they did not want it themselves, or nobody says why it is right now."""
    if row.reason in THEIR_OWN:
        raise ValidationError("They did not want to be written to. Only they themselves can change that.")
    if not because.strip():
        raise ValidationError("Say why it is right to write to them again. It is kept in the audit log.")
    audit.record(
        row.organization,
        by=by,
        verb="wrote to again",
        target=f"address {bytes(row.fingerprint).hex()[:12]}",
        before={"reason": row.reason},
        after={"because": because.strip()[:500]},
    )
    row.delete()

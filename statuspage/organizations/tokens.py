"""The story of a program's token: made and shown once, used until it ends, taken back at once."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from statuspage.kit.tenancy import across_organizations
from statuspage.organizations import audit
from statuspage.organizations.models import ApiToken, Member, Organization, Scope, User

BEGINNING = "rpl_"
"""So that whoever finds one in a log or a repository, a scanner for example, knows what it is."""
MOST_TOKENS = 50


@transaction.atomic
def make(
    organization: Organization, name: str, *, scopes: Iterable[Scope], lasts: timedelta, now: datetime, by: User
) -> tuple[ApiToken, str]:
    """The row, and the token itself, which nobody can show again. Raises ValidationError."""
    if ApiToken.objects.filter(revoked_at=None, expires_at__gt=now).count() >= MOST_TOKENS:
        raise ValidationError(f"There are {MOST_TOKENS} tokens already. Take back those that nobody uses.")
    token = BEGINNING + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        organization=organization,
        name=name,
        digest=_digest(token),
        scopes=sorted(scopes),
        made_by=by,
        created_at=now,
        expires_at=now + lasts,
    )
    after = {"name": name, "scopes": row.scopes, "expires_at": row.expires_at.isoformat()}
    audit.record(organization, by=by, verb="made a token", target=f"token {row.public_id}", after=after)
    return row, token


@transaction.atomic
def revoke(row: ApiToken, *, now: datetime, by: User) -> None:
    """From the next request on it opens nothing. Twice is once."""
    if ApiToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now):
        audit.record(row.organization, by=by, verb="revoked", target=f"token {row.public_id}")


@transaction.atomic
def revoke_all(organization: Organization, *, made_by: User, now: datetime, by: User) -> None:
    """They are no member any more. Should they become one again, their old tokens open nothing."""
    for row in ApiToken.objects.filter(organization=organization, made_by=made_by, revoked_at=None):
        revoke(row, now=now, by=by)


def find(token: str, *, now: datetime) -> ApiToken | None:
    """Looked up at every request, so that nothing that was taken back works for a moment longer.

    Whoever made it must still be there and still be allowed to: a token never outlives that.
    """
    if not token.startswith(BEGINNING):
        return None
    with across_organizations():
        rows = ApiToken.objects.select_related("organization", "made_by")
        row = rows.filter(digest=_digest(token), revoked_at=None, expires_at__gt=now).first()
        if row is None:
            return None
        member = Member.objects.filter(organization=row.organization, user=row.made_by).first()
    return row if member and member.may_edit_setup else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

"""The story of joining: whoever reads the mail of an invited address becomes a member.

A link works once, for seven days, until it is withdrawn or mailed again, and only by a button: a program that opens
links joins nothing.
"""

from django.db import transaction

from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations import audit
from statuspage.organizations.inviting import digest_of
from statuspage.organizations.membership import target
from statuspage.organizations.models import Invitation, Member, Organization, User


class GoneError(Exception):
    """The invitation was used, withdrawn or mailed again meanwhile."""


def find(token: str) -> Invitation | None:
    """What a mailed link offers. Looking uses nothing up. The address does not say which organization it is of."""
    with across_organizations():
        rows = Invitation.objects.select_related("organization", "invited_by")
        return rows.filter(digest=digest_of(token), expires_at__gt=clock.now()).first()


@transaction.atomic
def join(row: Invitation, user: User) -> Member:
    """Whoever is a member already stays what they are. Raises GoneError."""
    organization = row.organization
    with scope(organization=organization):
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if not Invitation.objects.filter(pk=row.pk, digest=row.digest, expires_at__gt=clock.now()).delete()[0]:
            raise GoneError
        member, is_new = Member.objects.get_or_create(
            organization=organization, user=user, defaults={"role": row.role, "joined_at": clock.now()}
        )
        if is_new:
            after = {"role": row.role, "with": row.named}
            audit.record(organization, by=user, verb="joined", target=target(user), after=after)
    return member


@transaction.atomic
def join_anew(row: Invitation, *, name: str, password: str) -> Member:
    """For whoever has never logged in: the mail has shown that the address is theirs. Raises GoneError."""
    if User.objects.filter(email=row.email).exists():
        raise GoneError
    return join(row, User.objects.create_user(row.email, password, name=name))

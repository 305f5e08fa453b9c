"""The story of joining: an admin invites an address, and whoever reads its mail becomes a member.

The same is mailed and said whether somebody logs in with that address already or not. A link works once, for seven
days, until it is withdrawn or mailed again, and only by a button: a program that opens links joins nothing.
"""

import hashlib
import secrets
from datetime import timedelta
from email.utils import formataddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from statuspage.kit import clock, limits, links
from statuspage.kit.limits import Limit
from statuspage.kit.mailing import send_beside
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations import audit, senders
from statuspage.organizations.membership import in_turn, target
from statuspage.organizations.models import Invitation, Member, Organization, Role, User

LASTS = timedelta(days=7)
MAILS_OF_AN_ORGANIZATION = Limit("joining-organization", most=100, per=timedelta(hours=1))
MAILS_TO_AN_ADDRESS = Limit("joining-address", most=5, per=timedelta(days=1))
OFTEN = "That were many invitations. Wait a while, then send this one again."


class GoneError(Exception):
    """The invitation was used, withdrawn or mailed again meanwhile."""


def invite(organization: Organization, email: str, *, role: Role, by: User) -> Invitation:
    """Mail `email`, in lower case, a link to join with. A link they had works no more. Raises ValidationError."""
    _count(organization, email)
    row, token = _write(organization, email, role=role, by=by)
    _mail(row, token)
    return row


def send_again(row: Invitation, *, by: User) -> None:
    """Another link, for another seven days. Raises ValidationError."""
    invite(row.organization, row.email, role=Role(row.role), by=by)


@transaction.atomic
def withdraw(row: Invitation, *, by: User) -> None:
    """Raises ValidationError."""
    actor = in_turn(row.organization, by)
    _refuse_what_is_above(actor, Role(row.role))
    if Invitation.objects.filter(pk=row.pk).delete()[0]:
        audit.record(row.organization, by=by, verb="withdrew", target=_target(row))


def find(token: str) -> Invitation | None:
    """What a mailed link offers. Looking uses nothing up. The address does not say which organization it is of."""
    with across_organizations():
        rows = Invitation.objects.select_related("organization", "invited_by")
        return rows.filter(digest=_digest(token), expires_at__gt=clock.now()).first()


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
            after = {"role": row.role, "with": _target(row)}
            audit.record(organization, by=user, verb="joined", target=target(user), after=after)
    return member


@transaction.atomic
def join_anew(row: Invitation, *, name: str, password: str) -> Member:
    """For whoever has never logged in: the mail has shown that the address is theirs. Raises GoneError."""
    if User.objects.filter(email=row.email).exists():
        raise GoneError
    return join(row, User.objects.create_user(row.email, password, name=name))


@transaction.atomic
def _write(organization: Organization, email: str, *, role: Role, by: User) -> tuple[Invitation, str]:
    actor = in_turn(organization, by)
    before = Invitation.objects.filter(email=email).first()
    for given in {role, Role(before.role)} if before else {role}:
        _refuse_what_is_above(actor, given)
    if Member.objects.filter(user__email=email).exists():
        raise ValidationError(f"{email} is a member already.")
    token, now = secrets.token_urlsafe(32), clock.now()
    said = {"role": role, "digest": _digest(token), "invited_by": by, "sent_at": now, "expires_at": now + LASTS}
    row, _is_new = Invitation.objects.update_or_create(organization=organization, email=email, defaults=said)
    audit.record(organization, by=by, verb="invited", target=_target(row), after={"role": role.value})
    return row, token


def _refuse_what_is_above(actor: Member, role: Role) -> None:
    if not Role(actor.role).may_give(role):
        raise ValidationError("Only owners can invite owners.")


def _count(organization: Organization, email: str) -> None:
    """To one address over all organizations: nobody is flooded."""
    to = links.fingerprint("joining", email).hex()
    counted = limits.take(MAILS_OF_AN_ORGANIZATION, organization.public_id) and limits.take(MAILS_TO_AN_ADDRESS, to)
    if not counted:
        raise ValidationError(OFTEN)


def _mail(row: Invitation, token: str) -> None:
    sender, name = senders.mailbox(), " ".join(row.organization.name.split())
    context = {
        "organization": name,
        "by": " ".join(str(row.invited_by).split()),
        "role": Role(row.role),
        "link": settings.CONSOLE_URL + reverse("joining", args=[token]),
        "until": row.expires_at,
    }
    body = render_to_string("console/members/invitation.txt", context, using="text")
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<join-{secrets.token_hex(12)}@{sender.rpartition('@')[2]}>",
    }
    subject, origin = f"Join {name} on Ripple", formataddr((name, sender))
    send_beside(lambda: EmailMessage(subject, body, origin, [row.email], headers=headers))


def _target(row: Invitation) -> str:
    return f"invitation {row.public_id}"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

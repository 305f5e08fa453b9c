"""The story of inviting: an admin names an address, and a worker mails it a link to join with.

The same is said, and mailed, whether somebody logs in with that address already or not. What is still to be mailed is a
column, so none is lost; the link itself is made when its mail is written, and only its hash is kept.
"""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from email.utils import formataddr
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from statuspage.kit import clock, limits
from statuspage.kit.fingerprints import fingerprint
from statuspage.kit.limits import Limit
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations import audit, senders
from statuspage.organizations.membership import in_turn
from statuspage.organizations.models import Invitation, Member, Organization, Role, User

log = logging.getLogger(__name__)

LASTS = timedelta(days=7)
TRY_AGAIN_AFTER = timedelta(minutes=5)
"""When the mail did not leave, or whoever was at it died."""
MAILS_OF_AN_ORGANIZATION = Limit("joining-organization", most=100, per=timedelta(hours=1))
MAILS_TO_AN_ADDRESS = Limit("joining-address", most=5, per=timedelta(days=1))
OFTEN = "That were many invitations. Wait a while, then send this one again."


def invite(organization: Organization, email: str, *, role: Role, by: User) -> Invitation:
    """Have a link mailed to `email`, in lower case. One they had works no more. Raises ValidationError."""
    _count(organization, email)
    return _write(organization, email, role=role, by=by)


def send_again(row: Invitation, *, by: User) -> None:
    """Another link, for another seven days. Raises ValidationError."""
    invite(row.organization, row.email, role=Role(row.role), by=by)


@transaction.atomic
def withdraw(row: Invitation, *, by: User) -> None:
    """Raises ValidationError."""
    actor = in_turn(row.organization, by)
    _refuse_what_is_above(actor, Role(row.role))
    if Invitation.objects.filter(pk=row.pk).delete()[0]:
        audit.record(row.organization, by=by, verb="withdrew", target=row.named)


def are_any_due(now: datetime) -> bool:
    with across_organizations():
        return Invitation.objects.due(now).exists()


def mail_waiting() -> int:
    """Mail every link that is due; returns how many were tried. Stops when the relay is away: they stay due."""
    tried = 0
    while (taken := _take(clock.now())) is not None:
        tried += 1
        try:
            with scope(organization=taken[0].organization):
                _mail(*taken)
        except OSError as error:  # what the relay says may quote the address
            log.warning("An invitation could not be mailed (%s). It is tried again.", type(error).__name__)
            break
    return tried


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def _write(organization: Organization, email: str, *, role: Role, by: User) -> Invitation:
    actor = in_turn(organization, by)
    before = Invitation.objects.filter(email=email).first()
    for given in {role, Role(before.role)} if before else {role}:
        _refuse_what_is_above(actor, given)
    if Member.objects.filter(user__email=email).exists():
        raise ValidationError(f"{email} is a member already.")
    now = clock.now()
    said = {"role": role, "invited_by": by, "sent_at": now, "expires_at": now + LASTS}
    anew = {"due_at": now, "digest": None, "refused_because": ""}
    row, _is_new = Invitation.objects.update_or_create(organization=organization, email=email, defaults=said | anew)
    audit.record(organization, by=by, verb="invited", target=row.named, after={"role": role.value})
    return row


def _refuse_what_is_above(actor: Member, role: Role) -> None:
    if not Role(actor.role).may_give(role):
        raise ValidationError("Only owners can invite owners.")


def _count(organization: Organization, email: str) -> None:
    """To one address over all organizations: nobody is flooded."""
    to = fingerprint("joining", email).hex()
    counted = limits.take(MAILS_OF_AN_ORGANIZATION, organization.public_id) and limits.take(MAILS_TO_AN_ADDRESS, to)
    if not counted:
        raise ValidationError(OFTEN)


@transaction.atomic
def _take(now: datetime) -> tuple[Invitation, str] | None:
    """One that is due, with the link it gets; whoever dies with it leaves it to the next, after a while."""
    with across_organizations():
        rows = Invitation.objects.due(now).select_related("organization", "invited_by").order_by("due_at", "pk")
        row = rows.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return None
        token = secrets.token_urlsafe(32)
        row.due_at, row.digest = now + TRY_AGAIN_AFTER, digest_of(token)
        row.save(update_fields=["due_at", "digest"])
    return row, token


def _mail(row: Invitation, token: str) -> None:
    """One that was sent again or withdrawn meanwhile is left as it is. Raises OSError when the relay is away."""
    refusal = ""
    try:
        _letter(row, token).send()
    except SMTPRecipientsRefused as refused:
        code, words = refused.recipients[row.email]
        if code < 500:  # RFC 5321, 4.2.1: later it may be another answer
            return
        refusal = f"{code} {words.decode(errors='replace')}"[:200]
    Invitation.objects.filter(pk=row.pk, digest=row.digest).update(due_at=None, refused_because=refusal)


def _letter(row: Invitation, token: str) -> EmailMessage:
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
    return EmailMessage(f"Join {name} on Ripple", body, formataddr((name, sender)), [row.email], headers=headers)

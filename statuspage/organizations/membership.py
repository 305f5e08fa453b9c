"""The story of a member: given another role, and gone. Nobody gives more than they have, and an owner always stays.

Whoever changes who may do what waits for whoever does so at this moment, and looks again: two owners who remove each
other leave one. The database refuses the same by itself (migration 0012).
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from statuspage.organizations import audit, tokens
from statuspage.organizations.models import Invitation, Member, Organization, Role, User


def in_turn(organization: Organization, user: User) -> Member:
    """The member that `user` still is, when it is their turn. Call in a transaction. Raises ValidationError."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    member = Member.objects.select_related("user", "organization").filter(organization=organization, user=user).first()
    if member is None:
        raise ValidationError("This is no member any more.")
    return member


@transaction.atomic
def change_role(member: Member, role: Role, *, by: User) -> None:
    """Raises ValidationError when `by` may not, or no owner would be left."""
    actor, now_is = in_turn(member.organization, by), in_turn(member.organization, member.user)
    before = Role(now_is.role)
    if before is role:
        return
    if not (Role(actor.role).may_give(before) and Role(actor.role).may_give(role)):
        raise ValidationError("Only owners make somebody an owner, or an owner something else.")
    if before is Role.OWNER:
        _refuse_to_lose(now_is)
    now_is.role = member.role = role.value
    now_is.save(update_fields=["role"])
    _take_back_invitations(now_is.organization, now_is.user, role)
    audit.record(
        now_is.organization,
        by=by,
        verb="changed the role",
        target=target(now_is.user),
        before={"role": before.value},
        after={"role": role.value},
    )


@transaction.atomic
def end(member: Member, *, by: User, now: datetime) -> None:
    """Their next request finds no member, and no token of theirs opens anything. Anybody may end their own.

    Raises ValidationError when `by` may not, or no owner would be left.
    """
    actor, leaving = in_turn(member.organization, by), in_turn(member.organization, member.user)
    if actor != leaving and not Role(actor.role).may_give(Role(leaving.role)):
        raise ValidationError("Only owners can remove an owner, and only owners and admins others.")
    if leaving.role == Role.OWNER:
        _refuse_to_lose(leaving)
    tokens.revoke_all(leaving.organization, made_by=leaving.user, now=now, by=by)
    _take_back_invitations(leaving.organization, leaving.user, None)
    verb = "left" if actor == leaving else "removed"
    audit.record(leaving.organization, by=by, verb=verb, target=target(leaving.user), before={"role": leaving.role})
    leaving.delete()


def target(user: User) -> str:
    """How the audit log calls a member: by the login row, which is there when the membership is not."""
    return f"member {user.pk}"


def _refuse_to_lose(owner: Member) -> None:
    if not Member.objects.filter(organization=owner.organization, role=Role.OWNER).exclude(pk=owner.pk).exists():
        raise ValidationError(f"{owner} is the only owner. Make somebody else an owner first.")


def _take_back_invitations(organization: Organization, user: User, role: Role | None) -> None:
    """What somebody promised and could not any more. `role` is what they are now; None: no member."""
    lost = [each for each in Role if role is None or not role.may_give(each)]
    for row in Invitation.objects.filter(organization=organization, invited_by=user, role__in=lost):
        row.delete()
        audit.record(organization, by=None, verb="withdrew", target=f"invitation {row.public_id}")

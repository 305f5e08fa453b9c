"""The story of a member who is told: they show that an address is theirs, and so which person they are.

Somebody who logs in and somebody who is told are two rows that know of each other, because most who are told never log
in. The link is made by a proof only: of an address, by the member's own hand, or by an admin who says so. An address
that merely looks the same proves nothing.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import Member
from statuspage.organizations.plan import Channel
from subscribers import signing_up
from subscribers.choosing import Choice
from subscribers.models import Address, Person, SignUp, Wish
from subscribers.reaching import Reachable
from subscribers.suppressing import lift


def person_of(member: Member) -> Person | None:
    return Person.objects.select_related("ring", "organization").filter(member=member).first()


def claim(member: Member, to: Reachable, *, language: str, block: str) -> SignUp:
    """The member says that an address is theirs: it is sent a link or a code that proves it. Raises Closed."""
    signing_up.take_place(member.organization, to, block=block)
    asking = signing_up.Asking(to=to, choice=Choice(), language=language)
    return signing_up.write_for(member.organization, asking, wish=Wish.OWN, member=member)


def find(member: Member, token: str) -> SignUp | None:
    """What a mailed link proves, if it was mailed for this member. Looking uses nothing up."""
    return signing_up.living(wish=Wish.OWN, member=member).filter(proof=signing_up.proof_of_token(token)).first()


def find_by_code(member: Member, code: str, *, block: str) -> SignUp | None:
    """The newest number the member claimed, if its code was typed back. Each try counts before it is looked at."""
    waiting = signing_up.living(wish=Wish.OWN, member=member).filter(channel=Channel.SMS.value)
    return signing_up.matching(waiting, code, block=block)


def waits_for_code(member: Member) -> SignUp | None:
    waiting = signing_up.living(wish=Wish.OWN, member=member).filter(channel=Channel.SMS.value)
    return waiting.order_by("-pk").first()


@transaction.atomic
def confirm(sign_up: SignUp, member: Member) -> Address | None:
    """They showed that the address is theirs: it reaches them from now on. None: it was confirmed already.

    Raises ValidationError when it is another member's, or joining would take somebody out of their ring.
    """
    now = clock.now()
    if not SignUp.objects.filter(pk=sign_up.pk, confirmed_at=None).update(confirmed_at=now):
        return None
    found = Address.objects.select_related("person__ring").filter(
        channel=sign_up.channel, normalised=sign_up.normalised
    )
    known = found.first()
    person = _join(member, known.person if known else None, language=sign_up.language)
    address = known or Address(
        organization_id=member.organization_id,
        channel=sign_up.channel,
        value=sign_up.value,
        normalised=sign_up.normalised,
    )
    address.person, address.confirmed_at, address.stopped_at = person, address.confirmed_at or now, None
    address.save()
    _forget_the_empty(known.person if known else None, person)
    lift(member.organization, channel=Channel(sign_up.channel), normalised=sign_up.normalised)
    audit.record(
        member.organization, by=member.user, verb="added an address of their own", target=f"person {person.public_id}"
    )
    clock.wake()
    return address


@transaction.atomic
def remove(member: Member, address: Address) -> None:
    """One of their own. Raises ValidationError for the last by which somebody in a ring is reached."""
    person = address.person
    if person.ring_id and not person.addresses.reachable().exclude(pk=address.pk).exists():
        raise ValidationError(f"{person.ring} counts on you: add another address first, then remove this one.")
    address.delete()
    audit.record(
        member.organization, by=member.user, verb="removed an address of their own", target=f"person {person.public_id}"
    )


def _join(member: Member, owner: Person | None, *, language: str) -> Person:
    """The member's person: the one there is, or whose address they have just shown to be theirs, or a new one."""
    mine = person_of(member)
    if owner is None or owner == mine:
        return mine or _new(member, language)
    if owner.is_endpoint or owner.member_id not in {None, member.pk}:
        raise ValidationError("This address is another member’s. Ask them, or an admin.")
    if mine is None:
        owner.member = member
        owner.save(update_fields=["member"])
        return owner
    if owner.ring_id not in {None, mine.ring_id}:
        raise ValidationError(f"This address is of somebody in {owner.ring}. Ask an admin to make the two one.")
    return mine


def _new(member: Member, language: str) -> Person:
    return Person.objects.create(
        organization_id=member.organization_id, member=member, name=str(member)[:100], language=language
    )


def _forget_the_empty(before: Person | None, now: Person) -> None:
    if before is not None and before != now:
        Person.objects.filter(pk=before.pk, addresses=None, ring=None).delete()

"""The story of enlisting people by hand: an admin says who belongs to which ring and how they are reached."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import Member, Organization, Ring, User
from statuspage.pages.models import Page
from subscribers.habits import Habits, adopt
from subscribers.models import Address, Person, Subscription
from subscribers.reaching import Reachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """All that an admin or a program says of a person. An open ring: they hear by subscription.

    `member` is who they are when they log in; of two who say so, an admin decides.
    """

    name: str
    ring: Ring
    member: Member | None
    addresses: Iterable[Reachable]
    habits: Habits


@transaction.atomic
def enlist(organization: Organization, details: Details, *, by: User) -> Person:
    """Their addresses are confirmed at once: an admin vouches for them. Raises ValidationError for one that is taken.

    Open rings hear by subscription: whoever is enlisted there follows everything on every page.
    """
    ring = details.ring
    person = Person.objects.create(
        organization=organization, name=details.name, ring=None if ring.is_open else ring, member=details.member
    )
    adopt(person, details.habits)
    _set_addresses(person, list(details.addresses))
    _subscribe_if_open(person, ring)
    audit.record(organization, by=by, verb="enlisted", target=f"person {person.public_id}", after={"ring": ring.key})
    return person


@transaction.atomic
def change(person: Person, details: Details, *, by: User) -> None:
    """An address that stays keeps its history and its links; one that is left out is removed."""
    before, ring = {"ring": person.ring.key if person.ring else None}, details.ring
    person.name, person.ring, person.member = details.name, None if ring.is_open else ring, details.member
    person.save(update_fields=["name", "ring", "member"])
    adopt(person, details.habits)
    _set_addresses(person, list(details.addresses))
    _subscribe_if_open(person, ring)
    audit.record(
        person.organization,
        by=by,
        verb="changed",
        target=f"person {person.public_id}",
        before=before,
        after={"ring": ring.key},
    )


@transaction.atomic
def remove(person: Person, *, by: User) -> None:
    """They and their addresses are gone; what was sent to them stays counted."""
    audit.record(person.organization, by=by, verb="removed", target=f"person {person.public_id}")
    person.delete()


def _set_addresses(person: Person, wanted: list[Reachable]) -> None:
    keys = {(address.channel.value, address.normalised) for address in wanted}
    for row in person.addresses.all():
        if (row.channel, row.normalised) not in keys:
            row.delete()
    now = clock.now()
    for address in wanted:
        same = Address.objects.filter(channel=address.channel.value, normalised=address.normalised)
        owner = same.select_related("person").first()
        if owner is None:
            Address.objects.create(
                organization_id=person.organization_id,
                person=person,
                channel=address.channel.value,
                value=address.value,
                normalised=address.normalised,
                confirmed_at=now,
            )
        elif owner.person_id != person.pk:
            whose = owner.person.name or "another person"
            raise ValidationError(
                {"addresses": f"{address.value} already belongs to {whose}. Edit that entry instead."}
            )


def _subscribe_if_open(person: Person, ring: Ring) -> None:
    if not ring.is_open:
        return
    Subscription.objects.bulk_create(
        [
            Subscription(organization_id=person.organization_id, address=address, page=page)
            for address in person.addresses.all()
            for page in Page.objects.all()
        ],
        ignore_conflicts=True,
    )

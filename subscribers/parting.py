"""The story of parting: a member goes, and it is said what becomes of the person they are when they are told."""

from datetime import datetime

from django.db import transaction

from statuspage.organizations import membership
from statuspage.organizations.models import Member, User
from subscribers import belonging, enlisting


@transaction.atomic
def part(member: Member, *, by: User, is_still_told: bool, now: datetime) -> None:
    """Whoever is told no more is removed with their addresses. Raises ValidationError as `membership.end` does."""
    person = belonging.person_of(member)
    membership.end(member, by=by, now=now)
    if person and not is_still_told:
        enlisting.remove(person, by=by)

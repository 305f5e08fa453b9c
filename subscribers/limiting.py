"""What SMS may cost and where they may go, as the owner says; and what was spent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from statuspage.organizations import audit
from statuspage.organizations.models import Organization, User
from subscribers.countries import known
from subscribers.models import SmsDay

MOST_A_DAY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """In segments. `days` of this month that had any, the newest first."""

    today: int
    month: int
    days: list[SmsDay]


def spent(today: date) -> Spent:
    """By the organization in scope, from the first of the month (UTC)."""
    days = list(SmsDay.objects.filter(day__gte=today.replace(day=1), day__lte=today, segments__gt=0).order_by("-day"))
    return Spent(
        today=next((row.segments for row in days if row.day == today), 0),
        month=sum(row.segments for row in days),
        days=days,
    )


@transaction.atomic
def change(organization: Organization, *, most_a_day: int, countries: Collection[str], by: User) -> bool:
    """False: nothing was different. Raises ValidationError for what is no country, or no limit."""
    unknown = set(countries) - {country.code for country in known()}
    if unknown or not 0 <= most_a_day <= MOST_A_DAY:
        raise ValidationError(f"Choose from the list, and a limit from 0 to {MOST_A_DAY:,}.")
    row = Organization.objects.select_for_update().get(pk=organization.pk)
    before = {"most_sms_a_day": row.most_sms_a_day, "sms_countries": sorted(row.sms_countries)}
    after = {"most_sms_a_day": most_a_day, "sms_countries": sorted(countries)}
    if before == after:
        return False
    row.most_sms_a_day, row.sms_countries = most_a_day, sorted(countries)
    row.save(update_fields=["most_sms_a_day", "sms_countries"])
    audit.record(row, by=by, verb="changed", target="SMS limits", before=before, after=after)
    return True

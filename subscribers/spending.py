"""What an organization spends on SMS, counted in segments a day (UTC) in the database, where every process counts."""

from datetime import date

from django.db.models import F

from statuspage.kit import clock
from statuspage.organizations.models import Organization
from subscribers.models import SmsDay

USED_UP = "the day's SMS are used up"


def spend(organization: Organization, segments: int) -> bool:
    """Take so many of today's segments. False, and nothing taken: the day's are used up."""
    today = _today()
    SmsDay.objects.get_or_create(organization=organization, day=today)
    within = SmsDay.objects.filter(
        organization=organization, day=today, segments__lte=organization.most_sms_a_day - segments
    )
    return bool(within.update(segments=F("segments") + segments))


def is_open(organization: Organization) -> bool:
    """Whether there is anything left for today."""
    spent = SmsDay.objects.filter(organization=organization, day=_today()).values_list("segments", flat=True).first()
    return (spent or 0) < organization.most_sms_a_day


def _today() -> date:
    return clock.now().date()

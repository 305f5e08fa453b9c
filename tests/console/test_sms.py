"""What SMS may cost and where they may go, in the console."""

from datetime import timedelta

import pytest
from django.test import Client

from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import AuditEntry, Organization
from subscribers import countries, spending
from subscribers.models import SmsDay
from tests.console.browsing import enter, forms_in, text_of
from tests.makers import Cast

HERE = "/o/acme/sms/"


@pytest.fixture
def owner(acme: Cast) -> Client:
    return enter(acme.owner)


def screen(owner: Client) -> str:
    return text_of(owner.get(HERE).content.decode())


def spend(cast: Cast, segments: int, *, days_ago: int = 0) -> None:
    day = clock.now().date() - timedelta(days=days_ago)
    with scope(organization=cast.organization):
        SmsDay.objects.create(organization=cast.organization, day=day, segments=segments)


def test_an_owner_reads_what_was_spent(acme: Cast, neighbour: Cast, owner: Client) -> None:
    assert "0 of 1,000 today (UTC) · 0 this month" in screen(owner)
    spend(acme, 1000)
    spend(acme, 7, days_ago=40)
    spend(neighbour, 99)
    said = screen(owner)
    assert "1,000 of 1,000 today (UTC) · 1,000 this month" in said
    assert "Today's SMS are used up" in said


def test_an_owner_sets_the_limit_and_the_countries(acme: Cast, owner: Client) -> None:
    html = owner.get(HERE).content.decode()
    assert "Germany" in html
    assert forms_in(html)[HERE]["most_a_day"] == "1000"
    answer = owner.post(HERE, {"most_a_day": "2", "countries": ["DE", "AT"]}, follow=True)
    assert "true from the next SMS on" in text_of(answer.content.decode())
    row = Organization.objects.get(pk=acme.organization.pk)
    assert (row.most_sms_a_day, row.sms_countries) == (2, ["AT", "DE"])
    assert [spending.spend(row, 1) for _ in range(3)] == [True, True, False]
    assert countries.is_allowed("+4915112345678", row.sms_countries)
    assert not countries.is_allowed("+41791234567", row.sms_countries)
    entry = AuditEntry.objects.get(target="SMS limits")
    assert entry.by == acme.owner
    assert (entry.before["most_sms_a_day"], entry.after["sms_countries"]) == (1000, ["AT", "DE"])  # type: ignore[index]
    owner.post(HERE, {"most_a_day": "2", "countries": ["DE", "AT"]})
    assert AuditEntry.objects.filter(target="SMS limits").count() == 1, "the same again is no change"
    owner.post(HERE, {"most_a_day": "0"})
    row.refresh_from_db()
    assert (row.most_sms_a_day, row.sms_countries) == (0, [])
    assert "Nobody who signed up by SMS hears anything" in screen(owner)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"most_a_day": ""}, "Type a number"),
        ({"most_a_day": "10 €"}, "Type a whole number"),
        ({"most_a_day": "-1"}, "Less than nothing"),
        ({"most_a_day": "99999999999999999999"}, "More than 1,000,000"),
        ({"most_a_day": "10", "countries": ["ZZ"]}, "“ZZ” is none of these countries"),
    ],
)
def test_what_cannot_be_is_said_plainly_and_kept(
    acme: Cast, owner: Client, typed: dict[str, object], says: str
) -> None:
    answer = owner.post(HERE, {"countries": ["DE"], **typed})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert says in text_of(html)
    assert forms_in(html)[HERE]["most_a_day"] == typed["most_a_day"]
    assert Organization.objects.get(pk=acme.organization.pk).most_sms_a_day == 1000

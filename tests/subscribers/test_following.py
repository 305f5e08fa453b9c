"""Who follows what: found among many, counted, and a way back for those who could not be reached."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import AuditEntry
from statuspage.organizations.plan import Channel
from subscribers import following, returning
from subscribers.models import Address, Person, Suppression
from subscribers.suppressing import COMPLAINED, STOPPED, UNSUBSCRIBED, suppress
from tests.console.browsing import enter, text_of
from tests.makers import Cast, make_person, make_subscribers, subscribe

HERE = "/o/acme/subscribers/"


def everybody(sought: str = "") -> list[str]:
    """All pages, one after the other, as somebody reads them who presses Next."""
    found, after = [], ""
    while True:
        page = following.page_of(sought, after)
        found += [one.address.normalised for one in page.followers]
        if not page.after:
            return found
        after = page.after


def test_every_page_begins_after_the_one_before_and_none_is_left_out(acme: Cast, neighbour: Cast) -> None:
    make_subscribers(acme.page, 120)
    make_person(acme.organization, "+491512345678", "n1@other.example", name="Ann")
    with scope(organization=neighbour.organization):
        make_person(neighbour.organization, "n1@neighbour.example")
    newest_first = everybody()
    assert newest_first == list(Address.objects.order_by("-pk").values_list("normalised", flat=True))
    assert everybody("N1") == sorted(each for each in newest_first if each.startswith("n1"))
    assert everybody("n1@") == ["n1@many.example", "n1@other.example"]
    assert everybody("@Other.example") == ["n1@other.example"]
    assert everybody("+4915") == ["+491512345678"]
    assert everybody("%") == everybody("_") == everybody("zz") == []


def test_finding_one_among_many_reads_an_index(acme: Cast) -> None:
    make_subscribers(acme.page, 3_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE subscribers_address")
    with CaptureQueriesContext(connection) as queries:
        assert everybody("n2999@") == ["n2999@many.example"]
    looks = [query["sql"] for query in queries if "LIKE" in query["sql"]]
    assert looks
    with connection.cursor() as cursor:
        for sql in looks:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "one_address_per_value" in plan, plan


def test_the_numbers_say_who_follows_what(acme: Cast) -> None:
    make_subscribers(acme.page, 3)
    chosen = make_person(acme.organization, "ann@x.example", "+491512345678")
    subscribe(chosen, acme.page, acme.checkout)
    chosen.addresses.get(channel="sms").subscriptions.update(is_for_maintenance=False, from_impact=2)
    waiting = make_person(acme.organization, "late@x.example")
    waiting.addresses.update(confirmed_at=None)
    tables = [following.by_channel(), following.by_service(), following.by_choice(), following.silent()]
    told = [{row.name: row.number for row in table} for table in tables]
    assert told == [
        {"E-mail": 4, "SMS": 1},
        {"Everything": 3, "Acme checkout": 2},
        {"Incidents and maintenance": 4, "Incidents, major impact and worse": 1},
        {"Never confirmed": 1},
    ]
    assert tables[1][0].share == 100
    text = text_of(enter(acme.viewer).get(f"{HERE}numbers/").content.decode())
    assert "Acme checkout 2" in text
    assert "6 addresses today" in text


def test_growth_is_drawn_month_by_month_without_a_hole(acme: Cast) -> None:
    make_subscribers(acme.page, 4)
    long_ago = clock.now() - timedelta(days=100)
    Address.objects.filter(normalised__in=["n1@many.example", "n2@many.example"]).update(created_at=long_ago)
    months = following.growth(clock.now())
    assert [month.month.day for month in months] == [1] * len(months)
    assert len(months) in {4, 5}
    assert (months[0].total, months[1].new, months[-1].new, months[-1].total) == (2, 0, 2, 4)


def test_whoever_could_not_be_reached_can_be_written_to_again_and_why_is_kept(acme: Cast) -> None:
    make_person(acme.organization, "ann@x.example")
    suppress(acme.organization, channel=Channel.EMAIL, normalised="ann@x.example", reason="bounced")
    owner = enter(acme.owner)
    shown = owner.get(f"{HERE}suppressed/").content.decode()
    assert "ann@x.example Letters to them come back" in text_of(shown)
    assert "Not written to" in text_of(owner.get(HERE, {"sought": "ann"}).content.decode())
    (one,) = returning.page_of("").rows
    door = f"{HERE}suppressed/{one.key}/end/"
    assert owner.post(door, {"because": " "}).status_code == 303
    assert Suppression.objects.exists(), "nobody said why"
    assert owner.post(door, {"because": "They have a new mail server."}).status_code == 303
    assert not Suppression.objects.exists()
    entry = AuditEntry.objects.get(verb="wrote to again")
    assert (entry.before, entry.after) == ({"reason": "bounced"}, {"because": "They have a new mail server."})


@pytest.mark.parametrize("reason", [UNSUBSCRIBED, STOPPED, COMPLAINED])
def test_what_people_did_themselves_nobody_else_undoes(acme: Cast, reason: str) -> None:
    suppress(acme.organization, channel=Channel.EMAIL, normalised="gone@x.example", reason=reason)
    row = Suppression.objects.get()
    with pytest.raises(ValidationError, match="Only they themselves"):
        returning.write_again(row, because="I want it", by=acme.owner)
    text = text_of(enter(acme.owner).get(f"{HERE}suppressed/").content.decode())
    assert "not kept any more" in text
    assert "Write to them again" not in text


def test_nobody_yet(acme: Cast) -> None:
    viewer = enter(acme.viewer)
    assert not Person.objects.exists()
    assert "Nobody follows yet" in viewer.get(HERE).content.decode()
    assert "Nothing to count yet" in viewer.get(f"{HERE}numbers/").content.decode()
    assert "Everybody may be written to" in viewer.get(f"{HERE}suppressed/").content.decode()
    assert "No address begins with" in viewer.get(HERE, {"sought": "zz"}).content.decode()


def test_a_rooms_address_is_nowhere_whole_and_cannot_be_guessed_piece_by_piece(acme: Cast) -> None:
    whole = "https://hooks.slack.com/services/T0/B0/SecretOfTheRoom"
    room = Person.objects.create(organization=acme.organization, name="#support", is_endpoint=True)
    Address.objects.create(
        organization=acme.organization,
        person=room,
        channel=Channel.SLACK.value,
        value=whole,
        normalised=whole,
        confirmed_at=clock.now(),
    )
    listed = enter(acme.viewer).get(HERE).content.decode()
    assert "hooks.slack.com/…Room" in listed
    assert "SecretOf" not in listed
    assert everybody("https://hooks.slack") == []

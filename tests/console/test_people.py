"""People by ring: enlisting by hand, and what is refused."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page
from subscribers.habits import Habits
from subscribers.models import Address, Person
from subscribers.reaching import Reachable
from subscribers.suppressing import suppress
from tests.console.browsing import enter, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, make_subscribers, open_incident, outage

HERE = "/o/acme/people/"


@pytest.fixture
def owner(acme: Cast) -> Client:
    return enter(acme.owner)


def ring(acme: Cast, key: str) -> str:
    return str(acme.organization.rings.get(key=key).pk)


@pytest.mark.parametrize(
    ("typed", "channel", "normalised"),
    [
        ("Otto@Acme.test ", Channel.EMAIL, "otto@acme.test"),
        ("+49 (151) 234-56789", Channel.SMS, "+4915123456789"),
        ("+15551234567", Channel.SMS, "+15551234567"),
    ],
)
def test_addresses_are_understood_as_people_write_them(typed: str, channel: Channel, normalised: str) -> None:
    address = Reachable.parse(typed)
    assert (address.channel, address.normalised) == (channel, normalised)


@pytest.mark.parametrize("typed", ["+12", "+0151234567", "+1234567890123456", "otto", "otto@", "0151 234567", "+49 x"])
def test_what_is_no_address_is_refused_with_what_to_write(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"is (not|neither)"):
        Reachable.parse(typed)


def test_somebody_enlisted_hears_at_once(acme: Cast, owner: Client, engine: Engine) -> None:
    form = {"name": "Otto", "ring": ring(acme, "on_call"), "addresses": "Otto@acme.test\n+49 151 0000 0009\n"}
    answer = owner.post(HERE, form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?ring=on_call")
    open_incident(acme, body="Some payments fail.")
    engine.settle()
    assert {caught.to for caught in engine.caught()} == {"Otto@acme.test", "+4915100000009"}


def test_whoever_is_enlisted_as_a_customer_follows_everything(acme: Cast, owner: Client) -> None:
    owner.post(HERE, {"name": "Carla", "ring": ring(acme, "customers"), "addresses": "carla@example.com"})
    person = Person.objects.get(name="Carla")
    assert person.ring is None
    assert [row.page for row in Address.objects.get().subscriptions.all()] == [acme.page]
    assert "Carla" in owner.get(HERE, {"ring": "customers"}).content.decode()


def test_every_wrong_line_has_its_sentence_and_nothing_is_written(acme: Cast, owner: Client) -> None:
    form = {"name": "Otto", "ring": ring(acme, "on_call"), "addresses": "otto@acme.test\nnonsense\n+12"}
    answer = owner.post(HERE, form)
    text = text_of(answer.content.decode())
    assert answer.status_code == 422
    assert "“nonsense” is neither" in text
    assert "“+12” is not a phone number" in text
    assert Person.objects.count() == 0


def test_an_address_belongs_to_one_person_only(acme: Cast, owner: Client) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
    answer = owner.post(HERE, {"name": "Two", "ring": ring(acme, "support"), "addresses": "OTTO@acme.test"})
    assert answer.status_code == 422
    assert "already belongs to Otto" in text_of(answer.content.decode())
    assert Person.objects.count() == 1, "the second person is taken back with the address"


def test_the_neighbours_addresses_are_free_and_their_rings_are_no_choice(
    acme: Cast, neighbour: Cast, owner: Client
) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    with scope(organization=neighbour.organization):
        theirs = ring(neighbour, "on_call")
    form = {"name": "Otto", "ring": theirs, "addresses": "otto@acme.test"}
    assert enter(neighbour.owner).post("/o/globex/people/", form).status_code == 303
    assert owner.post(HERE, form | {"addresses": "new@acme.test"}).status_code == 422


def test_an_address_that_stays_keeps_who_has_left(acme: Cast, owner: Client) -> None:
    person = make_person(acme.organization, "otto@acme.test", "old@acme.test", ring="on_call", name="Otto")
    kept = person.addresses.get(value="otto@acme.test")
    person.addresses.filter(pk=kept.pk).update(stopped_at=kept.created_at)
    form = {"name": "Otto B", "ring": ring(acme, "support"), "addresses": "otto@acme.test\nnew@acme.test"}
    assert owner.post(f"{HERE}{person.public_id}/", form).status_code == 303
    kept.refresh_from_db()
    assert kept.stopped_at is not None, "editing does not undo somebody's leaving"
    assert {row.value for row in person.addresses.all()} == {"otto@acme.test", "new@acme.test"}


def test_a_removed_person_hears_nothing_more(acme: Cast, owner: Client, engine: Engine) -> None:
    person = make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
    assert owner.post(f"{HERE}{person.public_id}/removal/").status_code == 303
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    engine.settle()
    assert engine.caught() == []


def test_the_list_counts_rings_and_finds_people(acme: Cast, owner: Client) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
    make_person(acme.organization, "olga@acme.test", ring="on_call", name="Olga")
    make_subscribers(acme.page, 120)
    text = text_of(owner.get(HERE).content.decode())
    assert "On-call 2" in text
    assert "Customers 120" in text
    assert "Page 1 of 2" in text_of(owner.get(HERE, {"ring": "customers"}).content.decode())
    found = text_of(owner.get(HERE, {"ring": "on_call", "sought": "olga@"}).content.decode())
    assert "Olga" in found
    assert "Otto" not in found
    assert "Nobody found" in text_of(owner.get(HERE, {"ring": "on_call", "sought": "zz"}).content.decode())


def test_how_somebody_wants_to_be_told_is_kept_and_what_hinders_it_is_shown(acme: Cast, owner: Client) -> None:
    person = make_person(acme.organization, "otto@acme.test", "old@acme.test", ring="on_call", name="Otto")
    person.addresses.filter(value="old@acme.test").update(confirmed_at=None)
    suppress(acme.organization, channel=Channel.EMAIL, normalised="otto@acme.test", reason="bounced")
    here, addresses = f"{HERE}{person.public_id}/", "otto@acme.test\nold@acme.test"
    form = {"name": "Otto", "ring": ring(acme, "on_call"), "addresses": addresses, "language": "de"}
    night = {"quiet_from": "22:00", "quiet_until": "07:00", "zone": "Europe/Berlin", "preferred_channel": "sms"}
    assert owner.post(here, {**form, **night}).status_code == 303
    person.refresh_from_db()
    assert Habits.of(person) == Habits(
        language="de", zone="Europe/Berlin", preferred_channel="sms", quiet_from=time(22), quiet_until=time(7)
    )
    page = owner.get(here).content.decode()
    assert 'value="22:00"' in page
    assert "must not be written to: bounced" in text_of(page)
    assert "not confirmed yet" in text_of(page)
    for wrong in ({"quiet_from": "22:00"}, {"quiet_from": "1:00", "quiet_until": "1:00"}, {"zone": "Mars"}):
        assert owner.post(here, {**form, **wrong}).status_code == 422, wrong


def test_somebody_new_reads_what_the_first_page_speaks_first_unless_an_admin_chooses(acme: Cast, owner: Client) -> None:
    Page.objects.filter(pk=acme.page.pk).update(languages=["de", "en"])
    html = owner.get(f"{HERE}new", {"ring": "on_call"}).content.decode()
    assert '<option value="de" selected>' in html
    form = {"name": "Otto", "ring": ring(acme, "on_call"), "addresses": "otto@acme.test"}
    owner.post(HERE, form)
    owner.post(HERE, {**form, "name": "Erin", "addresses": "erin@acme.test", "language": "en"})
    assert dict(Person.objects.values_list("name", "language")) == {"Otto": "de", "Erin": "en"}
    assert owner.post(HERE, {**form, "addresses": "x@acme.test", "language": "tlh"}).status_code == 422


def test_the_list_says_who_reads_and_prefers_what(acme: Cast, owner: Client) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
    make_person(acme.organization, "gerd@acme.test", "+4915123456789", ring="on_call", name="Gerd")
    Person.objects.filter(name="Gerd").update(language="de", preferred_channel="sms")
    words = text_of(owner.get(HERE, {"ring": "on_call"}).content.decode())
    assert "Gerd Deutsch · prefers SMS" in words
    assert "Otto English otto@acme.test" in words


def test_a_ring_in_which_nobody_can_be_reached_says_so(acme: Cast, owner: Client) -> None:
    person = make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
    make_person(acme.organization, "susi@acme.test", ring="support", name="Susi")
    assert "Nobody in" not in text_of(owner.get(HERE).content.decode())
    person.addresses.update(confirmed_at=None)
    text = text_of(owner.get(HERE).content.decode())
    assert "Nobody in On-call can be reached" in text
    assert "Support 1 Executives 0 , nobody can be reached" in text

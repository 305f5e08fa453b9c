"""A member and the person who is told are one by proof only, and then see to it themselves."""

import re
from datetime import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Member
from subscribers import belonging, unsubscribing
from subscribers.habits import Habits
from subscribers.models import Address, Person, SignUp
from subscribers.reaching import Reachable
from tests.console.browsing import enter, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage

HERE = "/o/acme/own/"
PHONE = "+491512345678"


@pytest.fixture
def responder(acme: Cast) -> Client:
    return enter(acme.responder)


def member(cast: Cast) -> Member:
    return cast.organization.members.get(user=cast.responder)


def link_to(engine: Engine, address: str) -> str:
    engine.send()
    found = re.search(r"http://[^/\s]+(/o/acme/own/confirmation/\S+)", engine.to(address)[-1].text)
    assert found
    return found[1]


def show(client: Client, engine: Engine, address: str) -> str:
    """Say that it is theirs, and press the button in the mail. Returns what the screen says then."""
    assert client.post(f"{HERE}addresses/", {"to": address}).status_code == 303
    return text_of(client.post(link_to(engine, address), follow=True).content.decode())


def test_a_member_becomes_one_of_those_who_are_told(acme: Cast, responder: Client, engine: Engine) -> None:
    """An admin put them into a ring by their address: they show that it is theirs."""
    otto = make_person(acme.organization, acme.responder.email, ring="on_call", name="Otto")
    assert "told nothing yet" in text_of(responder.get(HERE).content.decode())
    responder.post(f"{HERE}addresses/", {"to": acme.responder.email.upper()})
    path = link_to(engine, acme.responder.email.upper())
    assert "Is this address yours?" in responder.get(path).content.decode()
    assert belonging.person_of(member(acme)) is None, "looking proves nothing"
    assert enter(acme.commander).post(path).status_code == 404, "it was mailed for somebody else"
    assert "You are in On-call" in text_of(responder.post(path, follow=True).content.decode())
    assert belonging.person_of(member(acme)) == otto
    assert responder.post(path).status_code == 404, "a link proves once"


def test_they_add_addresses_and_say_how_they_want_to_be_told(acme: Cast, responder: Client, engine: Engine) -> None:
    otto = make_person(acme.organization, ring="on_call", name="Otto")
    Person.objects.filter(pk=otto.pk).update(member=member(acme))
    assert "Nothing reaches you" in text_of(responder.get(HERE).content.decode())
    assert "You are told at otto@x.example" in show(responder, engine, "otto@x.example")
    responder.post(f"{HERE}addresses/", {"to": PHONE})
    assert not otto.addresses.filter(channel="sms").exists()
    engine.send()
    code = engine.to(PHONE)[-1].text[:6]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert responder.post(f"{HERE}code/", {"code": wrong}).status_code == 422
    assert responder.post(f"{HERE}code/", {"code": code}).status_code == 303
    assert set(otto.addresses.values_list("value", flat=True)) == {"otto@x.example", PHONE}

    night = {"quiet_from": "22:00", "quiet_until": "07:00", "zone": "Europe/Berlin", "language": "de"}
    assert responder.post(HERE, night).status_code == 303
    otto.refresh_from_db()
    wanted = Habits(language="de", zone="Europe/Berlin", quiet_from=time(22), quiet_until=time(7))
    assert Habits.of(otto) == wanted
    assert responder.post(HERE, {"quiet_from": "22:00"}).status_code == 422

    responder.post(f"{HERE}test/")
    assert engine.to("otto@x.example")[-1].subject == "[Acme] A test: nothing is wrong"
    assert "a test, nothing is wrong" in engine.to(PHONE)[-1].text
    open_incident(acme, body="Down.", services=outage(acme.checkout))
    engine.settle()
    assert engine.to("otto@x.example")[-1].subject.startswith("[Acme] SEV1")


def test_the_last_address_of_somebody_in_a_ring_stays(acme: Cast, responder: Client) -> None:
    otto = make_person(acme.organization, "a@x.example", "b@x.example", ring="on_call", name="Otto")
    Person.objects.filter(pk=otto.pk).update(member=member(acme))
    first, last = (f"{HERE}addresses/{unsubscribing.token_of(each)}/removal/" for each in otto.addresses.order_by("pk"))
    responder.post(first)
    assert "counts on you" in text_of(responder.post(last, follow=True).content.decode())
    assert otto.addresses.get().value == "b@x.example"


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("unknown", "You are told at x@x.example"),
        ("of a subscriber", "You are told at x@x.example"),
        ("imported", "You are told at x@x.example"),
        ("in a ring while they are somebody", "an admin to make the two one"),
        ("another member's", "another member’s"),
    ],
)
def test_whose_an_address_may_become(acme: Cast, responder: Client, engine: Engine, case: str, said: str) -> None:
    if case != "unknown":
        ring = "support" if case.startswith("in a ring") else None
        owner = make_person(acme.organization, "x@x.example", ring=ring, name="Owner")
    if case == "imported":
        owner.addresses.update(confirmed_at=None)
    if case.startswith("in a ring"):
        Person.objects.create(organization=acme.organization, member=member(acme), name="Otto")
    if case == "another member's":
        Person.objects.filter(pk=owner.pk).update(member=acme.organization.members.get(user=acme.owner))
    assert said in show(responder, engine, "x@x.example")
    mine = belonging.person_of(member(acme))
    is_mine = mine is not None and mine.addresses.filter(value="x@x.example").exists()
    assert is_mine == said.startswith("You are told")
    assert Address.objects.filter(value="x@x.example").count() == 1


def test_nothing_is_mailed_without_limit_or_to_what_is_no_address(acme: Cast, responder: Client) -> None:
    assert responder.post(f"{HERE}addresses/", {"to": "nonsense"}).status_code == 422
    answers = [responder.post(f"{HERE}addresses/", {"to": f"n{n}@x.example"}).status_code for n in range(6)]
    assert answers == [303] * 5 + [422]
    assert SignUp.objects.count() == 5


def test_an_admin_says_who_somebody_is(acme: Cast) -> None:
    owner, form = enter(acme.owner), {"ring": str(acme.organization.rings.get(key="on_call").pk)}
    who = str(member(acme).pk)
    assert (
        owner.post("/o/acme/people/", {**form, "name": "Otto", "addresses": "o@x.example", "member": who}).status_code
        == 303
    )
    assert belonging.person_of(member(acme)) == Person.objects.get(name="Otto")
    twice = owner.post("/o/acme/people/", {**form, "name": "Two", "addresses": "t@x.example", "member": who})
    assert twice.status_code == 422
    assert "is Otto already" in text_of(twice.content.decode())


def test_whoever_leaves_the_organization_is_still_told_until_removed(acme: Cast) -> None:
    otto = make_person(acme.organization, "o@x.example", ring="on_call", name="Otto")
    Person.objects.filter(pk=otto.pk).update(member=member(acme))
    member(acme).delete()
    otto.refresh_from_db()
    assert (otto.member, otto.addresses.count()) == (None, 1)


def test_the_database_keeps_members_apart(acme: Cast, neighbour: Cast) -> None:
    """One person each, and of the same organization."""
    make_person(acme.organization, "o@x.example", ring="on_call")
    with scope(organization=neighbour.organization):
        theirs = neighbour.organization.members.get(user=neighbour.owner)
    with pytest.raises(IntegrityError, match="person_member_of_the_same_organization"), transaction.atomic():
        Person.objects.update(member=theirs)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    make_person(acme.organization, "p@x.example", ring="on_call")
    with pytest.raises(IntegrityError, match="a_member_is_one_person"), transaction.atomic():
        Person.objects.update(member=member(acme))
    with pytest.raises(IntegrityError, match="a_sign_up_is_on_a_page_or_a_members_own"), transaction.atomic():
        belonging.claim(member(acme), Reachable.parse("q@x.example"), language="en", block="10.0.0.0/24")
        SignUp.objects.update(member=None)

"""People imported without having agreed: each is asked once, hears nothing before a yes, and is forgotten without."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from statuspage.kit import clock
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page
from subscribers.importing import asking
from subscribers.importing.models import Consent, ImportFile, Question
from subscribers.models import Address, Person, SignUp
from subscribers.suppressing import suppress
from subscribers.unsubscribing import stop
from tests.console.browsing import enter, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage, subscribe
from tests.subscribers.asking import confirm, link_to, sign_up
from tests.subscribers.test_importing import imported
from tests.timeline import Timeline
from tests.visiting import visitor

ANN, BOB, PHONE = "ann@x.example", "bob@x.example", "+491512345678"
FILE = f"""name,email,phone,services,ring,language
Ann,{ANN},,Acme API,,de
Bob,{BOB},{PHONE},,,
Otto,otto@acme.test,,,On-call,
Gone,gone@x.example,,,,
Known,known@x.example,,,,
"""
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def file(acme: Cast) -> ImportFile:
    Page.objects.update(languages=["en", "de"])
    suppress(acme.organization, channel=Channel.EMAIL, normalised="gone@x.example", reason="bounced")
    subscribe(make_person(acme.organization, "known@x.example"), acme.page)
    return imported(acme, FILE, Consent.UNCONFIRMED)


def ask(engine: Engine) -> None:
    asking.go_on()
    engine.send()


def later(by: timedelta) -> None:
    """As if all of it had been so long ago."""
    Question.objects.update(asked_at=F("asked_at") - by)
    SignUp.objects.update(created_at=F("created_at") - by, handed_at=F("handed_at") - by)


def counts(file: ImportFile) -> tuple[int, int, int, int]:
    file.refresh_from_db()
    return file.to_ask, file.asked, file.said_yes, file.asked_before


def test_each_is_asked_once_and_hears_after_a_yes(
    acme: Cast, file: ImportFile, timeline: Timeline, engine: Engine
) -> None:
    assert counts(file) == (2, 0, 0, 0), "not the suppressed, the known, the phone, nor whoever is in a ring"
    for _ in range(3):
        ask(engine)
    assert {caught.to: caught.subject for caught in engine.caught()} == {
        ANN: "Möchten Sie Nachrichten von Acme status?",
        BOB: "Do you want updates from Acme status?",
    }
    assert len(engine.caught()) == 2
    screen = enter(acme.owner).get(f"/o/acme/people/imports/{file.public_id}/")
    assert "Asked 2 of 2; 0 confirmed." in text_of(screen.content.decode())

    path = link_to(engine, ANN)
    assert "<strong>ann@x.example</strong>" in visitor().get(path).content.decode()
    assert Address.objects.get(normalised=ANN).confirmed_at is None, "looking says nothing"
    assert '<html lang="de">' in (said := visitor().post(path).content.decode()), "as the letter was"
    assert "Die Nachrichten sind eingeschaltet" in said
    assert visitor().post(path).status_code == 404, "a link confirms once"
    assert counts(file) == (2, 2, 1, 0)

    open_incident(acme, body="Slow.", services=outage(acme.api))
    timeline.to("11:00")
    assert len(engine.to(ANN)) == 2, "what the file said that she hears"
    assert len(engine.to(BOB)) == 1
    assert engine.to(PHONE) == []


def test_whoever_does_not_answer_is_forgotten_and_left_in_peace(acme: Cast, file: ImportFile, engine: Engine) -> None:
    ask(engine)
    confirm(engine, ANN)
    later(2 * DAY + MINUTE)
    ask(engine)
    assert not Address.objects.filter(normalised=BOB).exists()
    assert Person.objects.filter(name="Bob").exists(), "his number is still kept"
    assert Address.objects.filter(normalised=ANN).exists()
    assert not asking.is_any_due(clock.now()), "nothing is looked at for ever"

    Address.objects.filter(normalised=PHONE).delete()
    again = imported(acme, FILE, Consent.UNCONFIRMED)
    assert counts(again) == (0, 0, 0, 1)
    ask(engine)
    assert len(engine.to(BOB)) == 1
    assert not Address.objects.filter(normalised=BOB).exists(), "and is not kept meanwhile"

    later(29 * DAY)
    asking.go_on()
    assert not Question.objects.exists()
    third = imported(acme, FILE, Consent.UNCONFIRMED)
    ask(engine)
    assert counts(third) == (1, 1, 0, 0)
    assert len(engine.to(BOB)) == 2


@pytest.mark.parametrize("event", ["complained", "signed up", "unsubscribed", "erased", "attested"])
def test_what_happens_between_the_import_and_the_question_counts(
    acme: Cast, file: ImportFile, engine: Engine, event: str
) -> None:
    bob = Address.objects.get(normalised=BOB)
    if event == "complained":
        suppress(acme.organization, channel=Channel.EMAIL, normalised=BOB, reason="complained")
    elif event == "signed up":
        sign_up(BOB)
        confirm(engine, BOB)
    elif event == "unsubscribed":
        stop(bob)
    elif event == "erased":
        bob.person.delete()
    else:
        imported(acme, f"email\n{BOB}\n")
    before = len(engine.to(BOB))
    ask(engine)
    assert len(engine.to(BOB)) == before
    assert len(engine.to(ANN)) == 1
    to_ask, asked, said_yes, _before = counts(file)
    assert (to_ask, asked, said_yes) == (2, 2, int(event == "signed up"))


def test_a_few_at_a_time_behind_those_who_asked_us(acme: Cast, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_WAITING", 4)
    people = "email\n" + "\n".join(f"p{n}@x.example" for n in range(9))
    file = imported(acme, people, Consent.UNCONFIRMED)
    asking.go_on()
    asking.go_on()
    assert counts(file) == (9, 4, 0, 0), "no more while those wait"
    sign_up("waits@x.example")
    engine.send()
    assert engine.caught()[0].to == "waits@x.example"
    for _ in range(2):
        ask(engine)
    assert counts(file) == (9, 9, 0, 0)
    assert sorted(caught.to for caught in engine.caught()[1:]) == sorted(people.split()[1:])


def test_a_relay_that_is_away_for_long_costs_nobody_their_letter(acme: Cast, file: ImportFile, engine: Engine) -> None:
    asking.go_on()
    SignUp.objects.update(attempts=50)
    engine.send()
    assert len(engine.to(BOB)) == 1


def test_whoever_dies_while_asking_has_asked_nobody(acme: Cast, file: ImportFile) -> None:
    """The row is the queue: what a killed process had begun is undone with its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT killed")
    asking.go_on()
    assert SignUp.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO SAVEPOINT killed")
    assert (SignUp.objects.count(), Question.objects.filter(asked_at=None).count()) == (0, 2)
    asking.go_on()
    assert SignUp.objects.count() == 2

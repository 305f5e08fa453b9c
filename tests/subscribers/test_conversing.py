"""What people text back: STOP stops within the request, START begins again, HELP says who we are."""

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from django.test import Client

from statuspage.organizations.plan import Channel
from subscribers.conversing import STOPS, Word, word_in
from subscribers.models import Address, SignUp, SmsDay, Suppression
from subscribers.suppressing import suppress
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage, resolve, subscribe
from tests.subscribers.asking import sign_up
from tests.timeline import Timeline, instant

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

NUMBER = "+15550000010"
EARLY = instant("09:00")
WHERE = "/hooks/sms"


def text(body: str, *, number: str = NUMBER, sid: str = "SM1", signature: str = "", changed: str = "") -> "Answer":
    form = {"MessageSid": sid, "From": number, "To": "+15559990000", "Body": body}
    signed = f"http://localhost:8000{WHERE}" + "".join(name + form[name] for name in sorted(form))
    genuine = base64.b64encode(hmac.digest(b"for the tests only", signed.encode(), hashlib.sha1)).decode()
    sent = urlencode(form | ({"Body": changed} if changed else {}))
    kind = "application/x-www-form-urlencoded"
    headers = {"host": "localhost", "x-twilio-signature": signature or genuine}
    return Client(enforce_csrf_checks=True).post(WHERE, sent, content_type=kind, headers=headers)


@pytest.fixture
def customer(acme: Cast) -> Cast:
    subscribe(make_person(acme.organization, NUMBER, confirmed_at=EARLY), acme.page)
    return acme


@pytest.mark.parametrize(
    ("said", "word"),
    [
        *((stop.upper(), Word.STOP) for stop in sorted(STOPS)),
        ("Stop.", Word.STOP),
        (" stop it, please! ", Word.STOP),
        ("ARRÊT", Word.STOP),
        ("End of the month?", Word.NOTHING),
        ("Cancel my order 12", Word.NOTHING),
        ("Help!", Word.HELP),
        ("start", Word.START),
        ("Thanks", Word.NOTHING),
        ("", Word.NOTHING),
    ],
)
def test_it_is_understood(said: str, word: Word) -> None:
    assert word_in(said) is word


def test_stop_ends_it_everywhere_and_start_begins_again(
    customer: Cast, neighbour: Cast, timeline: Timeline, engine: Engine
) -> None:
    incident = open_incident(customer, "sev1", body="Some payments fail.", services=outage(customer.checkout))
    timeline.to("10:15")
    assert len(engine.to(NUMBER)) == 1
    answer = text("STOP")
    assert answer.content.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?><Response>'
        "<Message>Acme: you will get no more SMS from us. Reply START to begin again.</Message></Response>"
    )
    assert Suppression.objects.get().reason == "stop"
    assert b"<Message>" not in text("STOP").content, "one confirmation, however often it is delivered"
    resolve(customer, incident)
    timeline.to("10:30")
    assert len(engine.to(NUMBER)) == 1
    assert b"you get SMS again" in text("Start", sid="SM2").content
    open_incident(customer, "sev1", body="Again.", services=outage(customer.checkout))
    timeline.to("10:45")
    assert len(engine.to(NUMBER)) == 2


def test_start_does_not_bring_back_what_others_stopped(customer: Cast) -> None:
    suppress(customer.organization, channel=Channel.SMS, normalised=NUMBER, reason="bounce")
    text("START")
    assert Suppression.objects.get().reason == "bounce"


def test_stop_before_the_code_left_stops_the_code(acme: Cast, engine: Engine) -> None:
    sign_up(channel="sms", phone=NUMBER, email="")
    text("STOP")
    engine.send()
    assert engine.caught() == []
    sign_up(channel="sms", phone=NUMBER, email="")
    engine.send()
    assert engine.caught() == [], "nor is another one sent, whoever asks"
    assert not Address.objects.exists()
    assert SignUp.objects.count() == 2


def test_help_says_who_we_are_and_how_to_stop(customer: Cast) -> None:
    answer = text("help").content.decode()
    assert "SMS about the status of Acme. Reply STOP to end them." in answer
    assert "http://status.acme.test" in answer


def test_a_stranger_is_answered_without_a_name(acme: Cast) -> None:
    assert "Acme" not in text("STOP", number="+15550000099").content.decode()
    assert b"<Message>" not in text("hello", sid="SM3").content


@pytest.mark.parametrize("forged", [{"signature": "bm9uZQ=="}, {"changed": "START"}])
def test_what_the_provider_did_not_sign_is_not_heard(customer: Cast, forged: dict[str, str]) -> None:
    assert text("STOP", **forged).status_code == 403
    assert not Suppression.objects.exists()


def test_sms_to_subscribers_end_with_the_days_budget(customer: Cast, timeline: Timeline, engine: Engine) -> None:
    """Inner rings go on."""
    customer.organization.most_sms_a_day = 1
    customer.organization.save()
    subscribe(make_person(customer.organization, "+15550000011", confirmed_at=EARLY), customer.page)
    make_person(customer.organization, "+15550000012", ring="on_call", confirmed_at=EARLY)
    open_incident(customer, "sev1", body="Some payments fail.", services=outage(customer.checkout))
    timeline.to("10:15")
    told = {caught.to for caught in engine.caught()}
    assert "+15550000012" in told
    assert len(told & {NUMBER, "+15550000011"}) <= 1
    assert SmsDay.objects.get().segments <= 1

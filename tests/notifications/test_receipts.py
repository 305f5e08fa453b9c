"""A letter came back, or its reader called it spam: whoever provides mail tells us, and nothing more is sent there."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from notifications.models import Broadcast, Delivery, DeliveryState, Receipt
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from subscribers import returning
from subscribers.models import Suppression
from subscribers.suppressing import reason_for, suppress
from tests.console.browsing import enter, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, post, subscribe
from tests.notifications.telling import FINE, HARD, NO_MAILBOX, PROVIDERS, SECRET, SOFT, SPAM, WHERE, mailgun, tell

ANN = "ann@x.example"


@pytest.fixture(autouse=True)
def provider(settings: Settings) -> None:
    settings.MAIL_PROVIDER, settings.MAIL_HOOK_SECRET = "mailgun", SECRET


@pytest.fixture
def told(acme: Cast) -> Cast:
    subscribe(make_person(acme.organization, ANN), acme.page)
    return acme


def why(cast: Cast) -> str:
    with scope(organization=cast.organization):
        return reason_for(cast.organization, channel=Channel.EMAIL, normalised=ANN)


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize(("kind", "reason"), [(HARD, "bounced"), (SPAM, "complained"), (SOFT, ""), (FINE, "")])
def test_every_provider_is_understood(told: Cast, settings: Settings, name: str, kind: str, reason: str) -> None:
    settings.MAIL_PROVIDER = name
    assert tell(name, PROVIDERS[name](kind, ANN.upper(), clock.now())).status_code == 200
    assert why(told) == reason


def test_a_letter_that_came_back_is_the_last_and_the_owner_sees_why(told: Cast, engine: Engine) -> None:
    with scope(organization=told.organization):
        incident = open_incident(told, body="Some payments fail.", services={})
        make_person(told.organization, "otto@acme.test", ring="on_call")
        post(told, incident, "On-call knows.")
        engine.settle()
    (letter,) = engine.to("otto@acme.test")
    assert letter.key
    broadcast = Broadcast.objects.get(pk=int(letter.key.split(".")[0]))
    assert tell("mailgun", mailgun(HARD, "otto@acme.test", clock.now(), key=letter.key)).status_code == 200
    row = Delivery.objects.get(broadcast_id=broadcast.pk)
    assert row.state == DeliveryState.FAILED
    owner = enter(told.owner)
    failures = text_of(owner.get("/o/acme/subscribers/failures/").content.decode())
    assert "took the letter and sent it back" in failures
    assert NO_MAILBOX in text_of(owner.get("/o/acme/subscribers/suppressed/").content.decode())
    post(told, incident, "We know more.")
    engine.settle()
    assert len(engine.to("otto@acme.test")) == 1


def test_a_dead_mailbox_is_dead_for_all_and_a_complaint_is_about_one(
    told: Cast, neighbour: Cast, engine: Engine
) -> None:
    with scope(organization=neighbour.organization):
        make_person(neighbour.organization, ANN, ring="on_call")
        open_incident(neighbour)
    engine.settle()
    (letter,) = engine.to(ANN)
    tell("mailgun", mailgun(SPAM, ANN, clock.now(), key=letter.key))
    assert (why(told), why(neighbour)) == ("", "complained")
    tell("mailgun", mailgun(HARD, ANN, clock.now()))
    assert (why(told), why(neighbour)) == ("bounced", "complained"), "what they did themselves weighs more"


def test_without_our_message_id_a_complaint_is_about_everybody_who_writes(told: Cast, neighbour: Cast) -> None:
    with scope(organization=neighbour.organization):
        make_person(neighbour.organization, ANN, ring="on_call")
    tell("mailgun", mailgun(SPAM, ANN, clock.now(), key="999999999.1"))
    assert (why(told), why(neighbour)) == ("complained", "complained")


def test_whoever_complains_after_a_bounce_can_only_come_back_by_themselves(told: Cast) -> None:
    suppress(told.organization, channel=Channel.EMAIL, normalised=ANN, reason="bounced")
    tell("mailgun", mailgun(SPAM, ANN, clock.now()))
    assert why(told) == "complained"


def test_what_is_told_again_or_long_afterwards_changes_nothing(told: Cast) -> None:
    event = mailgun(HARD, ANN, clock.now())
    for _ in range(2):
        assert tell("mailgun", event).status_code == 200
    assert Receipt.objects.count() == 1
    returning.write_again(Suppression.objects.get(), because="They have a new mail server.", by=told.owner)
    assert tell("mailgun", event).status_code == 200
    assert tell("mailgun", mailgun(HARD, ANN, clock.now() - timedelta(days=8))).status_code == 200
    assert why(told) == ""


def test_no_address_is_kept_of_it(told: Cast) -> None:
    event = mailgun(HARD, ANN, clock.now())
    event["event-data"]["delivery-status"]["message"] = f"550 <{ANN}>: user unknown"
    tell("mailgun", event)
    assert "ann@" not in repr(list(Receipt.objects.values())) + repr(list(Suppression.objects.values("said", "reason")))
    assert Suppression.objects.get().said == "550 <a…@x.example>: user unknown"


@pytest.mark.parametrize("name", PROVIDERS)
def test_whoever_is_not_the_provider_is_refused(told: Cast, settings: Settings, name: str) -> None:
    settings.MAIL_PROVIDER, settings.MAIL_HOOK_SECRET = name, "ripple:another secret"
    assert tell(name, PROVIDERS[name](HARD, ANN, clock.now())).status_code == 403
    assert why(told) == ""


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"[[]]", b'"a"', b"{}", b'{"event": 1}', b"\xff", b'[{"msys": 1}]', b"[" * 200_000]
)
def test_what_cannot_be_read_is_refused_and_never_an_error_of_ours(
    told: Cast, settings: Settings, name: str, body: bytes
) -> None:
    settings.MAIL_PROVIDER = name
    assert tell(name, body).status_code in {200, 400, 403}
    assert not Receipt.objects.exists()


def test_the_door_is_closed_until_it_has_a_key(told: Cast, settings: Settings) -> None:
    visitor = Client(headers={"host": "localhost"})
    assert (visitor.head(WHERE).status_code, visitor.get(WHERE).status_code) == (200, 405)
    event = mailgun(HARD, ANN, clock.now())
    for name, secret in (("mailgun", ""), ("", SECRET), ("pigeon", SECRET)):
        settings.MAIL_PROVIDER, settings.MAIL_HOOK_SECRET = name, secret
        assert (tell("mailgun", event).status_code, visitor.head(WHERE).status_code) == (404, 404)


@pytest.mark.parametrize(
    ("address", "reason", "said"),
    [
        ("5xx-rcpt@x.example", "bounced", "no such mailbox (550)"),
        ("+15550000610", "stop", "this number asked us to stop (21610)"),
        ("5xx-data@x.example", "", ""),
        ("4xx@x.example", "", ""),
    ],
)
def test_what_is_refused_for_good_at_once_is_not_tried_again(
    acme: Cast, engine: Engine, address: str, reason: str, said: str
) -> None:
    make_person(acme.organization, address, ring="on_call")
    open_incident(acme)
    engine.settle()
    found = Suppression.objects.values_list("reason", "said")
    assert list(found) == ([(reason, said)] if reason else [])

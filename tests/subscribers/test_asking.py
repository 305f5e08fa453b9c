"""Asking tells nobody anything, is limited, and nobody can make another ask."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from statuspage.kit import clock
from statuspage.organizations.plan import Channel
from statuspage.pages.audience import Audience
from subscribers.models import Address, Person, SignUp, SmsDay
from subscribers.suppressing import suppress
from tests.engine import Engine
from tests.makers import Cast, make_person, subscribe
from tests.subscribers.asking import ANNA, EVERYTHING, NUMBER, code_in, link_to, seen, sign_up
from tests.timeline import Timeline
from tests.visiting import HOST, guard, send, visitor

if TYPE_CHECKING:
    pass

# Nobody learns who is a subscriber.

STATES: dict[str, Callable[[Cast], object]] = {
    "pending": lambda _acme: sign_up(),
    "confirmed": lambda acme: subscribe(make_person(acme.organization, ANNA), acme.page),
    "unsubscribed": lambda acme: suppress(
        acme.organization, channel=Channel.EMAIL, normalised=ANNA, reason="unsubscribed"
    ),
    "bounced": lambda acme: suppress(acme.organization, channel=Channel.EMAIL, normalised=ANNA, reason="bounce"),
    "inner": lambda acme: make_person(acme.organization, ANNA, ring="support"),
}


@pytest.mark.parametrize("state", STATES)
def test_the_answer_is_the_same_for_everybody(acme: Cast, timeline: Timeline, state: str) -> None:
    fresh = [seen(sign_up()), seen(send(visitor(), "/subscribe/link", {"to": ANNA}))]
    SignUp.objects.all().delete()
    STATES[state](acme)
    assert [seen(sign_up()), seen(send(visitor(), "/subscribe/link", {"to": ANNA}))] == fresh


@pytest.mark.parametrize(("state", "letters"), [("confirmed", 1), ("unsubscribed", 1), ("bounced", 0), ("inner", 1)])
def test_who_may_be_written_to_is_decided_afterwards(acme: Cast, engine: Engine, state: str, letters: int) -> None:
    STATES[state](acme)
    sign_up()
    engine.send()
    assert len(engine.to(ANNA)) == letters


def test_the_same_work_is_done_for_everybody(acme: Cast, timeline: Timeline) -> None:
    """Timing is measured by `dev.py bench signing_up`; here it is compared what takes it."""
    fresh = work_of(sign_up)
    assert len(fresh) > 3
    for state in ("confirmed", "bounced"):
        STATES[state](acme)
        assert work_of(sign_up) == fresh
        Person.objects.all().delete()


def work_of(asking: Callable[[], object]) -> list[str]:
    """What is asked of the database, without the values."""
    with CaptureQueriesContext(connection) as captured:
        asking()
    return [re.sub(r"'[^']*'(::\w+)?|\d+", "?", query["sql"]) for query in captured.captured_queries]


# Limits.


def test_a_neighbourhood_asks_five_times_in_ten_minutes(acme: Cast) -> None:
    answers = [sign_up(f"a{n}@x.example") for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "a5@x.example" in answers[-1].content.decode(), "what was typed is kept"


def test_three_letters_a_day_go_to_an_address_over_all_tenants(
    acme: Cast, neighbour: Cast, engine: Engine, timeline: Timeline
) -> None:
    for _ in range(2):
        sign_up()
    for _ in range(2):
        send(
            visitor("status.globex.test"),
            "/subscribe",
            {**EVERYTHING, "email": ANNA.upper()},
            host="status.globex.test",
        )
    engine.send()
    assert len(engine.caught()) == 3
    clock.move_to(clock.now() + timedelta(hours=25))
    sign_up()
    engine.send()
    assert len(engine.caught()) == 4


def test_sms_have_a_budget_and_say_so(acme: Cast, engine: Engine) -> None:
    acme.organization.most_sms_a_day = 1
    acme.organization.save()
    assert sign_up(channel="sms", phone=NUMBER).status_code == 200
    assert len(code_in(engine, NUMBER)) == 6
    assert SmsDay.objects.get().segments >= 1
    refused = sign_up(channel="sms", phone="+4915123456780")
    assert "The SMS of today are used up" in refused.content.decode()


def test_without_redis_sms_close_and_mail_goes_on(acme: Cast, engine: Engine, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert sign_up(channel="sms", phone=NUMBER).status_code == 429
    assert [sign_up(f"a{n}@x.example").status_code for n in range(5)] == [200] * 4 + [429]


def test_a_relay_that_is_away_is_asked_again(acme: Cast, engine: Engine) -> None:
    sign_up("4xx-once@x.example")
    engine.send()
    assert engine.caught() == []
    SignUp.objects.update(due_at=clock.now())
    engine.send()
    assert len(engine.to("4xx-once@x.example")) == 1


# Who may ask.


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_on_another_site_signs_nobody_up(acme: Cast, headers: dict[str, str]) -> None:
    answer = visitor().post("/subscribe", {**EVERYTHING, "email": ANNA}, headers={"host": HOST, **headers})
    assert answer.status_code == 403
    assert not SignUp.objects.exists()


def test_only_who_is_let_in_may_ask_on_a_page_that_is_not_public(acme: Cast) -> None:
    guard(acme.page, Audience.NETWORK)
    for path in ("/subscribe", "/subscribe/link"):
        assert visitor().get(path).status_code == 403
    assert sign_up().status_code == 403
    assert visitor().post("/api/v2/subscribers.json", {"subscriber[email]": ANNA}).status_code == 403
    near = Client(headers={"host": HOST, "origin": f"http://{HOST}"}, REMOTE_ADDR="192.0.2.9")
    assert near.post("/subscribe", {**EVERYTHING, "email": ANNA}).status_code == 200


def test_the_neighbours_links_open_nothing_here(acme: Cast, neighbour: Cast, engine: Engine) -> None:
    sign_up()
    path = link_to(engine, ANNA)
    assert visitor("status.globex.test").post(path).status_code == 404
    assert not Address.objects.exists()

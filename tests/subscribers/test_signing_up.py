"""Signing up on a page: asked for by a form, proven by a mail or an SMS, begun by a button, and told to nobody else."""

import re
from datetime import timedelta
from typing import Any

import pytest

from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from subscribers import unsubscribing
from subscribers.choosing import Choice, chosen
from subscribers.models import Address, FromImpact, MutedIncident, Person, SignUp, Subscription
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage, post, resolve, subscribe
from tests.subscribers.asking import ANNA, NUMBER, code_in, confirm, link_to, sign_up
from tests.timeline import Timeline, instant
from tests.visiting import HOST, send, visitor

# The story.


def test_a_visitor_follows_one_service_narrows_it_and_leaves(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    assert sign_up(scope="services", services=[acme.checkout.public_id]).status_code == 200
    path = link_to(engine, ANNA)
    opened = visitor().get(path)
    assert (opened.status_code, opened.cookies) == (200, {})
    assert not Address.objects.exists(), "looking signs nobody up"
    assert b"Updates are on" in visitor().post(path).content
    assert visitor().post(path).status_code == 404, "a link confirms once"

    open_incident(acme, body="Slow.", services=outage(acme.api))
    wanted = open_incident(
        acme, title="Cards", public_title="Checkout fails", body="Fails.", services=outage(acme.checkout)
    )
    timeline.to("10:15")
    updates = engine.to(ANNA)[1:]
    assert [update.subject for update in updates] == ["[Acme] Investigating: Checkout fails"]

    way = updates[0].headers["List-Unsubscribe"].strip("<>").removeprefix(f"http://{HOST}")
    assert f"{way}/incidents/{wanted.public_id}" in updates[0].text
    kept = {"scope": "services", "services": [acme.checkout.public_id], "language": "en", "zone": "Europe/Berlin"}
    saved = visitor().post(f"{way}/choices", {**kept, "kinds": ["maintenance"]})
    assert b"Saved." in saved.content
    post(acme, wanted, "Still.")
    timeline.to("11:00")
    assert len(engine.to(ANNA)) == 2
    person = Person.objects.get()
    assert (person.language, person.zone) == ("en", "Europe/Berlin")

    visitor().post(way, {"List-Unsubscribe": "One-Click"})
    assert not Subscription.objects.exists()
    assert b"no more messages" in visitor().get(f"{way}/choices").content


def test_nobody_is_told_who_did_not_press_the_button(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    sign_up()
    path = link_to(engine, ANNA)
    for verb in ("get", "head", "options"):
        getattr(visitor(), verb)(path)
    clock.move_to(clock.now() + timedelta(hours=24))
    assert visitor().post(path).status_code == 404, "a day later"
    assert not Address.objects.exists()


def test_who_confirms_while_something_is_wrong_hears_of_it_at_once(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:15")
    sign_up(incident=incident.public_id)
    confirm(engine)
    timeline.to("10:16")
    assert [update.subject for update in engine.to(ANNA)[1:]] == ["[Acme] Investigating: Trouble with payments"]
    open_incident(acme, title="Another", public_title="Another", body="Other.", services=outage(acme.api))
    timeline.to("10:40")
    assert len(engine.to(ANNA)) == 2


def test_one_incident_can_be_left_and_taken_up_again(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    subscribe(make_person(acme.organization, ANNA, confirmed_at=instant("09:00")), acme.page)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:15")
    token = unsubscribing.token_of(Address.objects.get())
    path = f"/u/{token}/incidents/{incident.public_id}"
    visitor().get(path)
    assert not MutedIncident.objects.exists()
    visitor().post(path)
    post(acme, incident, "Still.")
    timeline.to("11:00")
    assert len(engine.to(ANNA)) == 1
    visitor().post(path, {"again": "1"})
    resolve(acme, incident)
    timeline.to("11:30")
    assert len(engine.to(ANNA)) == 2


# What can be asked for.


def test_one_incident_needs_no_further_words(acme: Cast) -> None:
    """As its form sends it: there is nothing else to choose."""
    incident = open_incident(acme, body="Slow.", services=outage(acme.checkout))
    form = {"channel": "email", "email": ANNA, "incident": incident.public_id}
    assert send(visitor(), "/subscribe", form).status_code == 200
    assert SignUp.objects.get().choice["only_incident"] == incident.public_id


@pytest.mark.parametrize("where", ["/subscribe/incidents/{}", "/subscribe?incident={}"])
def test_the_form_for_one_incident_says_which_and_whether_there_is_one(acme: Cast, neighbour: Cast, where: str) -> None:
    """Its public title, never the responders'; and nothing of what the public does not know."""
    known = open_incident(acme, title="INNER", public_title="Checkout fails", body="Slow.", services=outage(acme.cards))
    hidden = open_incident(acme, title="HIDDEN", public_title="HIDDEN", services=outage(acme.api))
    with scope(organization=neighbour.organization):
        theirs = open_incident(neighbour, public_title="THEIRS", body="Slow.", services=outage(neighbour.api))
    shown = visitor().get(where.format(known.public_id))
    assert (shown.status_code, b"Checkout fails" in shown.content, b"INNER" in shown.content) == (200, True, False)
    for unknown in (hidden.public_id, theirs.public_id, "abcdefghij12", "x'y"):
        missing = visitor().get(where.format(unknown))
        assert (missing.status_code, b"No incident of this page" in missing.content) == (404, True)
        assert b"HIDDEN" not in missing.content
        assert b"THEIRS" not in missing.content
        assert sign_up(incident=unknown).status_code == 404
    resolve(acme, known)
    over = visitor().get(where.format(known.public_id))
    assert (over.status_code, b"It is over" in over.content) == (200, True)
    assert b"It is over" in sign_up(incident=known.public_id).content
    assert not SignUp.objects.exists()


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, Choice()),
        ({"kinds": ["maintenance"]}, Choice(is_for_incidents=False)),
        ({"from_impact": "2"}, Choice(from_impact=FromImpact.MAJOR.value)),
        ({"scope": "services", "services": ["checkout"]}, Choice(services=("checkout",))),
    ],
)
def test_what_was_asked_for_is_what_is_heard(
    acme: Cast, engine: Engine, form: dict[str, Any], expected: Choice
) -> None:
    type(acme.checkout).objects.filter(pk=acme.checkout.pk).update(public_id="checkout")
    sign_up(**form)
    confirm(engine)
    assert chosen(Address.objects.get(), acme.page) == expected


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"email": "anna"}, "not an e-mail address"),
        ({"email": "+4915123456789"}, "not an e-mail address"),
        ({"scope": "services"}, "at least one service"),
        ({"kinds": []}, "Choose incidents, maintenance, or both."),
        ({"channel": "sms", "phone": "0151 234"}, "not a phone number"),
        ({"channel": "webhook", "url": "http://hooks.example/"}, "beginning with https://"),
        ({"channel": "webhook", "url": "https://hooks.example/", "email": ""}, "not an e-mail address"),
        ({"channel": "webhook", "url": "https://mastodon.example/@anna"}, "A profile cannot sign up."),
        ({"channel": "sms", "phone": "+1 809 555 0100"}, "this country"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(acme: Cast, form: dict[str, Any], sentence: str) -> None:
    answer = sign_up(**{"email": ANNA, **form})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert form.get("phone", form.get("url", "")) in answer.content.decode()
    assert not SignUp.objects.exists()


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        ("https://hooks.slack.com/services/T0/B0/x", Channel.SLACK),
        ("https://acme.webhook.office.com/webhookb2/x", Channel.TEAMS),
        ("https://discord.com/api/webhooks/1/x", Channel.DISCORD),
        ("https://chat.googleapis.com/v1/spaces/x/messages?key=k", Channel.GOOGLE_CHAT),
        ("https://hooks.example/in", Channel.WEBHOOK),
    ],
)
def test_a_rooms_address_says_itself_whose_it_is(acme: Cast, engine: Engine, url: str, channel: Channel) -> None:
    """Nobody has to know what their chat is called in a list, and nobody can say it wrong."""
    assert re.findall(r'name="channel"\s+value="(\w+)"', visitor().get("/subscribe").content.decode()) == [
        "email",
        "sms",
        "webhook",
    ]
    sign_up(channel="webhook", url=url)
    confirm(engine)
    visitor().post("/api/v2/subscribers.json", {"subscriber[endpoint]": f"{url}/2", "subscriber[email]": ANNA})
    assert SignUp.objects.latest("pk").channel == channel
    assert Address.objects.get().channel == channel


def test_a_machine_is_confirmed_by_whoever_added_it(acme: Cast, engine: Engine) -> None:
    sign_up(channel="webhook", url="HTTPS://Hooks.example/in")
    confirm(engine)
    address = Address.objects.select_related("person").get()
    assert (address.channel, address.normalised) == ("webhook", "https://hooks.example/in")
    assert (address.person.is_endpoint, address.endpoint.contact) == (True, ANNA)
    send(visitor(), "/subscribe/link", {"to": ANNA})
    assert link_to(engine, ANNA).startswith(f"/u/{unsubscribing.token_of(address)}")


def test_a_number_types_its_code_back(acme: Cast, engine: Engine) -> None:
    assert sign_up(channel="sms", phone="+49 151 23456789", email="").status_code == 200
    right = code_in(engine, NUMBER)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    browser = visitor()
    for _ in range(4):
        assert send(browser, "/subscribe/code", {"number": NUMBER, "code": wrong}).status_code == 422
    assert send(browser, "/subscribe/code", {"number": NUMBER, "code": right}).status_code == 200
    assert Address.objects.get().channel == Channel.SMS.value
    assert send(browser, "/subscribe/code", {"number": NUMBER, "code": right}).status_code == 422, "it is used"
    sign_up(channel="sms", phone=NUMBER)
    right = code_in(engine, NUMBER)
    for _ in range(5):
        send(browser, "/subscribe/code", {"number": NUMBER, "code": f"{(int(right) + 1) % 10**6:06}"})
    assert send(browser, "/subscribe/code", {"number": NUMBER, "code": right}).status_code == 422, "too many tries"


def test_a_shared_mailbox_is_asked_whether_all_should_leave(acme: Cast, engine: Engine) -> None:
    sign_up("ops@x.example")
    confirm(engine, "ops@x.example")
    way = f"/u/{unsubscribing.token_of(Address.objects.get())}"
    assert b"Just you, or everyone on this list?" in visitor().get(way).content
    visitor().post(way)
    assert not Subscription.objects.exists()

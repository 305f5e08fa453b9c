"""Whoever finds an open browser cannot take out people's data or make a key. Whoever it belongs to loses nothing."""

import time

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from statuspage.organizations.models import ApiToken, AuditEntry, User
from statuspage.organizations.plan import Channel
from subscribers import endpoints
from subscribers.models import Endpoint
from tests.console.browsing import enter, forms_in, said_who_they_are, text_of
from tests.makers import PASSWORD, Cast, make_person

AGAIN = "/accounts/reauthenticate/"
TOKENS = "/o/acme/tokens/"
TYPED = {"name": "HR système & co", "scopes": ["people:read", "people:write"], "days": "30"}
LONG_AGO = 3600


@pytest.fixture
def owner(acme: Cast) -> Client:
    """Logged in an hour ago."""
    return since_an_hour(acme.owner)


def since_an_hour(user: User) -> Client:
    client = enter(user)
    said_who_they_are(client, user, seconds_ago=LONG_AGO)
    return client


def doors(acme: Cast) -> dict[str, dict[str, object]]:
    """What asks again, and what is posted there."""
    ring = acme.organization.rings.get(key="support")
    url = "https://hooks.acme.example/x"
    added = endpoints.add(acme.organization, "Hook", channel=Channel.WEBHOOK, url=url, ring=ring, by=acme.owner)
    person = make_person(acme.organization, "otto@acme.test", ring="on_call")
    return {
        TOKENS: dict(TYPED),
        "/o/acme/people/export/": {},
        f"/o/acme/people/{person.public_id}/record/": {},
        f"/o/acme/endpoints/{added.endpoint.address.person.public_id}/secret/": {},
    }


def say(client: Client, password: str, *, to: str) -> tuple[int, str]:
    answer = client.post(AGAIN, {"password": password, "next": to})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return answer.status_code, body.decode()


def test_each_door_asks_again_and_then_does_what_was_asked(acme: Cast, owner: Client) -> None:
    for door, posted in doors(acme).items():
        said_who_they_are(owner, acme.owner, seconds_ago=LONG_AGO)
        before = AuditEntry.objects.count()
        asked = owner.post(door, posted)
        assert asked.status_code == 302, door
        assert asked["Location"].startswith(f"{AGAIN}?next="), door
        assert AuditEntry.objects.count() == before, "nothing has happened yet"
        assert "Is it still you?" in text_of(owner.get(asked["Location"]).content.decode())
        status, body = say(owner, "a wrong one", to=door)
        assert (status, AuditEntry.objects.count()) == (200, before)
        assert "password" in body
        status, body = say(owner, PASSWORD, to=door)
        assert status in {200, 201}, door
        assert AuditEntry.objects.count() == before + 1, "it is done once"
        assert owner.post(door, posted).status_code in {200, 201}, "and for a few minutes nobody is asked again"


def test_adding_an_endpoint_asks_as_its_next_secret_does(acme: Cast, owner: Client) -> None:
    """What hears with a ring, and the secret that is shown for it, are worth as much as a key."""
    ring = acme.organization.rings.get(key="support")
    here, typed = "/o/acme/endpoints/", {"url": "https://hooks.acme.example/x", "name": "Our tool", "ring": ring.pk}
    assert owner.post(here, typed)["Location"].startswith(f"{AGAIN}?next=")
    assert not Endpoint.objects.exists()
    status, html = say(owner, PASSWORD, to=here)
    assert (status, "whsec_" in html, Endpoint.objects.get().address.person.name) == (201, True, "Our tool")


def test_a_profiles_password_is_kept_nowhere_while_somebody_is_asked(acme: Cast, owner: Client) -> None:
    """It hears public words only, so nobody is asked."""
    ring = acme.organization.rings.get(key="customers")
    typed = {"url": "https://bsky.app/profile/acme.test", "name": "Us", "ring": ring.pk, "token": "pass-word"}
    assert owner.post("/o/acme/endpoints/", typed).status_code == 201
    assert "account_reauthentication_state" not in owner.session


def test_whoever_says_so_in_another_tab_is_led_to_the_button(acme: Cast, owner: Client) -> None:
    """Only what was posted last is kept: the other tab is told that it is known now, and what to press."""
    buttons = {
        "export": ("/o/acme/subscribers/", "Export everybody"),
        "record": ("/o/acme/people/", "Download everything about them"),
        "secret": ("/o/acme/endpoints/", "Make a new secret"),
    }
    for door, posted in doors(acme).items():
        screen, button = buttons.get(door.rstrip("/").rpartition("/")[2], ("", ""))
        if not screen:
            continue
        said_who_they_are(owner, acme.owner, seconds_ago=LONG_AGO)
        early = owner.get(door, follow=True)
        assert f"Nothing is done yet. Press “{button}”." in text_of(early.content.decode())
        assert "It is you" not in early.content.decode()
        owner.post(door, posted)
        owner.post(TOKENS, TYPED)
        answer = owner.post(AGAIN, {"password": PASSWORD, "next": door}, follow=True)
        assert answer.status_code == 200, door
        assert answer.redirect_chain[-1][0].startswith(screen)
        html = answer.content.decode()
        assert f"It is you: that is confirmed. Nothing is done yet. Press “{button}”." in text_of(html)
        assert button in text_of(html.replace(f"“{button}”", "")), "and there it is"
        assert door in forms_in(html)
    assert not ApiToken.objects.exists()


def test_what_was_typed_is_what_is_made(acme: Cast, owner: Client) -> None:
    owner.post(TOKENS, TYPED)
    _status, html = say(owner, PASSWORD, to=TOKENS)
    row = ApiToken.objects.get()
    assert (row.name, row.scopes) == (TYPED["name"], TYPED["scopes"])
    assert "rpl_" in html, "and shown, this once"
    assert say(owner, PASSWORD, to=TOKENS)[0] == 302
    assert ApiToken.objects.count() == 1, "to come back makes no second one"


def test_a_slip_in_the_form_comes_back_as_it_was_typed(acme: Cast, owner: Client) -> None:
    owner.post(TOKENS, {**TYPED, "scopes": []})
    status, html = say(owner, PASSWORD, to=TOKENS)
    assert status == 422
    assert forms_in(html)[TOKENS]["name"] == TYPED["name"]


def test_reading_and_what_was_just_proven_is_not_held_up(acme: Cast, owner: Client) -> None:
    assert owner.get(TOKENS).status_code == 200
    fresh = enter()
    answer = fresh.post("/accounts/login/", {"login": acme.owner.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert fresh.post(TOKENS, TYPED).status_code == 201


def test_whoever_may_not_is_told_so_and_asked_nothing(acme: Cast, neighbour: Cast) -> None:
    assert since_an_hour(acme.viewer).post(TOKENS, TYPED).status_code == 403
    assert since_an_hour(neighbour.owner).post(TOKENS, TYPED).status_code == 404


def test_whoever_has_no_password_is_not_locked_out(acme: Cast) -> None:
    acme.owner.set_unusable_password()
    acme.owner.save()
    assert since_an_hour(acme.owner).post(TOKENS, TYPED).status_code == 201


def test_a_second_factor_will_do(acme: Cast) -> None:
    acme.owner.set_unusable_password()
    acme.owner.save()
    secret = generate_totp_secret()
    TOTP.activate(acme.owner, secret)
    client = since_an_hour(acme.owner)
    asked = client.post(TOKENS, TYPED)
    assert asked["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert "Is it still you?" in text_of(client.get(asked["Location"]).content.decode())
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post("/accounts/2fa/reauthenticate/", {"code": code, "next": TOKENS}).status_code == 201
    assert ApiToken.objects.get().name == TYPED["name"]


def test_somebody_elses_word_counts_for_nothing(acme: Cast) -> None:
    client = since_an_hour(acme.owner)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(acme.viewer.pk)
    session.save()
    assert client.post(TOKENS, TYPED).status_code == 302

"""Where letters come from, in the console: what to publish, what was found, and what is said meanwhile."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from statuspage.kit import clock, names
from statuspage.organizations.models import Sender
from tests.console.browsing import enter, forms_in, text_of
from tests.makers import Cast
from tests.nameserver import Mood, NameServer

HERE = "/o/acme/sender/"


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    monkeypatch.setattr(names, "ONE_SERVER_SECONDS", 0.2)
    monkeypatch.setattr(names, "ALTOGETHER_SECONDS", 0.4)
    settings.SPF_MECHANISMS, settings.DKIM_TARGET = ("ip4:192.0.2.7",), "ripple._domainkey.ripple.example"
    with NameServer() as running:
        settings.NAMESERVERS = [running.address]
        yield running


@pytest.fixture
def owner(acme: Cast, server: NameServer) -> Client:
    return enter(acme.owner)


def later() -> None:
    Sender.objects.update(checked_at=clock.now() - timedelta(hours=3))


def test_an_address_is_claimed_proven_used_and_removed(acme: Cast, owner: Client, server: NameServer) -> None:
    server.say("acme.com", "v=spf1 mx -all")
    said = text_of(owner.post(HERE, {"address": "status@acme.com"}, follow=True).content.decode())
    assert "Below stands which records it needs" in said
    row = Sender.objects.get()
    html = owner.get(HERE).content.decode()
    for copied in (row.record_name, row.record_value, "v=spf1 mx ip4:192.0.2.7 -all", "ripple._domainkey.acme.com"):
        assert f"<code>{copied}</code>" in html, "to be copied as it is"
    assert "refused (-all), and it does not name us" in text_of(html)
    assert "_dmarc.acme.com" in html
    server.say(row.record_name, row.record_value)
    server.say("acme.com", "v=spf1 mx ip4:192.0.2.0/24 -all")
    later()
    said = text_of(owner.post(f"{HERE}acme.com/look/", follow=True).content.decode())
    assert "acme.com is proven." in said
    assert "status@acme.com In use" in said
    assert "Wait a few seconds" in text_of(owner.post(f"{HERE}acme.com/look/", follow=True).content.decode())
    said = text_of(owner.post(f"{HERE}acme.com/removal/", follow=True).content.decode())
    assert "status@acme.com is removed." in said


def test_a_silent_name_server_is_not_the_owners_fault(acme: Cast, owner: Client, server: NameServer) -> None:
    server.mood = Mood.FAILING
    said = text_of(owner.post(HERE, {"address": "status@acme.com"}, follow=True).content.decode())
    assert "Could not be looked up" in said
    assert "Wrong" not in said
    later()
    said = text_of(owner.post(f"{HERE}acme.com/look/", follow=True).content.decode())
    assert "did not answer. That says nothing about the records" in said


def test_what_was_typed_is_kept(acme: Cast, owner: Client) -> None:
    answer = owner.post(HERE, {"address": "me@gmail.com"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert forms_in(html)[HERE]["address"] == "me@gmail.com"
    assert "gmail.com belongs to a mail provider" in text_of(html)


def test_without_settings_nobody_is_promised_anything(acme: Cast, settings: Settings) -> None:
    settings.SPF_MECHANISMS, settings.DKIM_TARGET = (), ""
    said = text_of(enter(acme.owner).get(HERE).content.decode())
    assert "RIPPLE_SPF" in said
    assert "Use this address" not in said

"""A page's addresses in the console: claiming, proving, choosing, removing, and what is said meanwhile."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.pages import claiming
from statuspage.pages.models import Host
from tests.console.browsing import enter, forms_in, text_of
from tests.makers import Cast
from tests.nameserver import Mood, NameServer

NAME = "flow.acme.com"


@pytest.fixture
def server(settings: Settings) -> Iterator[NameServer]:
    with NameServer() as running:
        settings.NAMESERVERS = [running.address]
        settings.PAGES_DOMAIN = "pages.test"
        yield running


@pytest.fixture
def owner(acme: Cast, server: NameServer) -> Client:
    return enter(acme.owner)


def here(acme: Cast) -> str:
    return f"/o/acme/pages/{acme.page.public_id}/hosts/"


def screen(owner: Client, acme: Cast) -> str:
    return text_of(owner.get(here(acme)).content.decode())


def press(owner: Client, acme: Cast, noun: str) -> str:
    return text_of(owner.post(f"{here(acme)}{NAME}/{noun}/", follow=True).content.decode())


def test_a_domain_is_claimed_proven_and_made_the_main_address(acme: Cast, owner: Client, server: NameServer) -> None:
    assert owner.post(here(acme), {"name": "https://Flow.acme.com/"}).status_code == 303
    host = Host.objects.get(name=NAME)
    html = owner.get(here(acme)).content.decode()
    assert f"<code>{host.record_name}</code>" in html, "to be copied as it is"
    assert f"<code>{host.record_value}</code>" in html
    assert "Waiting for the record. We look every hour until" in text_of(html)
    assert "The record is not there yet." in press(owner, acme, "proof")
    assert "Wait a few seconds" in press(owner, acme, "proof")
    server.say(host.record_name, host.record_value)
    Host.objects.filter(pk=host.pk).update(checked_at=clock.now() - timedelta(hours=3))
    assert f"{NAME} is proven" in press(owner, acme, "proof")
    assert "Proven, checked less than a minute ago" in screen(owner, acme)
    assert f"Links lead to {NAME} from now on." in press(owner, acme, "main")
    assert f"{NAME} Main address" in screen(owner, acme)
    assert f"{NAME} is removed." in press(owner, acme, "removal")
    assert "status.acme.test Main address" in screen(owner, acme)


def test_a_silent_name_server_is_not_the_owners_fault(acme: Cast, owner: Client, server: NameServer) -> None:
    owner.post(here(acme), {"name": NAME})
    server.mood = Mood.FAILING
    assert "did not answer. That says nothing about the record" in press(owner, acme, "proof")


def test_a_name_below_the_installations_domain_is_taken_at_once(acme: Cast, owner: Client) -> None:
    address = f"/o/acme/pages/{acme.page.public_id}/subdomains/"
    refused = owner.post(address, {"label": "Not a name"})
    assert refused.status_code == 422
    assert "Use the letters a to z" in text_of(refused.content.decode())
    assert forms_in(refused.content.decode())[address]["label"] == "Not a name", "what was typed is kept"
    assert owner.post(address, {"label": "flow"}).status_code == 303
    assert "flow.pages.test Served." in screen(owner, acme)
    owner.post(f"{here(acme)}flow.pages.test/removal/")
    assert "Given up; kept for you until" in screen(owner, acme)


def test_a_refused_domain_says_why_and_keeps_what_was_typed(acme: Cast, owner: Client) -> None:
    refused = owner.post(here(acme), {"name": "127.0.0.1"})
    assert refused.status_code == 422
    assert "This is an IP address" in text_of(refused.content.decode())
    assert forms_in(refused.content.decode())[here(acme)]["name"] == "127.0.0.1"


def test_a_domain_that_another_has_is_said_to_be_taken_and_by_nobody(
    acme: Cast, neighbour: Cast, owner: Client, server: NameServer
) -> None:
    with scope(organization=neighbour.organization):
        claiming.claim(neighbour.page, NAME, by=neighbour.owner)
        Host.objects.filter(name=NAME).update(verified_at=clock.now())
    owner.post(here(acme), {"name": NAME})
    assert "Another organization here has proven this domain." in screen(owner, acme)
    host = Host.objects.get(name=NAME)
    server.say(host.record_name, host.record_value)
    said = press(owner, acme, "proof")
    assert f"another organization here has {NAME}" in said
    assert "globex" not in said.lower()


def test_trouble_is_said_with_its_dates(acme: Cast, owner: Client) -> None:
    owner.post(here(acme), {"name": NAME})
    now = clock.now()
    host = Host.objects.filter(name=NAME)
    host.update(verified_at=now, checked_at=now, missed_at=now - timedelta(days=1))
    assert "The record has been missing since" in screen(owner, acme)
    host.update(lost_at=now)
    assert "Lost: the record was missing too long. Locked to you until" in screen(owner, acme)
    host.update(verified_at=None, missed_at=None, lost_at=None, created_at=now - timedelta(days=30))
    assert "We look when you ask us to." in screen(owner, acme)
    assert "is not served" in press(owner, acme, "main")

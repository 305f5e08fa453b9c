"""Who may look, in a real browser: its own rules about cookies, origins and forms that lead elsewhere hold here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from statuspage.pages import ring_links
from statuspage.pages.audience import Audience
from tests.browser.conftest import Visitor
from tests.browser.sites import LOOK_AGAIN, Site, served
from tests.makers import Cast
from tests.visiting import PASSWORD, Rich, guard

pytestmark = pytest.mark.browser


@pytest.fixture
def site(
    transactional_db: None,
    rich: Rich,
    acme: Cast,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    """The page and the console at one port. Each request is a thread, and leaves no connection behind."""
    monkeypatch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)
    settings.PUBLISHED_DIR = tmp_path
    with served(tmp_path) as port:
        settings.PAGE_PORT, settings.CONSOLE_URL = str(port), f"http://localhost:{port}"
        yield Site(acme, tmp_path, port)


def is_sound(visitor: Visitor) -> None:
    visitor.check_widths(320, 1280)
    visitor.check_page()


def test_a_member_goes_from_the_gate_to_the_console_and_back_to_what_they_wanted(
    site: Site, rich: Rich, visitor: Visitor
) -> None:
    guard(rich.page, Audience.MEMBERS)
    page, wanted = visitor.page, f"{site.address}/incidents/{rich.known.public_id}"
    page.goto(wanted)
    is_sound(visitor)
    page.get_by_role("link", name="Log in at the console").click()
    page.get_by_label("Email").fill(site.cast.responder.email)
    page.get_by_label("Password").fill("correct horse battery")
    visitor.follow(page.get_by_role("button", name="Log in"))
    is_sound(visitor)
    visitor.follow(page.get_by_role("button", name="Go to the page"))
    is_sound(visitor)
    page.get_by_role("button", name="Open the page").click()
    expect(page).to_have_url(wanted)
    expect(page.get_by_text("You see what On-call sees.")).to_be_visible()
    is_sound(visitor)
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="This page is not for everybody")).to_be_visible()


def test_the_password_is_typed_wrong_and_then_right(site: Site, rich: Rich, visitor: Visitor) -> None:
    guard(rich.page, Audience.PASSWORD)
    page = visitor.page
    page.goto(f"{site.address}/de/history")
    for typed in ("wrong", PASSWORD):
        page.get_by_label("Passwort dieser Seite").fill(typed)
        page.get_by_role("button", name="Seite öffnen").click()
        if typed == "wrong":
            expect(page.get_by_role("alert")).to_contain_text("Das ist nicht das Passwort")
            is_sound(visitor)
    expect(page).to_have_url(f"{site.address}/de/history")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verlauf")


def test_a_ring_link_deepens_a_public_page_and_being_shut_out_shows_at_once(
    site: Site, rich: Rich, visitor: Visitor
) -> None:
    site.publish()
    page, ring = visitor.page, site.cast.organization.rings.get(key="support")
    link = ring_links.make(rich.page, ring=ring, label="Big screen", by=site.cast.owner)
    page.goto(site.address + ring_links.root_of(link))
    is_sound(visitor)
    page.get_by_role("button", name="Open the page").click()
    expect(page).to_have_url(f"{site.address}/")
    expect(page.get_by_text("note-1-canary").first).to_be_visible()
    is_sound(visitor)
    page.get_by_role("button", name="See it as the public does").click()
    expect(page.get_by_text("note-1-canary")).to_have_count(0)
    assert page.context.cookies() == []
    page.goto(site.address + ring_links.root_of(link))
    page.get_by_role("button", name="Open the page").click()
    expect(page.get_by_text("You see what Support sees.")).to_be_visible()
    ring_links.revoke(link, by=site.cast.owner)
    page.evaluate(LOOK_AGAIN)
    expect(page.get_by_text("note-1-canary")).to_have_count(0)


def test_an_admin_sets_who_may_look(site: Site, rich: Rich, visitor: Visitor) -> None:
    console, page = f"http://localhost:{site.port}", visitor.page
    visitor.log_in(console, site.cast.owner.email)
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.goto(f"{console}/o/acme/pages/{rich.page.public_id}/audience/")
    is_sound(visitor)
    expect(page.get_by_label("Networks", exact=True)).to_be_hidden()
    page.get_by_label("Whoever comes from one of these networks").check()
    page.get_by_label("Networks", exact=True).fill("nonsense")
    page.get_by_role("button", name="Save who may look").click()
    expect(page.get_by_text("“nonsense” is not a network.")).to_be_visible()
    is_sound(visitor)
    page.get_by_label("Networks", exact=True).fill("127.0.0.0/8")
    page.get_by_role("button", name="Save who may look").click()
    page.get_by_label("Who it is for").fill("Support's big screen")
    page.get_by_label("Reads as").select_option(label="Support")
    visitor.follow(page.get_by_role("button", name="Make the link"))
    is_sound(visitor)
    page.goto(page.get_by_label("Page", exact=True).input_value())
    expect(page.get_by_role("heading", name="Read this page as Support reads it?")).to_be_visible()

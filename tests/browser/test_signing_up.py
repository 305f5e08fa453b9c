"""Signing up in a real browser: found on the page, without a script too, confirmed, narrowed and left."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings

from subscribers.models import Address, SignUp
from tests.browser.conftest import Visitor
from tests.browser.sites import Site, served
from tests.engine import Engine, running_engine
from tests.makers import Cast
from tests.visiting import Rich

pytestmark = pytest.mark.browser

ANNA = "anna@x.example"


@pytest.fixture
def site(
    transactional_db: None,
    rich: Rich,
    acme: Cast,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    monkeypatch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)
    settings.PUBLISHED_DIR = tmp_path
    with served(tmp_path) as port:
        settings.PAGE_PORT = str(port)
        site = Site(acme, tmp_path, port)
        site.publish()
        yield site


@pytest.fixture
def engine(site: Site, tmp_path: Path) -> Iterator[Engine]:
    with running_engine(tmp_path) as engine:
        yield engine


def is_sound(visitor: Visitor) -> None:
    visitor.check_widths(320, 1280)
    visitor.check_page()


def link_in_newest(engine: Engine) -> str:
    engine.send()
    found = re.search(r"http://\S+", engine.to(ANNA)[-1].text)
    assert found
    return found[0]


def test_somebody_signs_up_for_one_service_and_leaves_with_one_click(
    site: Site, rich: Rich, engine: Engine, visitor: Visitor
) -> None:
    page = visitor.page
    page.goto(site.address)
    visitor.follow(page.get_by_role("link", name="Get updates"))
    is_sound(visitor)
    expect(page.get_by_label("Phone number")).to_be_hidden()
    expect(page.get_by_role("radio")).to_have_count(0)
    page.get_by_label("E-mail address").fill(ANNA)
    page.get_by_text("Only some services").click()
    page.get_by_label("Only the services I choose").check()
    page.get_by_role("searchbox", name="Find a service").fill("check")
    expect(page.get_by_label("Acme cards")).to_be_hidden()
    page.get_by_label("Acme checkout").check()
    is_sound(visitor)
    visitor.follow(page.get_by_role("button", name="Sign up"))
    is_sound(visitor)
    page.goto(link_in_newest(engine))
    is_sound(visitor)
    visitor.follow(page.get_by_role("button", name="Start the updates"))
    is_sound(visitor)
    page.get_by_role("link", name="Change what to hear of").click()
    expect(page.get_by_label("Acme checkout")).to_be_checked()
    page.get_by_label("When something is wrong").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    is_sound(visitor)
    visitor.follow(page.get_by_role("link", name="Stop all messages"))
    is_sound(visitor)
    visitor.follow(page.get_by_role("button", name="Stop all messages"))
    is_sound(visitor)
    assert Address.objects.get().stopped_at is not None
    assert visitor.troubles == []


def test_it_works_without_a_script_and_keeps_what_was_typed(site: Site, rich: Rich, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/incidents/{rich.known.public_id}")
    page.get_by_role("link", name="Follow this incident").click()
    page.get_by_text("By SMS, in a chat room").click()
    page.get_by_label("SMS", exact=True).check()
    page.get_by_label("Phone number").fill("0151")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_contain_text("not a phone number")
    expect(page.get_by_label("Phone number")).to_have_value("0151")
    page.get_by_label("E-mail", exact=True).check()
    page.get_by_label("E-mail address").fill(ANNA)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    assert SignUp.objects.get().choice["only_incident"] == rich.known.public_id
    context.close()


def test_most_type_an_address_and_press_the_only_button(site: Site, rich: Rich, chromium: Browser) -> None:
    """On a phone, without a script: both stand in the first screen, and everything else is folded."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{site.address}/subscribe")
    button = page.get_by_role("button")
    expect(button).to_have_count(1)
    expect(button).to_be_in_viewport()
    for hidden in ("radio", "checkbox", "combobox"):
        expect(page.get_by_role(hidden)).to_have_count(0)
    page.get_by_label("E-mail address").fill(ANNA)
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    choice = SignUp.objects.get().choice
    assert (choice["services"], choice["is_for_incidents"], choice["is_for_maintenance"]) == (None, True, True)
    context.close()


def test_what_was_unfolded_is_still_so_when_something_was_wrong(site: Site, rich: Rich, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(f"{site.address}/subscribe")
    page.get_by_text("Only some services").click()
    page.get_by_label("When maintenance is planned").uncheck()
    page.get_by_label("E-mail address").fill("anna")
    page.locator("form.subscribe").evaluate("(form) => form.noValidate = true")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_have_value("anna")
    expect(page.get_by_label("E-mail address")).to_have_accessible_description(re.compile("not an e-mail address"))
    expect(page.get_by_label("When maintenance is planned")).not_to_be_checked()
    expect(page.get_by_label("When maintenance is planned")).to_be_visible()
    expect(page.get_by_label("SMS", exact=True)).to_be_hidden()
    page.set_viewport_size({"width": 360, "height": 640})
    is_sound(visitor)

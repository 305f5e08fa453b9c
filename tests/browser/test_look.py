"""An owner makes a page theirs in a real browser, and visitors see it: readable in light and in dark."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from statuspage.pages import pictures, styling
from statuspage.pages.models import PageImage
from tests.browser.conftest import Visitor
from tests.browser.sites import LOOK_AGAIN, Site, served
from tests.makers import Cast, open_incident, outage, picture, resolve

pytestmark = pytest.mark.browser
YELLOW = "#ffd200"
COLOUR_OF_LINKS = "getComputedStyle(document.querySelector('main a:not(.button)')).color"


@pytest.fixture
def site(transactional_db: None, acme: Cast, settings: Settings, tmp_path: Path) -> Iterator[Site]:
    settings.PUBLISHED_DIR = tmp_path
    with served(tmp_path) as port:
        yield Site(acme, tmp_path, port)


def test_a_colour_is_chosen_before_ones_eyes(acme: Cast, live_server: LiveServer, visitor: Visitor) -> None:
    page, screen = visitor.page, f"{live_server.url}/o/acme/pages/{acme.page.public_id}"
    visitor.log_in(live_server.url, acme.owner.email)
    page.goto(f"{screen}/look/")
    light, dark = (page.frame_locator("iframe").nth(place) for place in (0, 1))
    expect(light.get_by_role("heading", level=1)).to_contain_text("All services are operating normally")
    visitor.check_page()

    page.get_by_label("Colour", exact=True).fill(YELLOW)
    expect(page.get_by_text("We darkened it to #836b00.")).to_be_visible()
    expect(light.locator(".mark")).to_have_css("background-color", "rgb(131, 107, 0)")
    expect(dark.locator(".mark")).to_have_css("background-color", "rgb(255, 210, 0)")
    expect(light.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(dark.locator("body")).to_have_css("background-color", "rgb(14, 17, 22)")
    light.get_by_role("link", name="All past incidents").click()
    expect(light.get_by_role("heading", level=1)).to_be_visible()
    assert ["Blocked opening" in trouble for trouble in visitor.troubles] == [True], "links lead nowhere"
    visitor.troubles.clear()

    page.get_by_label("Pick: Colour in the dark").fill("#00ffaa")
    expect(page.get_by_label("Colour in the dark", exact=True)).to_have_value("#00ffaa")
    expect(dark.locator(".mark")).to_have_css("background-color", "rgb(0, 255, 170)")
    page.get_by_role("button", name="Save the colours").click()
    expect(page.get_by_text("Saved. Visitors see it in a moment.")).to_be_visible()

    page.get_by_role("link", name="Texts").click()
    page.get_by_label("Introduction").fill("We are **here** for you.")
    expect(light.locator("strong", has_text="here")).to_be_visible()
    page.get_by_label("Time zone").fill("berlin")
    page.get_by_role("button", name="Save the texts").click()
    expect(page.get_by_text("Did you mean Europe/Berlin?")).to_be_visible()
    expect(page.get_by_label("Introduction")).to_have_value("We are **here** for you.")
    visitor.check_page()
    visitor.check_widths(320, 768)


def test_a_page_with_a_yellow_accent_and_a_black_logo_is_readable(site: Site, visitor: Visitor) -> None:
    cast, page = site.cast, visitor.page
    links = [{"label": "Imprint", "url": "https://acme.test/imprint"}]
    words = {"intro": "Read [this](https://acme.test/) first.", "support_url": "https://acme.test/", "links": links}
    styling.restyle(cast.page, {"accent": YELLOW, **words}, by=cast.owner)
    give(cast, PageImage.Kind.LOGO, picture(480, 96, "black"))
    incident = open_incident(cast, body="See [that](https://acme.test/).", services=outage(cast.cards))
    site.publish()
    for path, width in (("/", 320), (f"/incidents/{incident.public_id}", 320), ("/", 1280)):
        page.goto(site.address + path)
        visitor.check_widths(width)
        visitor.check_page()
    expect(page.get_by_role("img", name="Acme status")).to_be_visible()
    assert page.evaluate(COLOUR_OF_LINKS) == "rgb(131, 107, 0)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(COLOUR_OF_LINKS) == "rgb(255, 210, 0)"


def test_the_tab_changes_from_the_owners_icon_to_the_states_and_back(site: Site, visitor: Visitor) -> None:
    cast, page = site.cast, visitor.page
    icon, owners = page.locator("link[rel=icon]"), re.compile(r"^/assets/icon\.[0-9a-f]{12}\.png$")
    give(cast, PageImage.Kind.FAVICON, picture(64, 64))
    site.publish()
    page.goto(site.address)
    expect(icon).to_have_attribute("href", owners)
    incident = open_incident(cast, body="Cards fail.", services=outage(cast.cards))
    site.publish()
    page.evaluate(LOOK_AGAIN)
    expect(icon).to_have_attribute("href", re.compile("^data:image/svg"))
    resolve(cast, incident)
    site.publish()
    page.evaluate(LOOK_AGAIN)
    expect(icon).to_have_attribute("href", owners)
    assert visitor.troubles == []


def give(cast: Cast, kind: PageImage.Kind, upload: bytes) -> None:
    read = pictures.icon if kind is PageImage.Kind.FAVICON else pictures.logo
    styling.give_picture(cast.page, kind, read(upload), by=cast.owner)

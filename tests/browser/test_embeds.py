"""What stands on somebody else's site: seen only while something is wrong, in nobody's way, and back to the page."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import IN_FORCED_COLOURS, Visitor
from tests.browser.sites import Foreign, Site, foreign
from tests.browser.worlds import Worlds
from tests.makers import open_incident, outage, post, resolve

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifts.push(value);
}).observe({ type: 'layout-shift', buffered: true });
"""
FOCUSED = "(document.activeElement.shadowRoot || document).activeElement"


@pytest.fixture
def shop(worlds: Worlds) -> Iterator[Foreign]:
    """Trusts the page that is in trouble."""
    with foreign(worlds["trouble"].address) as shop:
        yield shop


def notice_of(address: str, attributes: str = "") -> str:
    return f'<script src="{address}/embed/notice.js" async {attributes}></script>'


def walk(page: Page, steps: int) -> list[str]:
    """Where Tab leads from the top of the document."""
    found = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        found.append(page.evaluate(f"{FOCUSED}.id || {FOCUSED}.tagName"))
    return found


def test_a_notice_comes_with_trouble_and_goes_with_it(site: Site, visitor: Visitor) -> None:
    site.publish()
    page = visitor.page
    notice = page.get_by_role("region", name="Status: Acme status")
    with foreign(site.address) as shop:
        shop.body = notice_of(site.address)
        page.add_init_script(SHIFTS)
        page.clock.install()
        with page.expect_response("**/embed/notice.json"):
            page.goto(shop.address)
        expect(page.locator("ripple-notice")).to_have_count(0)
        assert walk(page, 4) == ["first", "buy", "last", "BODY"]

        incident = open_incident(site.cast, body="Cards fail.", services=outage(site.cast.cards))
        site.publish()
        page.locator("#buy").focus()
        page.clock.fast_forward("01:10")
        expect(notice).to_contain_text("Trouble with payments since")
        expect(notice.get_by_role("status")).to_contain_text("Next update by")
        expect(notice.get_by_role("link")).to_have_attribute(
            "href", f"http://status.acme.test/incidents/{incident.public_id}"
        )
        expect(page.locator("#buy")).to_be_focused()
        assert page.evaluate("window.shifts") == []
        assert walk(page, 3) == ["last", "A", "BUTTON"]

        page.keyboard.press("Enter")
        expect(notice).to_have_count(0)
        expect(page.locator("#last")).to_be_focused()
        page.reload()
        page.clock.fast_forward("02:10")
        expect(notice).to_have_count(0)

        post(site.cast, incident, "We know why.")
        site.publish()
        page.clock.fast_forward("01:10")
        expect(notice).to_be_visible()

        resolve(site.cast, incident)
        site.publish()
        page.clock.fast_forward("01:10")
        expect(notice).to_have_count(0)
        assert page.evaluate("window.shifts") == []
        assert visitor.troubles == []


def test_the_notice_is_sound_whatever_surrounds_it(shop: Foreign, worlds: Worlds, visitor: Visitor) -> None:
    """Its own look and axe's approval in the middle of rules that would ruin it, at a phone's width too."""
    shop.body = notice_of(worlds["trouble"].address) * 2
    page = visitor.page
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(shop.address)
        section = page.locator("ripple-notice section")
        expect(section).to_contain_text("Trouble with payments since")
        expect(page.locator("ripple-notice")).to_have_count(1)
        box = section.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 700
        style = section.locator("button").evaluate(
            "(one) => ['position', 'margin', 'font-family'].map((name) => getComputedStyle(one).getPropertyValue(name))"
        )
        assert style == ["absolute", "0px", "system-ui"]
        visitor.check_look(IN_FORCED_COLOURS, part="ripple-notice")
        visitor.check_page()
    assert page.locator("ripple-notice").evaluate("(one) => one.getRootNode().cookie") == ""
    assert page.context.cookies() == []


def test_at_the_top_it_comes_first(shop: Foreign, worlds: Worlds, visitor: Visitor) -> None:
    shop.body = notice_of(worlds["trouble"].address, 'data-position="top"')
    visitor.page.goto(shop.address)
    section = visitor.page.locator("ripple-notice section")
    expect(section).to_be_visible()
    box = section.bounding_box()
    assert box
    assert box["y"] < 40
    assert walk(visitor.page, 3) == ["A", "BUTTON", "first"]


def test_it_steps_aside_for_whatever_has_the_focus(shop: Foreign, worlds: Worlds, visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 600, "height": 300})
    shop.body = notice_of(worlds["trouble"].address)
    visitor.page.goto(shop.address)
    section = visitor.page.locator("ripple-notice section")
    expect(section).to_be_visible()
    visitor.page.locator("#last").focus()
    expect(section.locator("xpath=..")).to_have_class("top")
    focused, ours = visitor.page.locator("#last").bounding_box(), section.bounding_box()
    assert focused
    assert ours
    assert ours["y"] + ours["height"] <= focused["y"]


@pytest.mark.parametrize(
    ("state", "attributes", "words"),
    [
        ("calm", "", ""),
        ("trouble", "", "and 1 more incident. Next update by"),
        ("trouble", 'data-services="{checkout}"', "^.Strange mails since ((?!more).)*$"),
        ("works", "", "Maintenance until .*: Database upgrade."),
        ("works", 'data-maintenance="off"', ""),
        ("works", 'data-services="{cards}"', "Database upgrade"),
        ("works", 'data-services="{checkout}"', ""),
        ("bilingual", 'data-language="de"', "Nächste Meldung bis"),
        ("bilingual", 'data-language="fr"', "Next update by"),
    ],
)
def test_a_site_hears_of_what_concerns_it(
    worlds: Worlds, looker: Visitor, state: str, attributes: str, words: str
) -> None:
    world = worlds[state]
    ids = {name: getattr(world.cast, name).public_id for name in ("checkout", "cards", "api")}
    with foreign(world.address) as shop:
        shop.body = notice_of(world.address, attributes.format(**ids))
        with looker.page.expect_response("**/embed/notice.json"):
            looker.page.goto(shop.address)
        if words:
            expect(looker.page.locator("ripple-notice p")).to_have_text(re.compile(words))
        else:
            looker.page.wait_for_timeout(200)
            expect(looker.page.locator("ripple-notice")).to_have_count(0)
    assert looker.troubles == []


def test_a_browser_that_cannot_show_it_does_nothing(shop: Foreign, worlds: Worlds, visitor: Visitor) -> None:
    visitor.page.add_init_script("delete Element.prototype.attachShadow")
    shop.body = notice_of(worlds["trouble"].address)
    visitor.page.goto(shop.address)
    visitor.page.wait_for_load_state("networkidle")
    expect(visitor.page.locator("ripple-notice")).to_have_count(0)
    assert visitor.troubles == []


def test_a_status_page_that_is_away_is_nobodys_trouble(shop: Foreign, worlds: Worlds, visitor: Visitor) -> None:
    visitor.page.route("**/embed/notice.json", lambda route: route.fulfill(status=404, body="<h1>Nothing</h1>"))
    shop.body = notice_of(worlds["trouble"].address)
    visitor.page.goto(shop.address)
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.troubles == []


@pytest.mark.parametrize(("query", "edges"), [("", ("bottom", "left")), ("?position=top-right", ("top", "right"))])
def test_the_frame_is_there_while_something_is_wrong(
    shop: Foreign, worlds: Worlds, visitor: Visitor, query: str, edges: tuple[str, str]
) -> None:
    page, address = visitor.page, worlds["trouble"].address
    shop.body = f'<script src="{address}/embed/script.js{query}"></script>'
    page.goto(shop.address)
    frame = page.locator("iframe")
    expect(frame).to_be_visible()
    expect(frame).to_have_attribute("title", "Status: Trouble status")
    box = frame.bounding_box()
    assert box
    assert (box["y"] < 40, box["x"] > 640) == (edges[0] == "top", edges[1] == "right")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_text("Trouble with payments since")).to_be_visible()
    expect(inside.get_by_role("link")).to_have_attribute("target", "_blank")
    if not query:
        visitor.check_page()
        visitor.check_page(page.frames[1])

    inside.get_by_role("button", name="Dismiss").click()
    expect(frame).to_be_hidden()
    page.locator("#last").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.reload()
    expect(inside.get_by_text("Trouble with payments since")).to_have_count(1)
    expect(frame).to_be_hidden()
    assert visitor.troubles == []


def test_a_frame_that_says_nothing_cannot_be_reached(worlds: Worlds, visitor: Visitor) -> None:
    address = worlds["calm"].address
    with foreign(address) as shop:
        shop.body = f'<script src="{address}/embed/script.js"></script>'
        visitor.page.goto(shop.address)
        expect(visitor.page.frame_locator("iframe").locator("p")).to_contain_text(
            "All services are operating normally."
        )
        expect(visitor.page.locator("iframe")).to_be_hidden()
        assert walk(visitor.page, 4) == ["first", "buy", "last", "BODY"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_line_of_state_takes_the_sites_scheme(worlds: Worlds, looker: Visitor, theme: str) -> None:
    looker.page.goto(f"{worlds['trouble'].address}/embed/status?theme={theme}")
    dark = looker.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 17, 22)"
    assert dark is (theme == "dark")
    looker.check_page(looker.page.main_frame)


def test_scripts_for_statuspage_only_change_their_address(shop: Foreign, worlds: Worlds, visitor: Visitor) -> None:
    address = worlds["trouble"].address
    shop.body = f'<script src="{address}/embed/se-v2.js"></script>'
    visitor.page.goto(shop.address)

    def ask(call: str) -> str:
        success, error = "(found) => done(Object.keys(found).join())", "(error) => done(error.message)"
        hooks = f"const hooks = {{ success: {success}, error: {error} }}"
        made = "const page = new StatusPage.page({ page: 'kctbh9vrtdwd' })"
        return str(visitor.page.evaluate(f"new Promise((done) => {{ {hooks}; {made}; page.{call} }})"))

    assert ask("summary(hooks)") == "page,components,incidents,scheduled_maintenances,status"
    assert ask("status(hooks)") == "page,status"
    assert ask("components(hooks)") == "page,components"
    assert ask("incidents({ filter: 'unresolved', ...hooks })") == "page,incidents"
    assert ask("scheduled_maintenances({ filter: 'active', ...hooks })") == "page,scheduled_maintenances"
    assert ask("get('nonsense', hooks)") == "The status page cannot be reached."
    assert "reads, subscribes" in ask("post('incidents', hooks)")
    wanted = "subscribe({ email: 'a+b@x.example', component_ids: ['one', 'two'], ...hooks })"
    with visitor.page.expect_request("**/api/v2/subscribers.json") as sent:
        ask(wanted)
    assert (sent.value.method, parse_qs(sent.value.post_data or "")) == (
        "POST",
        {"subscriber[email]": ["a+b@x.example"], "subscriber[component_ids][]": ["one", "two"]},
    )

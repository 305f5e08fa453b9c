"""Every public page, in every state, for every reader.

Small and wide windows, light and dark, forced colours, twice the size, on paper, by keyboard alone, without a script,
without motion.
"""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import IN_FORCED_COLOURS, LOOKS, WIDER_THAN_THE_WINDOW, Visitor
from tests.browser.worlds import Worlds

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIGHT, DARK = LOOKS
PAGES = {
    "calm": ("calm", "/"),
    "trouble": ("trouble", "/"),
    "maintenance": ("works", "/"),
    "long names": ("long", "/"),
    "no services": ("bare", "/"),
    "German": ("bilingual", "/de"),
    "incident": ("trouble", "/incidents/{incident}"),
    "long incident": ("long", "/incidents/{incident}"),
    "work": ("works", "/incidents/{incident}"),
    "history": ("calm", "/history"),
    "month": ("calm", "/history/{month}"),
    "data": ("calm", "/data"),
    "not found": ("calm", "/nothing"),
    "frame": ("trouble", "/embed/frame?closable"),
    "line of state": ("calm", "/embed/status"),
}
# Half of 1280 is what a window of 1280 holds at 200 %.
WIDTHS = (320, 640, 768, 1280)


def open_page(page: Page, worlds: Worlds, name: str) -> None:
    state, path = PAGES[name]
    world = worlds[state]
    page.goto(world.address + path.format(incident=world.incident, month=world.month))


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})


@pytest.mark.parametrize("name", PAGES)
def test_it_is_sound_in_every_window(worlds: Worlds, looker: Visitor, name: str) -> None:
    page = looker.page
    open_page(page, worlds, name)
    frame = page.main_frame if "embed" in page.url else None
    for width, look in ((320, LIGHT), (768, IN_FORCED_COLOURS), (1280, DARK)):
        resize(page, width)
        looker.check_look(look, frame)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        for width in WIDTHS:
            resize(page, width)
            assert not page.evaluate(WIDER_THAN_THE_WINDOW), (width, media)
    assert looker.troubles == []


# The page's script, where it has one, has looked whether there is something newer, and changes nothing for now.
LOOKED = """() => {
  const told = document.getElementById('freshness'), words = document.body.dataset.confirmed;
  return !told || told.textContent.startsWith(words.split('{ago}')[0]);
}"""
# What can have the focus, in the order of the document: nothing that is not shown.
REACHABLE = """
window.reachable = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter((one) => one.checkVisibility({ checkVisibilityCSS: true }) && !one.disabled);
window.reachable.length
"""
# Where the focus is: which of them, how it is marked, where it stands, and whether anything lies over it.
HERE = """(() => {
  const one = document.activeElement, [box] = one.getClientRects(), style = getComputedStyle(one);
  const middle = [box.left + Math.min(box.width, innerWidth) / 2, box.top + box.height / 2];
  const top = document.elementFromPoint(...middle);
  return {
    place: reachable.indexOf(one), words: one.textContent.trim().slice(0, 40), width: box.width,
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    top: box.top + scrollY, bottom: box.bottom + scrollY, isClear: one.contains(top) || top?.contains(one),
  };
})()"""


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_everything_in_the_order_it_is_read(worlds: Worlds, visitor: Visitor, name: str) -> None:
    page = visitor.page
    open_page(page, worlds, name)
    page.wait_for_function(LOOKED)
    number = page.evaluate(REACHABLE)
    walked: list[dict[str, Any]] = []
    for _ in range(number):
        page.keyboard.press("Tab")
        walked.append(page.evaluate(HERE))
    assert [step["place"] for step in walked] == list(range(number))
    for step in walked:
        assert step["outline"] >= 2, step
        assert step["isClear"], step
    for before, after in pairwise(walked[1:]):  # the link to skip with, the first, stands above everything
        assert after["bottom"] > before["top"], (before, after)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body"), "nothing else can have the focus"


def test_enter_and_space_open_what_is_folded(worlds: Worlds, visitor: Visitor) -> None:
    page = visitor.page
    open_page(page, worlds, "trouble")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    for folded in (page.locator("details.group"), page.locator("details.scale").first):
        is_open = folded.evaluate("(one) => one.open")
        for key in ("Enter", "Space"):
            is_open = not is_open
            folded.locator("summary").first.press(key)
            expect(folded).to_have_js_property("open", is_open)


@pytest.mark.parametrize(("wish", "moving"), [("no-preference", 1), ("reduce", 0)])
def test_nothing_moves_for_who_does_not_want_it(worlds: Worlds, looker: Visitor, wish: Any, moving: int) -> None:
    looker.page.emulate_media(reduced_motion=wish)
    open_page(looker.page, worlds, "calm")
    opened = "document.querySelector('details.group > summary').click(), document.body.offsetHeight"
    assert looker.page.evaluate(f"{opened}, document.getAnimations().length") == moving


def test_everything_is_told_without_a_script(worlds: Worlds, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    for name in PAGES:
        open_page(page, worlds, name)
        assert not page.evaluate(WIDER_THAN_THE_WINDOW), name
        if "embed" not in page.url:
            expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)

    open_page(page, worlds, "calm")
    expect(page.locator(".headline")).to_contain_text("As of")
    open_page(page, worlds, "trouble")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Trouble with payments since")
    expect(page.get_by_text("Next update by").first).to_be_visible()
    expect(page.locator("footer")).to_contain_text("As of")
    page.locator("details.scale summary").first.click()
    expect(page.get_by_text("partial outage for").first).to_be_visible()
    context.close()


def test_paper_holds_the_words_and_none_of_the_buttons(worlds: Worlds, looker: Visitor) -> None:
    open_page(looker.page, worlds, "trouble")
    looker.page.emulate_media(media="print")
    expect(looker.page.get_by_text("Cards fail.")).to_be_visible()
    for hidden in (".skip", ".relative"):
        expect(looker.page.locator(hidden).first).to_be_hidden()

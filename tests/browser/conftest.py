"""A real Chromium, and a visitor who notices what is wrong with a page: axe's findings, errors, CSP reports."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, ConsoleMessage, Frame, Locator, Page, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from statuspage.kit import clock
from tests.browser.sites import Site, served
from tests.browser.worlds import Worlds, build
from tests.makers import PASSWORD, Cast
from tooling.system import require

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.test 127.0.0.1",
]
REPORT = "document.addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective))"
# Chromium says this of every answer that is not a success; which of those were meant is the test's business.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


EVERYTHING = {"resultTypes": ["violations"]}
IN_A_FRAME = {**EVERYTHING, "rules": {"page-has-heading-one": {"enabled": False}}}
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > innerWidth"
LOOKS = ({"color_scheme": "light"}, {"color_scheme": "dark"})
IN_FORCED_COLOURS = {"color_scheme": "dark", "forced_colors": "active"}


@dataclass
class Visitor:
    """One browser window. `troubles` is what a developer would see in its console."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(REPORT)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.troubles.append(message.text)

    def log_in(self, console: str, email: str) -> None:
        self.page.goto(f"{console}/accounts/login/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.follow(self.page.get_by_role("button", name="Log in"))

    def follow(self, leading: Locator) -> None:
        """Clicks what leads to another page, and waits until that is there with its styles.

        A bare click returns while the old page may still stand: what is measured next would be either of the two.
        """
        with self.page.expect_navigation():
            leading.click()

    def check_widths(self, *widths: int) -> None:
        """Nobody has to scroll sideways in windows so many pixels wide."""
        self.page.wait_for_load_state()
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            assert not self.page.evaluate(WIDER_THAN_THE_WINDOW), (self.page.url, width)

    def check_page(self, frame: Frame | None = None) -> None:
        """Nothing for axe to find in light or in dark, and nothing in the browser's console so far.

        `frame` is one in the page. What stands in a frame needs no heading: it is a part of another page.
        """
        self.page.wait_for_load_state()
        for look in LOOKS:
            self.check_look(look, frame)
        self.page.emulate_media(color_scheme="light")
        assert self.troubles == [], self.page.url

    def check_look(self, look: Mapping[str, str], frame: Frame | None = None, *, part: str = "html") -> None:
        """`look` is what a reader's system asks for, as Playwright calls it; `part`, a selector, what is looked at."""
        self.page.emulate_media(**cast(Any, {"reduced_motion": "reduce", "forced_colors": "none", **look}))
        where = frame or self.page
        if not where.evaluate("'axe' in window"):
            where.evaluate(AXE_SCRIPT)
        asked = [part, IN_A_FRAME if frame else EVERYTHING]
        found = AxeResults(where.evaluate("([part, options]) => axe.run(part, options)", asked))
        assert found.violations_count == 0, f"{where.url}, {look}\n{found.generate_report()}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = require("chromium")
    # Playwright keeps an event loop in this thread, and Django would refuse to be called beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Visitor]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield Visitor(context.new_page())
    context.close()


@pytest.fixture(scope="session")
def only_window(chromium: Browser) -> Iterator[Visitor]:
    context = chromium.new_context()
    context.set_default_timeout(10_000)
    yield Visitor(context.new_page())
    context.close()


@pytest.fixture
def looker(only_window: Visitor) -> Iterator[Visitor]:
    """A visitor who only looks at published pages and asks for nothing to be done to the window itself.

    All of them share one: a new window is a new process, in which axe is compiled anew, and costs a second. Who walks
    with the keyboard needs one of their own: what Tab has led out of a page is not back with the next one.
    """
    page, unset = only_window.page, "null"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(**cast(Any, dict.fromkeys(("media", "color_scheme", "reduced_motion", "forced_colors"), unset)))
    only_window.troubles.clear()
    yield only_window
    page.goto("about:blank")
    assert page.context.cookies() == [], "whoever only looks is given nothing to keep"


@pytest.fixture
def worlds(published_worlds: Worlds, db: None) -> Worlds:
    """Pages to look at, by state. `db` only says that there must be one; nothing of them is in it any more."""
    return published_worlds


@pytest.fixture(scope="session")
def published_worlds(
    chromium: Browser,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Worlds]:
    root: Path = tmp_path_factory.mktemp("worlds")
    with served(root) as port:
        with django_db_blocker.unblock():
            found = build(root, port)
        yield found


@pytest.fixture
def site(transactional_db: None, acme: Cast, settings: Settings, tmp_path: Path) -> Iterator[Site]:
    """A page on which something is going to happen."""
    settings.PUBLISHED_DIR = tmp_path
    with served(tmp_path) as port:
        site = Site(acme, tmp_path, port)
        site.confirm(clock.now())
        yield site

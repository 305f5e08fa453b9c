"""A real Chromium, and a visitor who notices what is wrong with a page: axe's findings, errors, CSP reports."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.makers import PASSWORD
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
        self.page.get_by_role("button", name="Log in").click()

    def check_page(self) -> None:
        """Nothing for axe to find in light or in dark, and nothing in the browser's console so far."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=cast(Any, scheme), reduced_motion="reduce")
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{self.page.url}, {scheme}\n{found.generate_report()}"
        self.page.emulate_media(color_scheme="light")
        assert self.troubles == [], self.page.url


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

"""The main job in a real browser: log in, open from a template, post, watch the counts move, resolve."""

import re
import time
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from statuspage.organizations.models import PlanCell
from tests.browser.conftest import Visitor
from tests.makers import Cast, make_person, make_subscribers
from tests.processes import Processes

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MANY = 600


@pytest.fixture
def people(acme: Cast) -> None:
    make_person(acme.organization, "otto@acme.test", "+4915100000009", ring="on_call", name="Otto")
    for ring in ("support", "execs", "employees"):
        make_person(acme.organization, f"{ring}@acme.test", ring=ring)
    make_subscribers(acme.page, MANY)
    PlanCell.objects.update(delay="0")  # nobody waits for a test


class PublicPage:
    """What a visitor without a browser reads."""

    def __init__(self, cast: Cast, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self.host = f"status.{cast.organization.slug}.test"

    def follows(self, words: str, *, within: float = 2.0) -> None:
        began = time.monotonic()
        while words not in self._read():
            assert time.monotonic() - began < within, f"{words!r} is not on the page after {within} s"
            time.sleep(0.05)

    def _read(self) -> str:
        with urlopen(Request(self.address, headers={"Host": self.host}), timeout=5) as answer:
            return str(answer.read().decode())


def test_from_login_to_resolved(acme: Cast, people: None, processes: Processes, visitor: Visitor) -> None:
    processes.environment["RIPPLE_PAGE_PORT"] = str(processes.port)
    processes.start("serve", "dispatch", "inner", "bulk")
    page, console = visitor.page, f"http://localhost:{processes.port}"
    public = PublicPage(acme, processes.port)
    wait_for(console)

    page.goto(console)
    visitor.check_page()
    visitor.log_in(console, "commander@acme.test")
    expect(page.get_by_role("heading", name="No incidents yet")).to_be_visible()
    visitor.check_page()

    page.keyboard.press("n")
    visitor.check_page()
    page.get_by_role("link", name="Payments").click()
    expect(page.locator(".preview")).to_have_count(5)
    page.get_by_text("Choose the services").click()
    page.get_by_label("Acme checkout").select_option("partial_outage")
    expect(page.locator("#preview-opening-customers")).to_contain_text(f"{MANY} by e-mail")
    visitor.check_page()

    page.get_by_label("What customers read").fill("A SEV1: payments fail.")
    expect(page.get_by_text("Customers would read “SEV1”")).to_be_visible()
    page.get_by_label("What customers read").fill("Some payments fail. We are on it.")
    expect(page.get_by_text("Customers would read")).to_have_count(0)
    page.get_by_role("button", name="Post to page, tell 5 rings now").click()
    public.follows("Some payments fail. We are on it.")

    customers = page.get_by_role("row", name=re.compile("^Customers"))
    expect(page.get_by_role("heading", name="Payments are failing")).to_be_visible()
    expect(customers).to_contain_text("Told in", timeout=60_000)
    expect(customers.get_by_role("cell").last).to_have_text(str(MANY))
    expect(page.locator("#timeline")).to_contain_text(f"Customers told for the first time: {MANY}")
    visitor.check_page()

    words = page.get_by_label("What customers read").first
    words.fill("It is the gateway.")
    page.reload()
    expect(page.get_by_text("Your unsent words are back.")).to_be_visible()
    words.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("It is the gateway.")
    public.follows("It is the gateway.")
    expect(page.get_by_text("Your unsent words are back.")).to_have_count(0)

    page.get_by_role("heading", name="Resolve").click()
    expect(page.locator("#previews-resolve .preview")).to_have_count(5)
    visitor.check_page()
    page.locator("#go-resolve").click()
    expect(page.locator("#head")).to_contain_text("Resolved")
    public.follows("All services are operating normally")
    expect(customers).to_contain_text("Heard the end", timeout=60_000)
    visitor.check_page()

    for path in ("incidents/", "maintenance/", "maintenance/new", "services/", "people/", "people/?ring=customers"):
        page.goto(f"{console}/o/acme/{path}")
        visitor.check_page()
    page.goto(f"{console}/o/acme/pages/{acme.page.public_id}/embeds/")
    expect(page.frame_locator("iframe").first.get_by_role("link")).to_contain_text("operating normally")
    visitor.check_page()
    page.goto(f"http://{public.host}:{processes.port}/")
    visitor.check_page()
    assert len({caught.to for caught in processes.caught()}) == MANY + 5


def wait_for(address: str) -> None:
    """Until the server answers."""
    end = time.monotonic() + 30
    while True:
        try:
            urlopen(address, timeout=5).close()
        except OSError:
            assert time.monotonic() < end, f"{address} does not answer"
            time.sleep(0.1)
        else:
            return

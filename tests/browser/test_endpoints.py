"""The screens of endpoints in a real browser: added, tried out, failing, switched off; narrow and wide."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from statuspage.demo.sinks import HttpSink
from statuspage.organizations.plan import Channel
from subscribers import endpoints
from tests.browser.conftest import Visitor
from tests.makers import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def sink(tmp_path: Path, settings: Settings) -> Iterator[HttpSink]:
    with HttpSink(ledger=tmp_path / "ledger.jsonl") as running:
        settings.SINK = running.place
        yield running


def look(visitor: Visitor) -> None:
    """Nothing for axe, no scrolling sideways, wide and narrow."""
    visitor.check_page()
    visitor.check_widths(360, 1280)


def test_an_owner_adds_an_endpoint_and_sees_how_it_is(
    acme: Cast, live_server: LiveServer, visitor: Visitor, sink: HttpSink
) -> None:
    page = visitor.page
    visitor.log_in(live_server.url, acme.owner.email)
    page.goto(f"{live_server.url}/o/acme/endpoints/")
    look(visitor)
    visitor.follow(page.get_by_role("link", name="Add an endpoint"))
    look(visitor)
    page.get_by_label("Its address").fill("https://hooks.acme.example/status")
    page.get_by_label("Name").fill("Ticket system")
    page.get_by_label("Ring").select_option(label="Support")
    page.get_by_role("button", name="Add the endpoint").click()
    page.get_by_role("heading", name="Its secret, shown this once").wait_for()
    look(visitor)
    page.get_by_role("button", name="Send a test message").click()
    page.get_by_text("The other side took the test message.").wait_for()
    ring = acme.organization.rings.get(key="customers")
    slack = "https://hooks.slack.com/services/T0/B0/missing"
    row = endpoints.add(acme.organization, "#status", channel=Channel.SLACK, url=slack, ring=ring, by=acme.owner)
    endpoints.switch_off(row.endpoint, because="the other side says this address is no more (404)", by=None)
    page.goto(f"{live_server.url}/o/acme/endpoints/")
    look(visitor)
    page.get_by_role("link", name="#status").click()
    page.get_by_role("button", name="Switch it on").wait_for()
    look(visitor)

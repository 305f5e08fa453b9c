"""The page as visitors see it, from the published files alone: no Django, no database behind it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings

from incidents.models import Incident
from statuspage import publishing
from statuspage.front import Front
from tests.browser.conftest import Visitor
from tests.makers import Cast, open_incident, outage, post, resolve

LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > innerWidth"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Site:
    cast: Cast
    address: str

    def publish(self) -> None:
        assert publishing.publish(self.cast.page.pk)


@pytest.fixture
def site(transactional_db: None, acme: Cast, settings: Settings, tmp_path: Path) -> Iterator[Site]:
    settings.PUBLISHED_DIR = tmp_path
    server = make_server("127.0.0.1", 0, Front(published=tmp_path, is_tls=False), Server, Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Site(acme, f"http://status.acme.test:{server.server_port}")
    server.shutdown()
    server.server_close()


def long_names(cast: Cast) -> Incident:
    cast.cards.name, cast.cards.description = "n" * 100, "d" * 255
    cast.cards.save()
    return open_incident(
        cast, public_title="t" * 255, body=f"{'b' * 300}\n\n    {'code ' * 60}", services=outage(cast.cards)
    )


def trouble(cast: Cast) -> Incident:
    open_incident(cast, public_title="Strange mails", body="They are not from us.")
    incident = open_incident(cast, body="Cards **fail**.\n\n- one\n- two", services=outage(cast.cards, cast.api))
    post(cast, incident, "We know why.")
    return incident


def past(cast: Cast) -> Incident:
    incident = trouble(cast)
    resolve(cast, incident)
    return incident


@pytest.mark.browser
@pytest.mark.parametrize("happen", [long_names, trouble, past])
def test_every_page_is_sound_at_every_width(site: Site, visitor: Visitor, happen: Callable[[Cast], Incident]) -> None:
    incident = happen(site.cast)
    site.publish()
    for path in ("/", f"/incidents/{incident.public_id}", "/nothing"):
        for width in (320, 1280):
            visitor.page.set_viewport_size({"width": width, "height": 800})
            visitor.page.goto(site.address + path)
            assert not visitor.page.evaluate(WIDER_THAN_THE_WINDOW), (path, width)
            visitor.check_page()


@pytest.mark.browser
def test_the_page_changes_by_itself_and_leaves_the_reader_where_they_are(site: Site, visitor: Visitor) -> None:
    trouble(site.cast)
    site.publish()
    page = visitor.page
    page.goto(site.address)
    group = page.locator("details.group")
    group.locator("summary").first.press("Enter")
    expect(group).not_to_have_attribute("open", "")
    history = page.locator("details.scale").last.locator("summary")
    history.press("Enter")

    open_incident(site.cast, "sev1", public_title="Everything is down", body="We look.", services=outage(site.cast.api))
    site.publish()
    page.evaluate(LOOK_AGAIN)
    expect(page.get_by_role("link", name="Everything is down").first).to_be_visible()
    expect(page.locator("details.scale").last).to_have_attribute("open", "")
    expect(group).not_to_have_attribute("open", "")
    expect(history).to_be_focused()
    expect(page.locator("#news")).to_contain_text("more incidents")
    assert "more incidents" in page.title()
    assert visitor.troubles == []


@pytest.mark.browser
def test_a_promise_that_passes_while_somebody_reads_is_called_late(site: Site, visitor: Visitor) -> None:
    trouble(site.cast)
    site.publish()
    visitor.page.clock.install()
    visitor.page.goto(site.address)
    due = visitor.page.locator(".headline .due")
    expect(due).to_contain_text("Next update by")
    expect(due).to_contain_text("in 29 minutes")
    visitor.page.clock.fast_forward("31:00")
    expect(due).to_contain_text("The next update is late: it was due by")


@pytest.mark.browser
def test_who_cannot_refresh_is_told_that_the_page_may_be_old(site: Site, visitor: Visitor) -> None:
    site.publish()
    visitor.page.goto(site.address)
    visitor.page.context.set_offline(True)
    visitor.page.evaluate(LOOK_AGAIN)
    expect(visitor.page.locator("footer")).to_contain_text("may be out of date")


@pytest.mark.browser
def test_everything_is_there_without_a_script(site: Site, chromium: Browser) -> None:
    trouble(site.cast)
    site.publish()
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Trouble with payments since")
    expect(page.get_by_text("Next update by").first).to_be_visible()
    page.locator("details.scale summary").first.click()
    expect(page.get_by_text("partial outage for").first).to_be_visible()
    context.close()

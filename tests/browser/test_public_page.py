"""What the page's script adds: fresh words, how sure they are, and what happened on a day."""

import os
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from statuspage.kit import clock
from statuspage.pages.models import Page, Service
from tests.browser.conftest import Visitor
from tests.browser.sites import LOOK_AGAIN, Site
from tests.browser.worlds import TROUBLED_DAYS_AGO, Worlds, trouble
from tests.makers import open_incident, outage, post

pytestmark = pytest.mark.browser


def test_the_page_changes_by_itself_and_leaves_the_reader_where_they_are(site: Site, visitor: Visitor) -> None:
    incident = trouble(site.cast)
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

    link = page.get_by_role("link", name="Trouble with payments").first
    link.focus()
    post(site.cast, incident, "A fix is on its way.")
    site.publish()
    page.evaluate(LOOK_AGAIN)
    expect(page.locator("#news")).to_contain_text("A fix is on its way.")
    expect(page.locator("#news")).not_to_contain_text("more incidents", timeout=1)
    expect(link).to_be_focused()
    assert visitor.troubles == []


def test_nothing_is_announced_when_nothing_was_said(site: Site, visitor: Visitor) -> None:
    trouble(site.cast)
    site.publish()
    visitor.page.goto(site.address)
    Service.objects.filter(pk=site.cast.api.pk).update(description="For machines")
    Page.objects.all().touch()
    site.publish()
    visitor.page.evaluate(LOOK_AGAIN)
    expect(visitor.page.get_by_text("For machines")).to_be_visible()
    assert visitor.page.locator("#news").text_content() == ""


def test_a_promise_that_passes_while_somebody_reads_is_called_late(worlds: Worlds, visitor: Visitor) -> None:
    visitor.page.clock.install()
    visitor.page.goto(worlds["trouble"].address)
    due = visitor.page.locator(".headline .due")
    expect(due).to_contain_text(re.compile(r"Next update by .*\sin [0-9]+ minutes", re.DOTALL))
    visitor.page.context.set_offline(True)  # or else the server would say what time it is
    visitor.page.clock.fast_forward("31:00")
    expect(due).to_contain_text("The next update is late: it was due by")


def test_under_the_headline_stands_when_it_was_last_confirmed(worlds: Worlds, visitor: Visitor) -> None:
    page, site = visitor.page, worlds["calm"].site
    site.confirm(clock.now() - timedelta(seconds=40))
    page.goto(site.address)
    expect(page.locator(".headline #freshness")).to_contain_text("Last confirmed 4")
    site.confirm(clock.now() - timedelta(seconds=130))
    page.evaluate(LOOK_AGAIN)
    expect(page.locator("#freshness")).to_contain_text("Last confirmed 2 minutes ago.")
    expect(page.locator("#old")).to_be_empty()


def test_without_a_heartbeat_for_three_minutes_the_page_calls_itself_old(worlds: Worlds, visitor: Visitor) -> None:
    page, site = visitor.page, worlds["calm"].site
    site.confirm(clock.now() - timedelta(minutes=4))
    page.goto(site.address)
    expect(page.locator("#old")).to_contain_text(
        re.compile("may be out of date. It was last confirmed on .* UTC", re.DOTALL)
    )
    expect(page.locator("#freshness")).to_be_empty()
    visitor.check_page()
    site.confirm(clock.now())
    page.evaluate(LOOK_AGAIN)
    expect(page.locator("#old")).to_be_empty()


def test_a_page_that_is_stuck_is_not_confirmed_by_the_heartbeat_of_others(worlds: Worlds, visitor: Visitor) -> None:
    page, site, public_id = visitor.page, worlds["works"].site, worlds["works"].cast.page.public_id
    written = (clock.now() - timedelta(minutes=10)).timestamp()
    for name in ("index.html", "index.html.gz"):
        os.utime(site.root / "pages" / public_id / name, (written, written))
    site.confirm(clock.now(), but=(public_id,))
    page.goto(site.address)
    expect(page.locator("#old")).to_contain_text("may be out of date")
    site.confirm(clock.now())
    page.reload()
    expect(page.locator("#freshness")).to_contain_text("Last confirmed")
    expect(page.locator("#old")).to_be_empty()


def test_a_readers_wrong_clock_makes_nothing_late(worlds: Worlds, visitor: Visitor) -> None:
    page, site = visitor.page, worlds["trouble"].site
    site.confirm(clock.now())
    page.clock.install(time=clock.now() + timedelta(hours=5))
    page.goto(site.address)
    expect(page.locator("footer #freshness")).to_contain_text("Last confirmed")
    expect(page.locator(".headline .due")).to_contain_text(re.compile("in [0-9]+ minutes"))
    expect(page.locator("#old")).to_be_empty()


def test_who_cannot_refresh_is_told_that_the_page_may_be_old(worlds: Worlds, visitor: Visitor) -> None:
    worlds["trouble"].site.confirm(clock.now())
    visitor.page.goto(worlds["trouble"].address)
    expect(visitor.page.locator("footer")).to_contain_text("Last confirmed")
    visitor.page.context.set_offline(True)
    visitor.page.evaluate(LOOK_AGAIN)
    expect(visitor.page.locator("footer")).to_contain_text("may be out of date")


def test_a_tap_on_a_day_tells_what_happened(worlds: Worlds, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(worlds["calm"].address)
    row = page.locator(".services > li", has_text="Calm cards")
    bars = row.locator(".bars")
    box = bars.bounding_box()
    assert box
    for days in TROUBLED_DAYS_AGO:
        bars.click(position={"x": box["width"] * (89.3 - days) / 90, "y": 13})
        on = clock.now() - timedelta(days=days)
        expect(row.locator("li.told")).to_contain_text(f"{on.day} {on:%B}: major outage for 1 hour")
    bars.click(position={"x": box["width"] * 0.6, "y": 13})
    expect(row.locator("li.told")).to_have_count(0)
    expect(row.locator("details")).to_have_attribute("open", "")
    page.locator(".bars").last.click()  # it has nothing to tell
    assert visitor.troubles == []


def test_the_script_speaks_the_language_of_the_page(worlds: Worlds, visitor: Visitor) -> None:
    worlds["bilingual"].site.confirm(clock.now())
    visitor.page.goto(f"{worlds['bilingual'].address}/de")
    expect(visitor.page.locator("#freshness")).to_contain_text("Zuletzt bestätigt vor")
    expect(visitor.page.locator(".headline .due")).to_contain_text(re.compile("in [0-9]+ Minuten"))
    expect(visitor.page.locator("footer time")).to_have_attribute("title", re.compile(", Ihre Zeit$"))

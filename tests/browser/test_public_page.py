"""The page as visitors see it, from the published files alone, and what its script adds."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from incidents.models import Incident
from statuspage.kit import clock
from statuspage.pages.models import Page, Service, StatusChange
from statuspage.pages.status import ServiceStatus
from tests.browser.conftest import Visitor
from tests.browser.sites import LOOK_AGAIN, Site
from tests.makers import Cast, open_incident, outage, post, resolve

WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > innerWidth"


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


@pytest.mark.browser
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


@pytest.mark.browser
def test_a_promise_that_passes_while_somebody_reads_is_called_late(site: Site, visitor: Visitor) -> None:
    trouble(site.cast)
    site.publish()
    visitor.page.clock.install()
    visitor.page.goto(site.address)
    due = visitor.page.locator(".headline .due")
    expect(due).to_contain_text("Next update by")
    expect(due).to_contain_text(re.compile("in (29|30) minutes"))
    visitor.page.context.set_offline(True)  # or else the server would say what time it is
    visitor.page.clock.fast_forward("31:00")
    expect(due).to_contain_text("The next update is late: it was due by")


@pytest.mark.browser
def test_under_the_headline_stands_when_it_was_last_confirmed(site: Site, visitor: Visitor) -> None:
    site.publish()
    site.confirm(clock.now() - timedelta(seconds=40))
    visitor.page.goto(site.address)
    expect(visitor.page.locator(".headline #freshness")).to_contain_text("Last confirmed 4")
    site.confirm(clock.now() - timedelta(seconds=130))
    visitor.page.evaluate(LOOK_AGAIN)
    expect(visitor.page.locator("#freshness")).to_contain_text("Last confirmed 2 minutes ago.")
    expect(visitor.page.locator("#old")).to_be_empty()
    visitor.check_page()


@pytest.mark.browser
def test_without_a_heartbeat_for_three_minutes_the_page_calls_itself_old(site: Site, visitor: Visitor) -> None:
    site.publish()
    site.confirm(clock.now() - timedelta(minutes=4))
    visitor.page.goto(site.address)
    expect(visitor.page.locator("#old")).to_contain_text("may be out of date. It was last confirmed on")
    expect(visitor.page.locator("#old")).to_contain_text("UTC")
    expect(visitor.page.locator("#freshness")).to_be_empty()
    visitor.check_page()
    site.confirm(clock.now())
    visitor.page.evaluate(LOOK_AGAIN)
    expect(visitor.page.locator("#old")).to_be_empty()


@pytest.mark.browser
def test_a_page_that_is_stuck_is_not_confirmed_by_the_heartbeat_of_others(site: Site, visitor: Visitor) -> None:
    site.publish()
    site.confirm(clock.now(), but=(site.cast.page.public_id,))
    visitor.page.clock.install()
    visitor.page.goto(site.address)
    expect(visitor.page.locator("#freshness")).to_contain_text("Last confirmed")
    visitor.page.context.set_offline(True)
    visitor.page.clock.fast_forward("03:10")
    expect(visitor.page.locator("#old")).to_contain_text("may be out of date")


@pytest.mark.browser
def test_a_readers_wrong_clock_makes_nothing_late(site: Site, visitor: Visitor) -> None:
    trouble(site.cast)
    site.publish()
    visitor.page.clock.install(time=clock.now() + timedelta(hours=5))
    visitor.page.goto(site.address)
    expect(visitor.page.locator("#freshness")).to_contain_text("Last confirmed")
    expect(visitor.page.locator(".headline .due")).to_contain_text(re.compile("in (29|30) minutes"))
    expect(visitor.page.locator("#old")).to_be_empty()


@pytest.mark.browser
def test_who_cannot_refresh_is_told_that_the_page_may_be_old(site: Site, visitor: Visitor) -> None:
    trouble(site.cast)
    site.publish()
    visitor.page.goto(site.address)
    visitor.page.context.set_offline(True)
    visitor.page.evaluate(LOOK_AGAIN)
    expect(visitor.page.locator("footer")).to_contain_text("may be out of date")


@pytest.mark.browser
def test_a_tap_on_a_day_tells_what_happened(site: Site, visitor: Visitor) -> None:
    now, cards = clock.now(), site.cast.cards
    type(cards).objects.update(created_at=now - timedelta(days=200))
    up, down = ServiceStatus.OPERATIONAL.value, ServiceStatus.MAJOR_OUTAGE.value
    for days in (60, 59, 10):
        for hours, old, new in ((2, up, down), (1, down, up)):
            at = now - timedelta(days=days, hours=hours)
            StatusChange.objects.create(organization=cards.organization, service=cards, at=at, old=old, new=new)
    site.publish()
    page = visitor.page
    page.goto(site.address)
    row = page.locator(".services > li", has_text="Acme cards")
    bars = row.locator(".bars")
    box = bars.bounding_box()
    assert box
    for days in (59, 10, 60):
        bars.click(position={"x": box["width"] * (89.3 - days) / 90, "y": 13})
        on = now - timedelta(days=days, hours=2)
        expect(row.locator("li.told")).to_contain_text(f"{on.day} {on:%B}: major outage for 1 hour")
    bars.click(position={"x": box["width"] * 0.6, "y": 13})
    expect(row.locator("li.told")).to_have_count(0)
    expect(row.locator("details")).to_have_attribute("open", "")
    page.locator(".bars").last.click()  # it has nothing to tell
    assert visitor.troubles == []


@pytest.mark.browser
def test_the_script_speaks_the_language_of_the_page(site: Site, visitor: Visitor) -> None:
    Page.objects.update(languages=["en", "de"])
    trouble(site.cast)
    site.publish()
    visitor.page.goto(f"{site.address}/de")
    expect(visitor.page.locator("#freshness")).to_contain_text("Zuletzt bestätigt vor")
    expect(visitor.page.locator(".headline .due")).to_contain_text(re.compile("in (29|30) Minuten"))
    assert "Uhr" not in (visitor.page.locator("footer time").get_attribute("title") or "")
    assert ", Ihre Zeit" in (visitor.page.locator("footer time").get_attribute("title") or "")


@pytest.mark.browser
def test_everything_is_there_without_a_script(site: Site, chromium: Browser) -> None:
    site.publish()
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address)
    expect(page.locator(".headline")).to_contain_text("As of")

    trouble(site.cast)
    site.publish()
    page.goto(site.address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Trouble with payments since")
    expect(page.get_by_text("Next update by").first).to_be_visible()
    expect(page.locator("footer")).to_contain_text("As of")
    page.locator("details.scale summary").first.click()
    expect(page.get_by_text("partial outage for").first).to_be_visible()
    context.close()

"""The owner's screens around letters and SMS in a real browser: the sender, who was not reached, what SMS may cost."""

import os
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from notifications.models import Chunk, Delivery, DeliveryState
from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations
from statuspage.organizations.models import ApiToken, Sender
from subscribers.models import SmsDay
from tests.browser.conftest import LOOKS, Visitor
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident
from tests.nameserver import NameServer

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("PICTURES", "")


def look_at(visitor: Visitor, name: str) -> None:
    """Sound in both widths and shades; with PICTURES set, somebody wants to see for themselves."""
    page = visitor.page
    visitor.check_page()
    for width in (360, 1280):
        visitor.check_widths(width)
        for look in LOOKS if PICTURES else ():
            page.emulate_media(color_scheme=look["color_scheme"])  # type: ignore[arg-type]
            shot = Path(PICTURES) / f"{name}-{width}-{look['color_scheme']}.png"
            page.screenshot(path=shot, full_page=True)
    page.emulate_media(color_scheme="light")


def test_an_owner_looks_after_letters_and_sms(
    acme: Cast, engine: Engine, live_server: LiveServer, visitor: Visitor, settings: Settings
) -> None:
    page, here = visitor.page, f"{live_server.url}/o/acme"
    settings.SPF_MECHANISMS, settings.DKIM_TARGET = ("include:spf.ripple.example",), "ripple._domainkey.ripple.example"
    make_person(acme.organization, "otto@acme.test", "olga.with.a.very.long.name@acme.test", ring="on_call")
    open_incident(acme)
    engine.settle()
    Delivery.objects.update(state=DeliveryState.FAILED, reason="no such mailbox (550)", settled_at=clock.now())
    Chunk.objects.update(failed=1)
    SmsDay.objects.create(organization=acme.organization, day=clock.now().date(), segments=412)
    with NameServer() as server:
        settings.NAMESERVERS = [server.address]
        server.say("acme.com", "v=spf1 include:_spf.google.com -all")
        server.say("_spf.google.com", "v=spf1 ip4:198.51.100.0/24 ~all")
        server.say("_dmarc.acme.com", "v=DMARC1; p=reject; adkim=s")
        visitor.log_in(live_server.url, acme.owner.email)
        page.goto(f"{here}/sender/")
        look_at(visitor, "sender-empty")
        page.get_by_label("Address").fill("status@acme.com")
        page.get_by_role("button", name="Use this address").click()
        page.get_by_text("refused (-all), and it does not name us").wait_for()
        look_at(visitor, "sender-waiting")
        row = Sender.objects.get()
        server.say(row.record_name, row.record_value)
        server.say("acme.com", "v=spf1 include:_spf.google.com include:spf.ripple.example -all")
        server.say("spf.ripple.example", "v=spf1 ip4:192.0.2.7 -all")
        Sender.objects.update(checked_at=None)
        page.get_by_role("button", name="Look again").click()
        page.get_by_text("In use").wait_for()
        look_at(visitor, "sender-in-use")
    page.get_by_role("link", name="Not reached").click()
    page.get_by_text("otto@acme.test").wait_for()
    look_at(visitor, "failures")
    visitor.follow(page.get_by_role("link", name="SMS", exact=True))
    look_at(visitor, "sms")
    page.get_by_label("At most so many a day").fill("400")
    page.get_by_label("Poland").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Today's SMS are used up.").wait_for()
    look_at(visitor, "sms-used-up")


def test_whoever_was_away_is_asked_again_and_what_they_typed_is_done(
    acme: Cast, live_server: LiveServer, visitor: Visitor, settings: Settings
) -> None:
    page = visitor.page
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    visitor.log_in(live_server.url, acme.owner.email)
    page.goto(f"{live_server.url}/o/acme/tokens/")
    page.get_by_label("What is it for?").fill("HR system")
    page.get_by_label("Read people and rings").check()
    page.get_by_role("button", name="Make the token").click()
    page.get_by_role("heading", name="Is it still you?").wait_for()
    look_at(visitor, "again")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="It is me").click()
    page.get_by_text("It is shown this once").wait_for()
    with across_organizations():
        assert [token.name for token in ApiToken.objects.all()] == ["HR system"]

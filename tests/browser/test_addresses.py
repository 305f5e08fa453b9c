"""The owner's domain in a real browser: claimed, its record copied, proven."""

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from statuspage.pages.models import Host
from tests.browser.conftest import Visitor
from tests.makers import Cast
from tests.nameserver import NameServer

pytestmark = pytest.mark.browser


def test_an_owner_brings_a_domain(acme: Cast, live_server: LiveServer, visitor: Visitor, settings: Settings) -> None:
    page = visitor.page
    with NameServer() as server:
        settings.NAMESERVERS, settings.PAGES_DOMAIN = [server.address], "pages.test"
        visitor.log_in(live_server.url, acme.owner.email)
        page.goto(f"{live_server.url}/o/acme/pages/{acme.page.public_id}/hosts/")
        page.get_by_label("Name").fill("acme")
        page.get_by_role("button", name="Take this name").click()
        page.get_by_label("Domain").fill("Help.Acme.com")
        page.get_by_role("button", name="Claim this domain").click()
        host = Host.objects.get(name="help.acme.com")
        assert page.get_by_role("region", name="Name of the record").inner_text().strip() == host.record_name
        assert page.get_by_role("region", name="Value of the record").inner_text().strip() == host.record_value
        visitor.check_page()
        visitor.check_widths(320)
        page.set_viewport_size({"width": 1280, "height": 900})
        server.say(host.record_name, host.record_value)
        page.get_by_role("button", name="Check now").click()
        page.get_by_text("help.acme.com is proven.").wait_for()
        page.get_by_role("button", name="Make it the main address help.acme.com").click()
        page.get_by_text("Links lead to help.acme.com from now on.").wait_for()
        visitor.check_page()

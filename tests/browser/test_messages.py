"""The screens of messages in own words, in a real browser: the preview follows what is typed; narrow and wide."""

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Visitor
from tests.browser.test_endpoints import look
from tests.makers import Cast

pytestmark = pytest.mark.browser


def test_an_owner_writes_and_sees_it_as_it_will_be_read(acme: Cast, live_server: LiveServer, visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(live_server.url, acme.owner.email)
    page.goto(f"{live_server.url}/o/acme/messages/")
    look(visitor)
    page.get_by_label("Ring").select_option(label="Customers")
    page.get_by_role("button", name="Write").click()
    look(visitor)
    letter = page.frame_locator("iframe")
    page.get_by_label("Words").fill("Dear reader,\n\n{words}\n\n{next_update}\n\n{page_link}")
    letter.get_by_text("Dear reader,").wait_for()
    assert letter.get_by_role("link", name="Follow it here").count() == 1
    page.get_by_label("Words").press_sequentially(" {severity}")
    page.get_by_text("{severity} is for inner rings only").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("{severity} is for inner rings only").first.wait_for()
    look(visitor)
    page.get_by_label("Words").fill("Dear reader,\n\n{words}\n\n{next_update}\n\n{page_link}")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("It is said from the next message on").wait_for()
    look(visitor)
    page.get_by_label("Channel").select_option(label="SMS")
    page.get_by_role("button", name="Go there").click()
    page.locator(".sms").wait_for()
    look(visitor)

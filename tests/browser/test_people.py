"""The screens of how people are told, in a real browser: a member's own, an admin's, and an import that asks."""

from datetime import time

import pytest
from pytest_django.live_server_helper import LiveServer

from statuspage.kit.tenancy import scope
from subscribers import signing_up
from subscribers.choosing import Choice
from subscribers.importing.models import Consent
from subscribers.models import Person, Wish
from subscribers.reaching import Reachable
from tests.browser.conftest import Visitor
from tests.makers import Cast, make_person
from tests.subscribers.test_importing import imported

pytestmark = pytest.mark.browser


def look(visitor: Visitor) -> None:
    """Nothing for axe, no scrolling sideways, wide and narrow."""
    visitor.check_page()
    visitor.check_widths(360, 1280)


def test_a_member_finds_how_they_are_told(acme: Cast, live_server: LiveServer, visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(live_server.url, acme.responder.email)
    page.get_by_role("link", name="how I am told").click()
    page.get_by_text("are told nothing yet").wait_for()
    look(visitor)
    with scope(organization=acme.organization):
        otto = make_person(acme.organization, "otto@acme.test", "+491512345678", ring="on_call", name="Otto")
        member = acme.organization.members.get(user=acme.responder)
        Person.objects.filter(pk=otto.pk).update(member=member, quiet_from=time(22), quiet_until=time(7))
        otto.addresses.filter(channel="sms").update(confirmed_at=None)
        asking = signing_up.Asking(to=Reachable.parse("+491512345678"), choice=Choice(), language="en")
        signing_up.write_for(acme.organization, asking, wish=Wish.OWN, member=member)
    page.reload()
    page.get_by_text("You are in On-call").wait_for()
    look(visitor)
    page.get_by_label("No SMS from").fill("23:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. You are told so").wait_for()
    page.get_by_role("button", name="Remove otto@acme.test").click()
    page.get_by_text("On-call counts on you").wait_for()


def test_an_admin_sees_how_somebody_is_told_and_whom_an_import_asks(
    acme: Cast, live_server: LiveServer, visitor: Visitor
) -> None:
    page = visitor.page
    with scope(organization=acme.organization):
        otto = make_person(acme.organization, "otto@acme.test", "old@acme.test", ring="on_call", name="Otto")
        otto.addresses.filter(value="old@acme.test").update(confirmed_at=None)
        file = imported(acme, "email\nann@x.example\nbob@x.example\n", Consent.UNCONFIRMED)
    visitor.log_in(live_server.url, acme.owner.email)
    for path in (f"people/{otto.public_id}/", "people/", f"people/imports/{file.public_id}/"):
        page.goto(f"{live_server.url}/o/acme/{path}")
        look(visitor)
    page.get_by_text("Asked 0 of 2").wait_for()

"""The screens of members in a real browser: the list, an invitation, the page behind its link, a removal."""

import pytest
from pytest_django.live_server_helper import LiveServer

from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Role
from subscribers.models import Person
from tests.browser.conftest import Visitor
from tests.browser.test_people import look
from tests.makers import Cast, make_person
from tests.organizations.members import PostOffice, link_in

pytestmark = pytest.mark.browser


def test_somebody_is_invited_joins_and_is_removed(
    acme: Cast, live_server: LiveServer, visitor: Visitor, post_office: PostOffice
) -> None:
    page = visitor.page
    with scope(organization=acme.organization):
        member = acme.organization.members.get(user=acme.responder)
        otto = make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
        Person.objects.filter(pk=otto.pk).update(member=member)
    visitor.log_in(live_server.url, acme.owner.email)
    page.get_by_role("link", name="Members").click()
    page.get_by_role("link", name="Invite somebody").click()
    look(visitor)
    page.get_by_label("E-mail address").fill(f"{'n' * 60}@{'new.' * 20}example")
    page.get_by_label("Responder").check()
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("is invited: a link").wait_for()
    look(visitor)
    page.get_by_role("link", name="Responder of Acme").click()
    look(visitor)
    page.get_by_role("link", name="Remove Responder of Acme").click()
    look(visitor)
    page.get_by_label("They go on being told, as one of On-call").check()
    page.get_by_role("button", name="Remove Responder of Acme").click()
    page.get_by_text("is no member any more").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.goto(live_server.url + link_in(post_office()[-1]))
    look(visitor)
    page.get_by_label("Your name").fill("Nina")
    page.get_by_label("A password").fill("several words of hers")
    page.get_by_role("button", name="Join Acme").click()
    page.get_by_text("You are responder here").wait_for()
    with scope(organization=acme.organization):
        assert acme.organization.members.get(user__name="Nina").role == Role.RESPONDER

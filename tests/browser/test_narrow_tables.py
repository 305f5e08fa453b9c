"""On a phone the rows of the console's tables are cards, and its bar is one row: a table hides nothing sideways."""

from datetime import timedelta

import pytest
from pytest_django.live_server_helper import LiveServer

from incidents.models import Incident
from notifications.models import RingState
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from subscribers import endpoints
from subscribers.models import Address, Endpoint, Person
from subscribers.suppressing import suppress
from tests.browser.conftest import LOOKS, Visitor
from tests.makers import Cast, make_person, open_incident, outage, schedule, subscribe
from tests.subscribers.test_importing import FILE, bring, work

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOO_WIDE = """[...document.querySelectorAll('html, table, td, th, .scroll')]
  .filter((one) => one.checkVisibility() && !one.closest('thead') && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).display !== 'inline')
  .map((one) => one.tagName + ' ' + one.textContent.trim().slice(0, 40))"""
OUTSIDE = """[...document.querySelectorAll('tbody td, tbody th')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth)
  .map((one) => one.textContent.trim().slice(0, 40))"""
LONG = "somebody-with-a-rather-long-address@department.of.something.acme.example"


def people(acme: Cast) -> Person:
    otto = make_person(acme.organization, LONG, "+4915123456789", ring="on_call", name="Otto von und zu Hohenstein")
    Person.objects.filter(pk=otto.pk).update(language="de", preferred_channel="sms")
    make_person(acme.organization, ring="on_call", name="Nobody’s address")
    follower = make_person(acme.organization, f"x{LONG}", name="Anna")
    subscribe(follower, acme.page, acme.checkout, acme.cards, acme.api)
    gone = make_person(acme.organization, "gone@x.example")
    subscribe(gone, acme.page)
    suppress(acme.organization, channel=Channel.EMAIL, normalised="gone@x.example", reason="bounced")
    return otto


def machines(acme: Cast) -> Endpoint:
    ring = acme.organization.rings.get(key="support")
    room = "https://hooks.slack.com/services/T0/B0/secretpath"
    endpoints.add(acme.organization, "#incidents", channel=Channel.SLACK, url=room, ring=ring, by=acme.owner)
    url = "https://hooks.acme.example/in"
    hook = endpoints.add(acme.organization, "Tickets", channel=Channel.WEBHOOK, url=url, ring=ring, by=acme.owner)
    Endpoint.objects.filter(pk=hook.endpoint.pk).update(
        failing_since=clock.now(), failing_because="It answered 503 Service Unavailable for an hour"
    )
    return hook.endpoint


def incidents(acme: Cast) -> Incident:
    begins_at = clock.now() + timedelta(hours=1)
    schedule(acme, acme.api, title="New cables", begins_at=begins_at, ends_at=begins_at + timedelta(hours=2))
    title = "Payments by card are failing for a third of all customers in Europe"
    incident = open_incident(acme, title=title, body="Cards fail.", services=outage(acme.cards))
    RingState.objects.filter(incident=incident, ring__key="execs").update(wants_words=True)
    return incident


@pytest.fixture
def paths(acme: Cast, transactional_db: None) -> dict[str, str]:
    """Screens with a table, each with rows in it."""
    with scope(organization=acme.organization):
        otto, hook, incident, file = people(acme), machines(acme), incidents(acme), work(bring(acme, FILE))
        assert Address.objects.filter(person=otto).count() == 2
    return {
        "room": f"incidents/{incident.number}/",
        "incidents": "incidents/",
        "maintenance": "maintenance/",
        "people": "people/?ring=on_call",
        "followers": "subscribers/",
        "numbers": "subscribers/numbers/",
        "suppressed": "subscribers/suppressed/",
        "failures": "subscribers/failures/",
        "sms": "sms/",
        "endpoints": "endpoints/",
        "endpoint": f"endpoints/{hook.address.person.public_id}/",
        "import": f"people/imports/{file.public_id}/",
        "messages": "messages/",
        "tokens": "tokens/",
        "audit": "audit/",
    }


def test_every_table_is_read_without_scrolling_sideways(
    acme: Cast, paths: dict[str, str], live_server: LiveServer, visitor: Visitor
) -> None:
    page = visitor.page
    visitor.log_in(live_server.url, acme.owner.email)
    for name, path in paths.items():
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(f"{live_server.url}/o/acme/{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, name
        assert (page.evaluate(TOO_WIDE), page.evaluate(OUTSIDE)) == ([], []), name
        for look in LOOKS:
            visitor.check_look(look)
        assert visitor.troubles == [], name


def test_the_bar_leaves_the_screen_to_what_is_on_fire(
    acme: Cast, transactional_db: None, live_server: LiveServer, visitor: Visitor
) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 360, "height": 780})
    visitor.log_in(live_server.url, acme.owner.email)
    for noun, name in (("incidents", "Incidents"), ("messages", "Messages")):
        page.goto(f"{live_server.url}/o/acme/{noun}/")
        bar = page.locator(".bar").bounding_box()
        here = page.get_by_role("navigation", name="Console").get_by_role("link", name=name, exact=True).bounding_box()
        assert bar and bar["height"] < 110, "one row to go elsewhere, one for whoever is logged in"
        assert here and here["x"] >= 0 and here["x"] + here["width"] <= 360 - 32, "where one is stands in sight"

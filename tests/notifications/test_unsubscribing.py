"""Leaving by the link in a message: a scanner that opens it changes nothing, a click on the button ends it."""

from django.test import Client

from statuspage.pages.models import Page
from subscribers import unsubscribing
from subscribers.models import Address
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage, resolve, subscribe
from tests.timeline import Timeline, instant

EARLY = instant("09:00")


def link(engine: Engine, address: str) -> str:
    (message,) = engine.to(address)
    path = message.headers["List-Unsubscribe"].strip("<>").removeprefix("http://status.acme.test")
    assert path.startswith("/u/")
    return path


def test_opening_the_link_changes_nothing_and_one_click_stops(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    subscribe(make_person(acme.organization, "customer@x.example", confirmed_at=EARLY), acme.page)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:11")
    path = link(engine, "customer@x.example")
    visitor = Client(headers={"host": "status.acme.test"}, enforce_csrf_checks=True)
    opened = visitor.get(path)
    assert opened.status_code == 200
    assert not opened.cookies
    assert Address.objects.get(value="customer@x.example").stopped_at is None
    for _twice in range(2):
        answer = visitor.post(path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, b"no more messages" in answer.content) == (200, True)
    resolve(acme, incident)
    timeline.to("10:20")
    assert len(engine.to("customer@x.example")) == 1


def test_being_added_again_does_not_undo_it(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    person = make_person(acme.organization, "customer@x.example", confirmed_at=EARLY)
    subscribe(person, acme.page)
    unsubscribing.stop(person.addresses.select_related("organization", "person").get())
    person.delete()
    subscribe(make_person(acme.organization, "customer@x.example", confirmed_at=EARLY), acme.page)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:15")
    assert engine.to("customer@x.example") == []


def test_whoever_is_in_a_ring_goes_on_hearing_there(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    person = make_person(acme.organization, "sue@acme.test", ring="support", confirmed_at=EARLY)
    subscribe(person, acme.page)
    unsubscribing.stop(person.addresses.select_related("organization", "person").get())
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:15")
    assert len(engine.to("sue@acme.test")) == 1


def test_a_link_of_another_organization_is_not_found(acme: Cast, neighbour: Cast) -> None:
    address = make_person(acme.organization, "customer@x.example").addresses.get()
    token = unsubscribing.token_for(address_id=address.pk, organization_id=acme.organization.pk)
    assert Client(headers={"host": "status.globex.test"}).get(f"/u/{token}").status_code == 404
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert Client(headers={"host": "status.acme.test"}).get(f"/u/{changed}").status_code == 404
    assert Page.objects.count() == 1

"""The hold switch in the console: operators put, look, drop and release; members are told; nobody else finds it."""

import pytest
from django.test import Client

from notifications import holding, pending
from statuspage.organizations.models import AuditEntry, User
from tests.console.browsing import enter, forms_in, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, make_subscribers, open_incident, outage
from tests.timeline import Timeline

HERE = "/operations/hold/"


@pytest.fixture
def operator(db: None) -> Client:
    return enter(User.objects.create_superuser("operator@ripple.test", "x", name="Opal"))


def test_an_operator_holds_looks_drops_and_releases(
    acme: Cast, timeline: Timeline, engine: Engine, operator: Client
) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    make_subscribers(acme.page, 3)
    form = forms_in(operator.get(HERE).content.decode())[HERE]
    assert operator.post(HERE, form | {"why": "The relay is moving."}).status_code == 303
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:11")
    page = operator.get(HERE).content.decode()
    assert "On hold: nothing leaves" in text_of(page)
    assert "by Opal – The relay is moving." in text_of(page)
    assert "3 Acme 1: Payments are failing Customers" in text_of(page)
    assert "Release: send 4 messages" in text_of(page)
    assert "The relay is moving." in text_of(enter(acme.viewer).get("/o/acme/incidents/").content.decode())
    customers = next(each for each in pending.pending() if each.people == 3)
    operator.post(f"{HERE}dropped/", {"ring_state": customers.ring_state_id})
    assert AuditEntry.objects.get(verb="dropped").by == User.objects.get(name="Opal")
    assert operator.post(f"{HERE}release/").status_code == 303
    engine.settle()
    assert [caught.to for caught in engine.caught()] == ["otto@acme.test"]
    page = enter(acme.viewer).get("/o/acme/incidents/").content.decode()
    assert "On hold" not in page


def test_dropping_without_a_hold_is_refused_in_a_sentence(operator: Client) -> None:
    answer = operator.post(f"{HERE}dropped/", {"ring_state": "1"}, follow=True)
    assert "Put the installation on hold first" in text_of(answer.content.decode())


def test_nobody_else_finds_the_door(acme: Cast) -> None:
    for browser in (enter(), enter(acme.owner)):
        assert browser.get(HERE).status_code == 404
        for path in (HERE, f"{HERE}release/", f"{HERE}dropped/"):
            assert browser.post(path).status_code == 404
    assert not holding.is_held()


def test_looking_holds_and_releases_nothing(operator: Client) -> None:
    for path in (f"{HERE}release/", f"{HERE}dropped/"):
        assert operator.get(path).status_code == 405
    operator.get(HERE)
    assert not holding.is_held()

"""The previews under a form: which ring would hear what, when, and what the button promises."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident, IncidentTemplate
from notifications.models import RingState
from statuspage.kit import clock
from statuspage.pages.models import Page
from tests.console.browsing import enter, forms_in, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, make_subscribers, open_incident, outage, subscribe
from tests.timeline import Timeline

HERE = "/o/acme/incidents/"


@pytest.fixture
def commander(acme: Cast) -> Client:
    return enter(acme.commander)


@pytest.fixture
def incident(acme: Cast) -> Incident:
    return open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))


def form_of(client: Client, noun: str, *, page: str = f"{HERE}1/") -> dict[str, Any]:
    return forms_in(client.get(page).content.decode())[f"{HERE}{noun}"]


def test_previews_say_who_hears_what_and_when(acme: Cast, commander: Client) -> None:
    make_person(acme.organization, "otto@acme.test", "+4915100000002", ring="on_call")
    make_subscribers(acme.page, 3)
    subscribe(make_person(acme.organization, "carla@example.com"), acme.page)
    form = form_of(commander, "", page=f"{HERE}new?template=payments")
    text = text_of(commander.post(f"{HERE}preview/", form).content.decode())
    assert "On-call [Acme] SEV1 Investigating: Payments are failing now 1 by e-mail, 1 by SMS" in text
    assert "Customers [Acme] Investigating: Payments are failing for some customers in 10 minutes at" in text
    assert "4 by e-mail" in text
    assert "Executives [Acme] SEV1 Investigating" in text
    assert "nobody can be reached" in text
    assert "Post to page, tell 1 ring now, 1 later" in text, "a ring where nobody can be reached is not promised"
    assert "inner words" not in text


def test_a_preview_counts_the_last_minute_in_seconds(
    acme: Cast, timeline: Timeline, commander: Client, incident: Incident, engine: Engine
) -> None:
    make_person(acme.organization, "e@acme.test", ring="execs")
    engine.settle()
    first = RingState.objects.get(ring__key="execs")
    assert first.due_at
    for seconds, words in ((100, "in 2 minutes at"), (20, "in 20 s at")):
        clock.move_to(first.due_at - timedelta(seconds=seconds))
        form = form_of(commander, "1/updates/") | {"body": "More is known."}
        text = text_of(commander.post(f"{HERE}1/preview/", form).content.decode())
        assert f"Executives [Acme] SEV1 Investigating: {incident.title} {words}" in text


def test_previews_mark_inner_words_and_rings_without_any(commander: Client) -> None:
    form = form_of(commander, "", page=f"{HERE}new?template=payments")
    leaking = form | {"title": "Deploy 4711 broke it", "body": "Deploy 4711 broke it, a SEV1."}
    text = text_of(commander.post(f"{HERE}preview/", leaking).content.decode())
    assert "Customers would read “Deploy 4711 broke it”, “SEV1”: inner words." in text
    silent = form | {"body": "", "note-employees": ""}
    text = text_of(commander.post(f"{HERE}preview/", silent).content.decode())
    assert "Customers No words for this ring yet" in text
    assert "Post inside only, tell nobody" in text


def test_no_button_promises_a_page_that_does_not_exist(acme: Cast, commander: Client) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    form = form_of(commander, "", page=f"{HERE}new?template=payments")
    Page.objects.all().delete()
    assert "Post inside only, tell 1 ring now" in text_of(commander.post(f"{HERE}preview/", form).content.decode())


def test_previews_of_a_severity_say_what_it_means(commander: Client, incident: Incident) -> None:
    form = form_of(commander, "1/severity/") | {"kind": "severity"}
    assert "Choose the new severity." in text_of(commander.post(f"{HERE}1/preview/", form).content.decode())
    text = text_of(commander.post(f"{HERE}1/preview/", form | {"severity": "sev4"}).content.decode())
    assert "Customers Hears nothing, by the plan" in text
    assert incident.updates.count() == 1


def test_no_template_leaks_as_it_stands(commander: Client) -> None:
    for key in IncidentTemplate.objects.values_list("key", flat=True):
        form = form_of(commander, "", page=f"{HERE}new?template={key}")
        text = text_of(commander.post(f"{HERE}preview/", form).content.decode())
        assert "ring" in text, key
        assert "inner words" not in text, key

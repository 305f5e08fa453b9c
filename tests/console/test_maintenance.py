"""Maintenance by its forms, as a browser sends them."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident, Note, Update
from statuspage.kit import clock
from tests.console.browsing import enter, forms_in, text_of
from tests.engine import Engine
from tests.makers import Cast, begin, cancel, complete, make_person, open_incident, post, schedule, subscribe
from tests.timeline import Timeline, instant

HERE, ROOM = "/o/acme/maintenance/", "/o/acme/incidents/1/"
HOUR = timedelta(hours=1)


@pytest.fixture
def commander(acme: Cast) -> Client:
    return enter(acme.commander)


@pytest.fixture
def maintenance(acme: Cast) -> Incident:
    begins_at = clock.now() + HOUR
    return schedule(acme, acme.checkout, begins_at=begins_at, ends_at=begins_at + HOUR)


def room_forms(client: Client) -> dict[str, dict[str, Any]]:
    """What is offered, by noun."""
    forms = forms_in(client.get(ROOM).content.decode())
    return {action.removeprefix(ROOM).strip("/"): form for action, form in forms.items() if action.startswith(ROOM)}


def filled_in(client: Client, acme: Cast, **fields: Any) -> dict[str, Any]:
    form = forms_in(client.get(f"{HERE}new").content.decode())[HERE]
    begins_at = clock.now().replace(second=0, microsecond=0) + 2 * HOUR
    given = {
        "title": "Database upgrade",
        "begins_at": typed(begins_at),
        "ends_at": typed(begins_at + HOUR),
        f"service-{acme.checkout.public_id}": "on",
        "body": "Writing is not possible meanwhile.",
    }
    return form | given | fields


def typed(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def refused(client: Client, form: dict[str, Any]) -> str:
    answer = client.post(HERE, form)
    assert answer.status_code == 422
    assert not Incident.objects.exists()
    return text_of(answer.content.decode())


def test_it_is_scheduled_with_window_services_words_and_notes(acme: Cast, commander: Client) -> None:
    form = filled_in(commander, acme, **{"note-support": "Refunds wait.", "remind_before": ["24", "1"]})
    answers = [commander.post(HERE, form) for _twice in range(2)]
    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, ROOM)] * 2
    row = Incident.objects.get()
    assert row.window is not None
    assert (row.title, row.public_title, row.commander) == ("Database upgrade", "Database upgrade", acme.commander)
    assert typed(row.window.begins_at) == form["begins_at"]
    assert (row.window.verify_for, row.window.remind_before) == (timedelta(minutes=15), (24 * HOUR, HOUR))
    assert [touched.service for touched in row.affected.all()] == [acme.checkout]
    assert Note.objects.get().body == "Refunds wait."


def test_a_form_as_it_stands_reminds_by_both_leads(acme: Cast, commander: Client) -> None:
    page = commander.get(f"{HERE}new").content.decode()
    assert len(re.findall(r'name="remind_before"[^>]*checked', page)) == 2
    assert "From (UTC)" in text_of(page)


def test_what_is_wrong_stands_beside_its_field_and_the_words_are_kept(acme: Cast, commander: Client) -> None:
    past, soon = clock.now() - HOUR, clock.now() + HOUR
    assert "begins in the future, within a year" in refused(
        commander, filled_in(commander, acme, begins_at=typed(past))
    )
    assert "ends after it has begun" in refused(commander, filled_in(commander, acme, ends_at=typed(soon)))
    assert "Checking is the last part" in refused(commander, filled_in(commander, acme, verify_for="60"))
    assert "Say what will be done" in refused(commander, filled_in(commander, acme, body=""))
    assert "Choose a day and a time." in refused(commander, filled_in(commander, acme, ends_at="soon"))
    assert "within a year" in refused(commander, filled_in(commander, acme, begins_at="9999-12-31T23:59"))
    assert "one line of text" in refused(commander, filled_in(commander, acme, title="bell\x07"))
    answer = commander.post(HERE, filled_in(commander, acme, title="", body="Kept & safe"))
    page = answer.content.decode()
    assert "Give it a title" in text_of(page)
    again = forms_in(page)[HERE]
    assert again["body"] == "Kept & safe"
    assert again[f"service-{acme.checkout.public_id}"] == "on"


def test_the_room_offers_what_the_stage_allows(acme: Cast, commander: Client, maintenance: Incident) -> None:
    always = {"updates", "roles"}
    assert room_forms(commander).keys() == always | {"beginning", "window", "cancellation"}
    begin(acme, maintenance)
    offered = room_forms(commander)
    assert offered.keys() == always | {"completion", "window", "cancellation"}
    assert "begins_at" not in offered["window"], "what has begun cannot begin at another time"
    complete(acme, maintenance)
    assert room_forms(commander).keys() == always


def test_a_viewer_is_offered_nothing(acme: Cast, maintenance: Incident) -> None:
    assert room_forms(enter(acme.viewer)) == {}


@pytest.mark.parametrize("noun", ["severity", "resolution"])
def test_what_only_incidents_have_does_not_exist_here(commander: Client, maintenance: Incident, noun: str) -> None:
    form = {**room_forms(commander)["updates"], "severity": "sev1", "body": "Over."}
    assert commander.post(f"{ROOM}{noun}/", form).status_code == 404
    assert commander.get(f"{ROOM}{noun}/").status_code == 404


@pytest.mark.parametrize("noun", ["beginning", "window", "completion", "cancellation"])
def test_what_only_maintenance_has_does_not_exist_for_an_incident(acme: Cast, commander: Client, noun: str) -> None:
    open_incident(acme, body="Some payments fail.")
    form = room_forms(commander)["updates"]
    assert commander.post(f"{ROOM}{noun}/", form).status_code == 404


@pytest.mark.parametrize("status", ["investigating", "resolved", "scheduled", "completed"])
def test_a_status_that_is_not_its_own_is_refused(
    acme: Cast, commander: Client, maintenance: Incident, status: str
) -> None:
    begin(acme, maintenance)
    form = room_forms(commander)["updates"] | {"status": status, "body": "Odd."}
    assert commander.post(f"{ROOM}updates/", form).status_code == 422
    maintenance.refresh_from_db()
    assert maintenance.status == "in_progress"


def test_it_is_begun_checked_and_finished_by_hand(acme: Cast, commander: Client, maintenance: Incident) -> None:
    form = room_forms(commander)["beginning"]
    assert form["body"] == "The maintenance has begun."
    assert commander.post(f"{ROOM}beginning/", form).status_code == 303
    acme.checkout.refresh_from_db()
    assert acme.checkout.status == "under_maintenance"
    form = room_forms(commander)["updates"] | {"status": "verifying", "body": "Let us see."}
    assert commander.post(f"{ROOM}updates/", form).status_code == 303
    form = room_forms(commander)["completion"] | {"body": ""}
    assert commander.post(f"{ROOM}completion/", form).status_code == 303
    assert Update.objects.order_by("-number")[0].body == "The maintenance is finished."
    acme.checkout.refresh_from_db()
    assert acme.checkout.status == "operational"


def test_it_is_moved_then_extended_then_cancelled(acme: Cast, commander: Client, maintenance: Incident) -> None:
    form = room_forms(commander)["window"]
    assert form["begins_at"] == typed(maintenance.started_at), "as it is planned"
    begins_at = clock.now() + 5 * HOUR
    moved = form | {"begins_at": typed(begins_at), "ends_at": typed(begins_at + HOUR)}
    assert commander.post(f"{ROOM}window/", moved).status_code == 303
    begin(acme, maintenance)
    form = room_forms(commander)["window"]
    answer = commander.post(f"{ROOM}window/", form)
    assert answer.status_code == 422
    assert "Choose a later end" in text_of(answer.content.decode())
    assert commander.post(f"{ROOM}window/", form | {"ends_at": typed(begins_at + 3 * HOUR)}).status_code == 303
    assert commander.post(f"{ROOM}cancellation/", room_forms(commander)["cancellation"]).status_code == 303
    page = text_of(commander.get(ROOM).content.decode())
    assert "Cancelled" in page
    assert "The work has stopped." in page


def test_who_was_overtaken_by_the_clock_reads_so_and_keeps_their_words(
    acme: Cast, commander: Client, maintenance: Incident
) -> None:
    form = room_forms(commander)["beginning"] | {"body": "We begin a little early."}
    begin(acme, maintenance)
    answer = commander.post(f"{ROOM}beginning/", form)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "It has moved on while you were writing." in text_of(page)
    assert forms_in(page)[f"{ROOM}updates/"]["body"] == "We begin a little early."
    cancelling = room_forms(commander)["cancellation"] | {"body": "Called off."}
    cancel(acme, maintenance)
    answer = commander.post(f"{ROOM}cancellation/", cancelling)
    assert answer.status_code == 409
    assert "It has ended while you were writing." in text_of(answer.content.decode())


def test_words_on_the_way_are_posted_and_change_nothing_else(commander: Client, maintenance: Incident) -> None:
    form = room_forms(commander)["updates"] | {"body": "All is ready.", "is_page_only": "on"}
    assert commander.post(f"{ROOM}updates/", form).status_code == 303
    update = Update.objects.order_by("-number")[0]
    assert (update.body, update.status, update.notify) == ("All is ready.", "scheduled", False)
    answer = commander.post(f"{ROOM}updates/", room_forms(commander)["updates"])
    assert answer.status_code == 422, "nothing was said"


def test_the_list_keeps_maintenance_apart(acme: Cast, commander: Client, maintenance: Incident) -> None:
    open_incident(acme, title="Payments are down", body="Some payments fail.")
    incidents = text_of(commander.get("/o/acme/incidents/").content.decode())
    planned = text_of(commander.get(HERE).content.decode())
    assert "Payments are down" in incidents
    assert "Database upgrade" not in incidents
    assert "Maintenance 1" in incidents, "how many lie ahead, on the tab"
    assert "Payments are down" not in planned
    assert "Database upgrade" in planned
    assert "Begins" in planned
    assert "Open 1" in planned


def test_previews_are_what_is_then_sent(acme: Cast, commander: Client, timeline: Timeline, engine: Engine) -> None:
    subscribe(make_person(acme.organization, "c@x.example", confirmed_at=instant("09:00")), acme.page)
    form = filled_in(commander, acme)
    answer = commander.post(f"{HERE}preview/", form | {"kind": "scheduling"})
    page = text_of(answer.content.decode())
    assert "Customers [Acme] Scheduled maintenance: Database upgrade now 1 by e-mail" in page
    assert "Executives Hears nothing, by the plan" in page
    assert "Schedule, tell 1 ring now" in page, "the plan tells four; in one of them somebody can be reached"
    assert not Incident.objects.exists(), "a preview writes nothing"
    commander.post(HERE, form)
    timeline.to("10:01")
    for noun, kind, subject in (
        ("cancellation", "cancel", "Maintenance cancelled: Database upgrade"),
        ("window", "window", "Maintenance moved: Database upgrade"),
        ("beginning", "begin", "Maintenance begins: Database upgrade"),
    ):
        given = room_forms(commander)[noun] | {"kind": kind}
        answer = commander.post(f"{ROOM}preview/", given)
        assert f"[Acme] {subject}" in text_of(answer.content.decode())
    sent = [caught.subject for caught in engine.to("c@x.example")]
    assert sent == ["[Acme] Scheduled maintenance: Database upgrade"]


def test_the_room_says_what_comes_next_and_who_knows(acme: Cast, commander: Client, maintenance: Incident) -> None:
    page = text_of(commander.get(ROOM).content.decode())
    assert "planned for" in page
    assert "Begins by itself" in page
    assert "Nothing public yet" not in page
    post(acme, maintenance, "All is ready.")
    for name in ("pond", "timeline"):
        answer = commander.get(f"{ROOM}{name}/")
        assert answer.status_code == 200
    assert "All is ready." in text_of(answer.content.decode())

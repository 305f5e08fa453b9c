"""The incident room by its forms, as a browser sends them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident, IncidentTemplate, Note, Update
from statuspage.kit import clock
from statuspage.organizations.models import AuditEntry
from tests.console.browsing import enter, forms_in, text_of
from tests.engine import Engine
from tests.makers import (
    Cast,
    change_severity,
    make_person,
    open_incident,
    outage,
    post,
    resolve,
)
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


def newest() -> Update:
    return Update.objects.order_by("-number")[0]


def test_an_incident_opens_from_a_template_as_it_stands(acme: Cast, commander: Client) -> None:
    form = form_of(commander, "", page=f"{HERE}new?template=payments")
    answer = commander.post(HERE, form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}1/")
    incident, template = Incident.objects.get(), IncidentTemplate.objects.get(key="payments")
    assert (incident.title, incident.public_title, incident.severity) == (
        template.title,
        template.public_title,
        template.severity,
    )
    assert newest().body == template.body
    assert {note.up_to_position: note.body for note in Note.objects.all()} == {
        position: template.notes[key] for position, key in enumerate(("on_call", "support", "execs"))
    }
    assert incident.commander == acme.commander


def test_a_blank_incident_needs_only_titles_and_a_severity(commander: Client) -> None:
    form = form_of(commander, "", page=f"{HERE}new?template=blank")
    answer = commander.post(HERE, form | {"title": "Odd", "public_title": "Odd things", "severity": "sev3"})
    assert answer.status_code == 303
    assert Incident.objects.get().public_at is None, "nothing was said to the public"


def test_a_double_click_opens_one_incident(commander: Client) -> None:
    form = form_of(commander, "", page=f"{HERE}new?template=login")
    answers = [commander.post(HERE, form) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == [f"{HERE}1/", f"{HERE}1/"]
    assert Incident.objects.count() == 1


def test_what_is_wrong_stands_beside_the_field_and_the_words_are_kept(commander: Client) -> None:
    form = form_of(commander, "", page=f"{HERE}new?template=login")
    answer = commander.post(HERE, form | {"public_title": "", "body": "Kept & safe", "next_update_in": "60"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give it a title the public may read." in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_public_title_error"' in page
    assert 'aria-describedby="id_public_title_error"' in page
    again = forms_in(page)[HERE]
    assert (again["body"], again["submission_id"]) == ("Kept & safe", form["submission_id"])
    assert Incident.objects.count() == 0


def test_a_next_update_later_than_promised_is_refused_with_the_promise(commander: Client) -> None:
    form = form_of(commander, "", page=f"{HERE}new?template=payments")
    answer = commander.post(HERE, form | {"next_update_in": "60"})
    assert answer.status_code == 422
    assert "promised word at least every 30 minutes" in text_of(answer.content.decode())


def test_an_update_is_posted_with_words_notes_and_services(acme: Cast, commander: Client, incident: Incident) -> None:
    form = form_of(commander, "1/updates/")
    form |= {
        "status": "identified",
        "body": "It is the gateway.",
        "note-support": "Refunds are not needed.",
        f"service-{acme.checkout.public_id}": "major_outage",
        f"service-{acme.api.public_id}": "degraded_performance",
        "next_update_in": "15",
    }
    assert commander.post(f"{HERE}1/updates/", form).status_code == 303
    update = newest()
    assert (update.status, update.body) == ("identified", "It is the gateway.")
    assert update.next_update_at is not None
    assert 14 * 60 <= (update.next_update_at - update.posted_at).total_seconds() <= 15 * 60
    assert {(note.up_to_position, note.body) for note in update.notes.all()} == {(1, "Refunds are not needed.")}
    acme.checkout.refresh_from_db()
    acme.api.refresh_from_db()
    assert (acme.checkout.status, acme.api.status) == ("major_outage", "degraded_performance")


def test_a_double_click_posts_one_update(commander: Client, incident: Incident) -> None:
    form = form_of(commander, "1/updates/") | {"body": "Once."}
    assert [commander.post(f"{HERE}1/updates/", form).status_code for _ in range(2)] == [303, 303]
    assert Update.objects.filter(body="Once.").count() == 1


def test_the_second_of_two_commanders_sees_the_first_ones_words_and_keeps_their_own(
    acme: Cast, commander: Client, incident: Incident
) -> None:
    form = form_of(commander, "1/updates/") | {"body": "We think it is the database.", "status": "identified"}
    post(acme, incident, "It is the gateway.")
    answer = commander.post(f"{HERE}1/updates/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Posted while you were writing" in page
    assert text_of(page).index("It is the gateway.") < text_of(page).index("We think it is the database.")
    again = forms_in(page)[f"{HERE}1/updates/"]
    assert (again["body"], again["status"]) == ("We think it is the database.", "identified")
    assert "Post anyway" in text_of(page)
    assert commander.post(f"{HERE}1/updates/", again).status_code == 303
    assert newest().body == "We think it is the database."


def test_an_update_that_says_nothing_is_refused_in_a_sentence(commander: Client, incident: Incident) -> None:
    answer = commander.post(f"{HERE}1/updates/", form_of(commander, "1/updates/"))
    assert answer.status_code == 422
    assert "Write what is known, add a note, or change a service" in text_of(answer.content.decode())


def test_page_only_and_important_are_said_so(commander: Client, incident: Incident) -> None:
    form = form_of(commander, "1/updates/") | {"body": "A typo.", "is_page_only": "on"}
    commander.post(f"{HERE}1/updates/", form)
    assert (newest().notify, newest().is_important) == (False, False)
    commander.post(f"{HERE}1/updates/", form_of(commander, "1/updates/") | {"body": "News.", "is_important": "on"})
    assert (newest().notify, newest().is_important) == (True, True)


def test_the_severity_changes_with_or_without_words(commander: Client, incident: Incident) -> None:
    answer = commander.post(f"{HERE}1/severity/", form_of(commander, "1/severity/") | {"severity": "sev2"})
    assert answer.status_code == 303
    incident.refresh_from_db()
    assert (incident.severity.key, newest().kind, newest().body) == ("sev2", "severity", "")
    form = form_of(commander, "1/severity/")
    assert "severity" not in form, "nobody chooses for the commander"
    assert commander.post(f"{HERE}1/severity/", form).status_code == 422


def test_resolving_brings_words_of_its_own_and_wants_some(acme: Cast, commander: Client, incident: Incident) -> None:
    form = form_of(commander, "1/resolution/")
    assert "resolved" in form["body"]
    assert commander.post(f"{HERE}1/resolution/", form | {"body": " "}).status_code == 422
    assert commander.post(f"{HERE}1/resolution/", form).status_code == 303
    incident.refresh_from_db()
    acme.checkout.refresh_from_db()
    assert (incident.status, acme.checkout.status) == ("resolved", "operational")
    page = commander.get(f"{HERE}1/").content.decode()
    assert "Add to the record" in page
    assert f"{HERE}1/resolution/" not in forms_in(page)


def test_words_may_be_added_after_the_end(acme: Cast, commander: Client, incident: Incident) -> None:
    resolve(acme, incident)
    answer = commander.post(f"{HERE}1/updates/", form_of(commander, "1/updates/") | {"body": "It was a cable."})
    assert answer.status_code == 303
    assert (newest().body, newest().status) == ("It was a cable.", "resolved")


def test_command_is_handed_over_to_somebody_who_may_post(acme: Cast, commander: Client, incident: Incident) -> None:
    chosen = {"commander": str(acme.responder.pk), "lead": str(acme.owner.pk)}
    assert commander.post(f"{HERE}1/roles/", chosen).status_code == 303
    incident.refresh_from_db()
    assert (incident.commander, incident.lead) == (acme.responder, acme.owner)
    assert AuditEntry.objects.filter(verb="handed over", by=acme.commander).count() == 1
    assert commander.post(f"{HERE}1/roles/", chosen | {"lead": str(acme.viewer.pk)}).status_code == 422


def test_a_viewer_sees_everything_and_no_controls(acme: Cast, incident: Incident) -> None:
    page = enter(acme.viewer).get(f"{HERE}1/").content.decode()
    assert "Some payments fail." in page
    assert forms_in(page).keys() == {"/accounts/logout/"}


def test_the_list_is_filtered_by_its_address(acme: Cast, commander: Client, incident: Incident) -> None:
    second = open_incident(acme, title="Login is slow")
    resolve(acme, second)
    found = {state: commander.get(HERE, {"state": state}).content.decode() for state in ("open", "resolved", "all")}
    assert {state: ("Payments are failing" in page, "Login is slow" in page) for state, page in found.items()} == {
        "open": (True, False),
        "resolved": (False, True),
        "all": (True, True),
    }


def test_an_empty_list_teaches(commander: Client) -> None:
    assert "choose one of eight templates" in text_of(commander.get(HERE).content.decode())


def test_the_pond_tells_what_each_ring_got(acme: Cast, commander: Client, engine: Engine) -> None:
    make_person(acme.organization, "otto@acme.test", "+4915100000009", ring="on_call")
    make_person(acme.organization, "sue@acme.test", ring="support")
    make_person(acme.organization, "5xx-rcpt@acme.test", ring="support")
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    engine.settle()
    text = text_of(commander.get(f"{HERE}1/pond/").content.decode())
    assert "On-call Told" in text
    assert "1 E-mail 1 SMS" in text
    assert "1 of 2 1 failed" in text
    assert "Executives First word" in text
    timeline = text_of(commander.get(f"{HERE}1/timeline/").content.decode())
    assert "Ripple On-call told for the first time: 2 messages" in timeline
    assert "Commander of Acme Investigating Some payments fail." in timeline


def test_a_fragment_that_has_not_changed_is_not_sent_again(
    acme: Cast, commander: Client, incident: Incident, engine: Engine
) -> None:
    engine.settle()
    for name, severity in (("pond", "sev2"), ("timeline", "sev3")):
        seen = commander.get(f"{HERE}1/{name}/").content.decode().partition("?seen=")[2][:16]
        assert commander.get(f"{HERE}1/{name}/", {"seen": seen}).status_code == 204
        change_severity(acme, incident, severity)
        assert commander.get(f"{HERE}1/{name}/", {"seen": seen}).status_code == 200


def test_looking_again_ends_when_all_is_said(acme: Cast, commander: Client, incident: Incident, engine: Engine) -> None:
    engine.settle()
    assert "hx-trigger" in commander.get(f"{HERE}1/pond/").content.decode()
    resolve(acme, incident)
    assert "hx-trigger" in commander.get(f"{HERE}1/pond/").content.decode(), "the end has yet to be told"
    engine.settle()
    assert "hx-trigger" not in commander.get(f"{HERE}1/pond/").content.decode()


def test_a_broken_submission_id_is_a_sentence_and_not_an_error(commander: Client, incident: Incident) -> None:
    form = form_of(commander, "1/updates/") | {"submission_id": "nonsense", "body": "x"}
    assert commander.post(f"{HERE}1/updates/", form).status_code == 422
    assert uuid.UUID(form_of(commander, "1/updates/")["submission_id"])


def test_whoever_had_to_log_in_while_posting_finds_the_room_again(commander: Client, incident: Incident) -> None:
    form = form_of(commander, "1/updates/") | {"body": "Typed for a long time."}
    commander.logout()
    sent = commander.post(f"{HERE}1/updates/", form)
    assert sent.headers["location"] == f"/accounts/login/?next={HERE}1/updates/"
    back = enter(incident.commander).get(f"{HERE}1/updates/")
    assert (back.status_code, back.headers["location"]) == (303, f"{HERE}1/")


@pytest.mark.parametrize(("noun", "fields"), [("resolution/", {}), ("severity/", {"severity": "sev2"})])
def test_words_written_while_somebody_else_resolved_are_kept(
    acme: Cast, commander: Client, incident: Incident, noun: str, fields: dict[str, str]
) -> None:
    form = form_of(commander, f"1/{noun}")
    resolve(acme, incident)
    answer = commander.post(f"{HERE}1/{noun}", form | fields | {"body": "My own closing words."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "It has ended while you were writing." in page
    assert forms_in(page)[f"{HERE}1/updates/"]["body"] == "My own closing words."


def test_a_ring_that_should_have_been_told_is_shown_as_our_failure(
    timeline: Timeline, commander: Client, incident: Incident
) -> None:
    Incident.objects.update(planned_number=0)  # nobody plans: the dispatcher is away
    assert "Should have been told" not in text_of(commander.get(f"{HERE}1/pond/").content.decode())
    clock.move_to(clock.now() + timedelta(minutes=2))
    assert "Should have been told" in text_of(commander.get(f"{HERE}1/pond/").content.decode())

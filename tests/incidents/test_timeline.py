"""The timeline says what happened, newest first, and who said it to whom."""

from datetime import timedelta

from incidents import timeline
from incidents.models import Incident
from statuspage.kit import clock
from statuspage.pages.status import ServiceStatus
from tests.makers import Cast, change_severity, note, open_incident, outage, post, resolve


def headlines(incident: Incident) -> list[str]:
    incident.refresh_from_db()
    return [entry.headline for entry in timeline.of(incident)]


def test_every_kind_of_update_has_a_headline_of_its_own(acme: Cast) -> None:
    incident = open_incident(acme, notes=(note("Roll back.", 0),))
    post(acme, incident, services=outage(acme.api, status=ServiceStatus.MAJOR_OUTAGE))
    post(acme, incident, "It is the gateway.")
    change_severity(acme, incident, "sev3")
    resolve(acme, incident)
    assert headlines(incident) == [
        "Resolved",
        "Severity changed to SEV3",
        "Investigating",
        "Investigating, services changed",
        "Note",
    ]


def test_notes_name_their_readers_and_services_what_became_of_them(acme: Cast) -> None:
    incident = open_incident(
        acme, body="Some payments fail.", notes=(note("Refunds wait.", 1), note("Call us.", None, "legal"))
    )
    post(acme, incident, "Slow now.", services=outage(acme.checkout, status=ServiceStatus.DEGRADED_PERFORMANCE))
    newest, first = timeline.of(incident)
    assert first.notes == (("Support", "Refunds wait."), ("Legal", "Call us."))
    assert newest.services == ("Acme checkout: degraded performance",)
    assert newest.who == "Commander of Acme"


def test_an_unchanged_service_is_no_news(acme: Cast) -> None:
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    post(acme, incident, "Still so.")
    assert timeline.of(incident)[0].services == ()


def test_an_earlier_beginning_stands_at_the_end(acme: Cast) -> None:
    began_at = clock.now() - timedelta(minutes=20)
    incident = open_incident(acme, body="Some payments fail.", started_at=began_at)
    assert timeline.of(incident)[-1].at == began_at
    assert headlines(incident)[-1] == "It began, as the public reads it"

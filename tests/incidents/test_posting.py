"""What may be posted, what is refused with a sentence, and what stays when things around an incident change."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from incidents.models import Incident
from incidents.words import UpdateKind
from statuspage.kit import clock
from statuspage.pages.models import PageService
from tests.engine import Engine
from tests.makers import Cast, make_person, note, open_incident, outage, post, resolve, subscribe
from tests.timeline import Timeline, instant


def refusal_of(acme: Cast, **words: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        given: dict[str, Any] = {"body": "Some payments fail.", "services": outage(acme.checkout), **words}
        open_incident(acme, **given)
    return refusal.value.message_dict


@pytest.mark.parametrize(
    "title", ["", "   ", "two\nlines", "bell\x07", "delete\x7f", "next\x85", "line\u2028", "turned\u202etxt", "x" * 256]
)
def test_a_title_that_could_harm_a_mail_is_refused_with_a_sentence(acme: Cast, title: str) -> None:
    assert refusal_of(acme, title=title).keys() == {"title"}
    assert refusal_of(acme, public_title=title).keys() == {"public_title"}
    assert not Incident.objects.exists()


def test_times_that_are_slips_are_refused(acme: Cast) -> None:
    now = clock.now()
    for slip in (now + timedelta(hours=1), now - timedelta(days=31), now.replace(year=1)):
        assert refusal_of(acme, started_at=slip).keys() == {"started_at"}
    for slip in (now - timedelta(minutes=1), now + timedelta(days=31), now.replace(year=9998)):
        assert refusal_of(acme, expected_fix_at=slip).keys() == {"expected_fix_at"}
    for slip in (now, now + timedelta(hours=2)):
        assert refusal_of(acme, next_update_at=slip).keys() == {"next_update_at"}


@pytest.mark.parametrize("words", [{"body": "ä" * 17_000}, {"notes": (note("ä" * 17_000, 1),)}])
def test_more_words_than_a_page_can_hold_are_refused(acme: Cast, words: dict[str, object]) -> None:
    assert "32 KB" in str(refusal_of(acme, **words))


def test_whoever_was_told_hears_the_end_even_when_the_service_left_the_page(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    subscribe(make_person(acme.organization, "c@x.example", confirmed_at=instant("09:00")), acme.page, acme.checkout)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:11")
    PageService.objects.filter(service=acme.checkout).delete()
    resolve(acme, incident)
    timeline.to("10:15")
    assert [message.subject.split(":")[0] for message in engine.to("c@x.example")] == [
        "[Acme] Investigating",
        "[Acme] Resolved",
    ]
    assert Incident.objects.on_page(acme.page).get() == incident


@pytest.mark.parametrize("is_shown", [True, False])
def test_what_is_said_in_public_is_said_on_some_page(acme: Cast, is_shown: bool) -> None:
    if not is_shown:
        PageService.objects.filter(service=acme.api).delete()
    incident = open_incident(acme, body="Some requests fail.", services=outage(acme.api) if not is_shown else {})
    assert incident.pages().get() == acme.page


def test_after_the_end_only_words_can_be_added(acme: Cast) -> None:
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    resolve(acme, incident)
    post(acme, incident, "One more thing.")
    with pytest.raises(ValidationError):
        post(acme, incident, kind=UpdateKind.SEVERITY, severity=acme.organization.severities.get(key="sev4"))
    with pytest.raises(ValidationError):
        post(acme, incident, "Worse.", severity=acme.organization.severities.get(key="sev1"))


def test_one_incident_resolved_does_not_paint_a_service_green_that_another_holds_down(acme: Cast) -> None:
    first = open_incident(acme, body="One.", services=outage(acme.checkout))
    second = open_incident(acme, body="Two.", services=outage(acme.checkout))
    resolve(acme, first)
    acme.checkout.refresh_from_db()
    assert acme.checkout.status == "partial_outage"
    resolve(acme, second)
    acme.checkout.refresh_from_db()
    assert acme.checkout.status == "operational"

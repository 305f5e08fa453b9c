"""What may be planned and said of a maintenance, and what is refused with a sentence."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from incidents.models import Incident
from incidents.stages import MAY_FOLLOW
from incidents.windows import Window
from incidents.words import IncidentStatus, UpdateKind
from statuspage.kit import clock
from statuspage.kit.templatetags.ripple import span
from statuspage.organizations.models import AuditEntry, Severity
from statuspage.pages.models import Page, PageService
from tests.makers import Cast, begin, cancel, note, open_incident, post, reschedule, resolve, schedule

HOUR = timedelta(hours=1)


def plan(acme: Cast, *, ahead: timedelta = HOUR, length: timedelta = HOUR, **words: Any) -> Incident:
    begins_at = clock.now() + ahead
    return schedule(acme, acme.checkout, begins_at=begins_at, ends_at=begins_at + length, **words)


def refused(acme: Cast, **words: Any) -> set[str]:
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        plan(acme, **words)
    return set(refusal.value.message_dict)


def test_windows_that_are_slips_are_refused_beside_their_field(acme: Cast) -> None:
    assert refused(acme, ahead=timedelta(0)) == {"begins_at"}
    assert refused(acme, ahead=-HOUR) == {"begins_at"}
    assert refused(acme, ahead=timedelta(days=366)) == {"begins_at"}
    assert refused(acme, length=timedelta(0)) == {"ends_at"}
    assert refused(acme, length=-HOUR) == {"ends_at"}
    assert refused(acme, length=timedelta(days=31)) == {"ends_at"}
    assert refused(acme, verify_for=HOUR) == {"verify_for"}
    assert refused(acme, verify_for=-HOUR) == {"verify_for"}
    assert refused(acme, body=" ") == {"body"}
    assert refused(acme, title="two\nlines") == {"title"}
    assert not Incident.objects.exists()


def test_what_is_planned_is_announced_at_once_on_its_pages(acme: Cast) -> None:
    maintenance = plan(acme, notes=(note("Failover is tested.", 1),))
    assert (maintenance.number, maintenance.severity.key, maintenance.impact) == (1, "maintenance", "maintenance")
    assert maintenance.public_at is not None
    assert [row.service for row in maintenance.affected.all()] == [acme.checkout]
    assert maintenance.pages().get() == acme.page
    assert Incident.objects.planned_work().get() == maintenance
    assert not Incident.objects.unplanned_work().exists()
    assert AuditEntry.objects.filter(verb="scheduled", target="incident 1").count() == 1


def test_without_services_it_stands_on_every_page_and_without_pages_it_is_refused(acme: Cast) -> None:
    begins_at = clock.now() + HOUR
    assert schedule(acme, begins_at=begins_at, ends_at=begins_at + HOUR).pages().get() == acme.page
    PageService.objects.all().delete()
    Page.objects.all().delete()
    with pytest.raises(ValidationError, match="no page"), transaction.atomic():
        schedule(acme, begins_at=begins_at, ends_at=begins_at + HOUR)


def test_a_plan_without_a_row_for_maintenance_says_so(acme: Cast) -> None:
    Severity.objects.filter(is_for_maintenance=True).delete()
    with pytest.raises(ValidationError, match="no row for maintenance"):
        plan(acme)


def test_scheduled_twice_it_is_one(acme: Cast) -> None:
    first = plan(acme)
    assert plan(acme, submission_id=first.submission_id) == first
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": IncidentStatus.INVESTIGATING},
        {"status": IncidentStatus.VERIFYING},
        {"status": IncidentStatus.COMPLETED},
        {"kind": UpdateKind.RESOLVE},
        {"kind": UpdateKind.SEVERITY},
        {"kind": UpdateKind.RESCHEDULE},
        {"next_update_at": "soon"},
        {"expected_fix_at": "soon"},
    ],
)
def test_what_makes_no_sense_before_it_begins_is_refused(acme: Cast, fields: dict[str, Any]) -> None:
    maintenance = plan(acme)
    given = {name: clock.now() + HOUR if value == "soon" else value for name, value in fields.items()}
    with pytest.raises(ValidationError):
        post(acme, maintenance, "Words.", **given)
    maintenance.refresh_from_db()
    assert (maintenance.status, maintenance.last_number) == ("scheduled", 1)


def test_an_incident_and_a_maintenance_keep_to_their_own_rows_of_the_plan(acme: Cast) -> None:
    row = Severity.objects.get(is_for_maintenance=True)
    with pytest.raises(ValidationError), transaction.atomic():
        open_incident(acme, severity="maintenance", body="Words.")
    incident, maintenance = open_incident(acme, body="Some payments fail."), plan(acme)
    for severity in (row, Severity.objects.get(key="sev1")):
        with pytest.raises(ValidationError):
            post(acme, maintenance, "Words.", severity=severity)
    for fields in ({"severity": row}, {"status": IncidentStatus.IN_PROGRESS}, {"kind": UpdateKind.CANCEL}):
        with pytest.raises(ValidationError):
            post(acme, incident, "Words.", **fields)


def test_once_it_runs_only_its_end_moves_and_only_to_later(acme: Cast) -> None:
    maintenance = plan(acme)
    begin(acme, maintenance)
    maintenance.refresh_from_db()
    old = maintenance.window
    assert old is not None
    for begins_at, ends_at in (
        (old.begins_at, old.ends_at),
        (old.begins_at, old.ends_at - timedelta(minutes=5)),
        (old.begins_at + HOUR, old.ends_at + HOUR),
        (old.begins_at, old.begins_at + timedelta(days=31)),
    ):
        window = Window(begins_at=begins_at, ends_at=ends_at)
        with pytest.raises(ValidationError):
            reschedule(acme, maintenance, window)
    longer = Window(begins_at=old.begins_at, ends_at=old.ends_at + HOUR)
    reschedule(acme, maintenance, longer)
    maintenance.refresh_from_db()
    assert maintenance.next_move_at == longer.ends_at


def test_after_the_end_only_words_can_be_added(acme: Cast) -> None:
    maintenance = plan(acme)
    cancel(acme, maintenance)
    update = post(acme, maintenance, "We shall plan it anew.")
    assert (update.status, update.next_update_at) == ("completed", None)
    with pytest.raises(ValidationError, match="Schedule a new one"):
        resolve(acme, maintenance)


def test_the_database_refuses_what_cannot_be(acme: Cast) -> None:
    maintenance, incident = plan(acme), open_incident(acme, body="Some payments fail.")
    rows = Incident.objects
    for row, columns in (
        (maintenance, {"next_move_at": None}),
        (maintenance, {"status": "investigating"}),
        (incident, {"status": "in_progress"}),
        (incident, {"next_move_at": clock.now()}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.filter(pk=row.pk).update(**columns)


def test_every_stage_that_is_not_the_end_has_a_next() -> None:
    assert set(MAY_FOLLOW) == {status for status in IncidentStatus if not status.is_over}
    for stage, following in MAY_FOLLOW.items():
        assert stage in following
        assert {status.is_of_maintenance for status in following} == {stage.is_of_maintenance}


@pytest.mark.parametrize(
    ("begins_at", "ends_at", "zone", "words"),
    [
        ("03-02T12:00", "03-02T16:00", "Etc/UTC", "2 March, 12:00–16:00 UTC"),
        ("03-02T12:00", "03-02T16:00", "Europe/Berlin", "2 March, 13:00–17:00 CET"),
        ("03-02T22:00", "03-03T02:00", "Etc/UTC", "2 March, 22:00 UTC – 3 March, 02:00 UTC"),
        ("03-29T00:00", "03-29T04:00", "Europe/Berlin", "29 March, 01:00 CET – 06:00 CEST"),
        ("12-31T23:00", "12-31T23:30", "Asia/Kathmandu", "1 January, 04:45–05:15 UTC+0545"),
    ],
)
def test_a_window_is_said_with_its_day_and_zone(begins_at: str, ends_at: str, zone: str, words: str) -> None:
    begins, ends = (datetime.fromisoformat(f"2026-{at}:00Z") for at in (begins_at, ends_at))
    assert span(begins, ends, zone) == words

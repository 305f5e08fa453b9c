"""What the example tells of the past adds up, so that bars and uptime are right, and is sent to nobody."""

from datetime import datetime, timedelta
from itertools import groupby, pairwise

import pytest

from incidents import moving
from incidents.models import Incident, Update, UpdateService
from incidents.words import Impact, IncidentStatus, UpdateKind
from notifications import planning
from notifications.models import Broadcast, RingState
from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.models import Organization
from statuspage.pages.models import Service, StatusChange
from statuspage.pages.status import ServiceStatus
from tests.demo.conftest import InboxEngine
from tests.timeline import Timeline, instant


def test_fourteen_incidents_of_the_last_ninety_days_are_over(example: Organization) -> None:
    now = clock.now()
    with scope(organization=example):
        incidents = list(Incident.objects.unplanned_work().order_by("number"))
    assert len(incidents) == 14
    assert [incident.started_at for incident in incidents] == sorted(incident.started_at for incident in incidents)
    for incident in incidents:
        assert now - timedelta(days=90) < incident.started_at < incident.clock_started_at
        assert incident.resolved_at is not None
        assert incident.clock_started_at < incident.resolved_at < now
        assert incident.impact != Impact.NONE
    assert len({incident.severity_id for incident in incidents}) == 4


def test_every_incident_has_two_to_five_updates_and_the_last_one_ends_it(example: Organization) -> None:
    with scope(organization=example):
        updates = Update.objects.select_related("incident").order_by("incident__number", "number")
        updates = updates.filter(incident__scheduled_for=None)
        for incident, told in groupby(updates, key=lambda update: update.incident):
            rows = list(told)
            assert [row.number for row in rows] == list(range(1, incident.last_number + 1))
            assert 2 <= len(rows) <= 5
            assert [row.kind == UpdateKind.RESOLVE for row in rows] == [False] * (len(rows) - 1) + [True]
            assert rows[-1].stage is incident.stage is IncidentStatus.RESOLVED
            assert rows[-1].posted_at == incident.resolved_at == incident.updated_at
            assert rows[-1].severity_key == incident.severity.key


def test_the_next_update_never_came_later_than_it_was_promised(example: Organization) -> None:
    with scope(organization=example):
        for incident in Incident.objects.unplanned_work():
            for earlier, later in pairwise(incident.updates.order_by("number")):
                assert earlier.next_update_at is not None
                assert earlier.posted_at < later.posted_at <= earlier.next_update_at, (incident, later)


def test_each_service_went_from_what_it_was_to_what_it_became_and_works_now(example: Organization) -> None:
    with scope(organization=example):
        for service in Service.objects.prefetch_related("changes"):
            changes = sorted(service.changes.all(), key=lambda change: change.at)
            steps = [ServiceStatus.OPERATIONAL.value, *(change.new for change in changes)]
            assert [change.old for change in changes] == steps[:-1]
            assert steps[-1] == service.status == ServiceStatus.OPERATIONAL
            assert not changes or service.created_at < changes[0].at


def test_every_change_of_a_status_is_in_an_update_of_its_incident(example: Organization) -> None:
    def of_updates() -> set[tuple[int, datetime, str, str, str]]:
        rows = UpdateService.objects.select_related("update_row__incident")
        return {
            (row.service_id, row.update_row.posted_at, row.old, row.new, str(row.update_row.incident))
            for row in rows
            if row.old != row.new
        }

    with scope(organization=example):
        changes = set(StatusChange.objects.values_list("service_id", "at", "old", "new", "cause"))
        assert changes == of_updates()


def test_one_maintenance_is_over_and_one_lies_ahead(example: Organization) -> None:
    with scope(organization=example):
        over, ahead = Incident.objects.planned_work().order_by("scheduled_for")
        assert [update.status for update in over.updates.order_by("number")] == [
            "scheduled",
            "in_progress",
            "verifying",
            "completed",
        ]
        assert over.scheduled_for == over.started_at
        assert over.resolved_at == over.scheduled_until
        assert over.impact == ahead.impact == Impact.MAINTENANCE
        assert (ahead.title, ahead.status) == ("Webhook delivery moves to new hardware", "scheduled")
        assert [row.service.name for row in ahead.affected.all()] == ["Webhooks"]
        assert ahead.started_at - clock.now() < timedelta(days=2) + timedelta(hours=1)
        assert set(ahead.ring_states.values_list("state", flat=True)) == {"active", "idle"}, "they were told before"


@pytest.mark.usefixtures("example")
def test_whoever_was_told_of_what_lies_ahead_hears_its_end() -> None:
    clock.move_to(instant("+3 10:00"))
    while moving.move_next() or planning.plan_next():
        pass
    with across_organizations():
        heard = Broadcast.objects.values_list("ring_state__ring__key", "kind")
        assert set(heard) == {(ring, "resolved") for ring in ("on_call", "support", "employees", "customers")}


def test_the_past_is_mostly_green(example: Organization) -> None:
    with scope(organization=example):
        down = timedelta(0)
        for service in Service.objects.all():
            for began, ended in pairwise(service.changes.order_by("at")):
                down += ended.at - began.at if began.new == ServiceStatus.MAJOR_OUTAGE else timedelta(0)
    assert timedelta(minutes=30) < down < timedelta(hours=2)


@pytest.mark.usefixtures("example")
def test_nothing_is_sent_for_history(timeline: Timeline, engine: InboxEngine) -> None:
    timeline.to("12:00")
    assert engine.caught() == []
    with across_organizations():
        assert not Broadcast.objects.exists()
        assert not RingState.objects.filter(incident__resolved_at__isnull=False).exists()

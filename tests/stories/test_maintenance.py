"""A maintenance from its announcement to its end, with moved time: it keeps its own clock, and everybody hears once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from incidents import maintaining, moving, posting
from incidents.models import Incident
from incidents.windows import Window
from incidents.words import IncidentStatus, UpdateKind
from notifications.models import Broadcast
from statuspage.dispatching import Dispatcher
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import AuditEntry, PlanCell
from statuspage.pages.models import Page, Service
from tests.engine import Engine
from tests.makers import (
    Cast,
    begin,
    cancel,
    complete,
    draft_of,
    make_person,
    open_incident,
    outage,
    post,
    reschedule,
    resolve,
    schedule,
    subscribe,
)
from tests.timeline import Timeline, instant

ALL = ("on_call@acme.test", "support@acme.test", "employees@acme.test", "customer@example.com")
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


@pytest.fixture
def maintenance(acme: Cast, neighbour: Cast, timeline: Timeline) -> Incident:
    """Scheduled at 10:00 for the checkout, from 12:00 to 16:00 on the next day, the last half hour to check."""
    early = instant("09:00")
    for ring in ("on_call", "support", "execs", "employees"):
        make_person(acme.organization, f"{ring}@acme.test", ring=ring, confirmed_at=early)
    subscribe(make_person(acme.organization, "customer@example.com", confirmed_at=early), acme.page)
    subscribe(make_person(acme.organization, "api@example.com", confirmed_at=early), acme.page, acme.api)
    with scope(organization=neighbour.organization):
        subscribe(make_person(neighbour.organization, "them@globex.test", confirmed_at=early), neighbour.page)
    return schedule(
        acme,
        acme.checkout,
        begins_at=instant("+1 12:00"),
        ends_at=instant("+1 16:00"),
        verify_for=timedelta(minutes=30),
        remind_before=(DAY, HOUR),
    )


def shown(service: Service) -> str:
    service.refresh_from_db()
    return service.status


def told(engine: Engine, address: str = "customer@example.com") -> list[str]:
    return [subject.removeprefix("[Acme] ").partition(":")[0] for subject in engine.subjects(address)]


def stages(maintenance: Incident) -> list[tuple[str, str]]:
    rows = maintenance.updates.order_by("number")
    return [(f"{row.posted_at:%d %H:%M}", row.status) for row in rows]


def test_the_whole_story(acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine) -> None:
    timeline.to("10:00")
    (announced,) = engine.to("customer@example.com")
    assert announced.subject == "[Acme] Scheduled maintenance: Database upgrade"
    assert "Planned for 3 March, 12:00–16:00 UTC." in announced.text
    assert "Writing is not possible meanwhile." in announced.text
    assert shown(acme.checkout) == "operational"

    timeline.to("+1 11:59")
    assert told(engine) == ["Scheduled maintenance", "Maintenance reminder", "Maintenance reminder"]
    assert shown(acme.checkout) == "operational"
    timeline.to("+1 12:00")
    assert shown(acme.checkout) == "under_maintenance"
    assert shown(acme.api) == "operational"
    incident = open_incident(acme, body="Writing is lost.", services=outage(acme.checkout))
    assert shown(acme.checkout) == "partial_outage"
    timeline.to("+1 13:00")
    resolve(acme, incident)
    assert shown(acme.checkout) == "under_maintenance"

    timeline.to("+1 15:30")
    maintenance.refresh_from_db()
    assert (maintenance.status, shown(acme.checkout)) == ("verifying", "under_maintenance")
    timeline.to("+1 16:00")
    maintenance.refresh_from_db()
    assert (maintenance.status, shown(acme.checkout)) == ("completed", "operational")
    assert (maintenance.next_move_at, maintenance.resolved_at) == (None, instant("+1 16:00"))
    timeline.to("+3 10:00")

    assert stages(maintenance) == [
        ("02 10:00", "scheduled"),
        ("02 12:00", "scheduled"),
        ("03 11:00", "scheduled"),
        ("03 12:00", "in_progress"),
        ("03 15:30", "verifying"),
        ("03 16:00", "completed"),
    ]
    for address in ALL:
        subjects = [subject for subject in engine.subjects(address) if "Database upgrade" in subject]
        assert subjects == [
            "[Acme] Scheduled maintenance: Database upgrade",
            "[Acme] Maintenance reminder: Database upgrade",
            "[Acme] Maintenance reminder: Database upgrade",
            "[Acme] Maintenance begins: Database upgrade",
            "[Acme] Maintenance finished: Database upgrade",
        ], address
    assert told(engine, "api@example.com") == []
    assert not any("Database upgrade" in subject for subject in engine.subjects("execs@acme.test"))
    assert not [caught for caught in engine.caught() if caught.to.endswith("globex.test")]


def test_what_ripple_does_by_itself_has_no_author_and_promises_no_next_update(
    acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine
) -> None:
    revision = Page.objects.get().revision
    timeline.to("+2 10:00")
    own = list(maintenance.updates.filter(posted_by=None).order_by("number"))
    assert [row.body for row in own][2:] == [
        "The maintenance has begun.",
        "The work is done; we are checking that all is well.",
        "The maintenance is finished.",
    ]
    assert not maintenance.updates.exclude(next_update_at=None).exists()
    assert Page.objects.get().revision >= revision + len(own)
    assert AuditEntry.objects.filter(by=None, verb="reminded").count() == 2
    for caught in engine.to("customer@example.com"):
        assert not any(words in caught.text for words in ("since", "Next update", "fixed by", "investigat"))


def test_a_dispatcher_that_was_away_over_the_whole_window_tells_one_truth(
    acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine
) -> None:
    timeline.to("10:05")
    clock.move_to(instant("+1 17:00"))
    timeline.to("+1 17:00")
    assert [stage for _at, stage in stages(maintenance)] == ["scheduled", "in_progress", "completed"]
    assert told(engine) == ["Scheduled maintenance", "Maintenance finished"]
    assert shown(acme.checkout) == "operational"


def test_two_dispatchers_and_a_look_too_many_change_nothing(
    acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine
) -> None:
    timeline.to("+1 12:00")
    before = stages(maintenance)
    assert not moving.move_next()
    engine.settle()
    assert stages(maintenance) == before


def test_it_is_extended_while_it_runs_and_the_new_end_is_told(
    acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine
) -> None:
    timeline.to("+1 15:40")
    maintenance.refresh_from_db()
    later = Window(begins_at=instant("+1 12:00"), ends_at=instant("+1 18:00"), verify_for=timedelta(minutes=30))
    post(acme, maintenance, "Two tables are left.", status=IncidentStatus.IN_PROGRESS)
    reschedule(acme, maintenance, later)
    timeline.to("+1 17:29")
    extended = engine.to("customer@example.com")[-1]
    assert extended.subject == "[Acme] Maintenance extended: Database upgrade"
    assert "Planned until 3 March, 18:00 UTC." in extended.text
    assert "It is now planned to end at 3 March, 18:00 UTC." in extended.text
    maintenance.refresh_from_db()
    assert (maintenance.status, shown(acme.checkout)) == ("in_progress", "under_maintenance")
    timeline.to("+1 18:00")
    assert stages(maintenance)[-2:] == [("03 17:30", "verifying"), ("03 18:00", "completed")]


def test_it_is_moved_before_it_starts_and_reminds_anew(
    acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine
) -> None:
    timeline.to("+1 11:30")
    later = Window(begins_at=instant("+3 12:00"), ends_at=instant("+3 13:00"), remind_before=(DAY, HOUR))
    reschedule(acme, maintenance, later)
    timeline.to("+3 11:59")
    assert told(engine)[3:] == ["Maintenance moved", "Maintenance reminder", "Maintenance reminder"]
    moved = engine.to("customer@example.com")[3]
    assert "Planned for 5 March, 12:00–13:00 UTC." in moved.text
    assert shown(acme.checkout) == "operational"
    maintenance.refresh_from_db()
    assert maintenance.started_at == instant("+3 12:00")
    timeline.to("+3 13:00")
    assert told(engine)[-2:] == ["Maintenance begins", "Maintenance finished"]


@pytest.mark.parametrize("at", ["+1 09:00", "+1 13:00"])
def test_it_is_cancelled_before_it_begins_or_on_the_way(
    at: str, acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine
) -> None:
    timeline.to(at)
    heard = len(told(engine))
    cancel(acme, maintenance)
    timeline.to("+3 10:00")
    maintenance.refresh_from_db()
    assert (maintenance.status, maintenance.stage_label) == ("completed", "Cancelled")
    assert maintenance.cancelled_at == maintenance.resolved_at == instant(at)
    assert maintenance.started_at <= instant(at)
    assert shown(acme.checkout) == "operational"
    assert told(engine)[heard:] == ["Maintenance cancelled"]
    assert "It was planned for 3 March, 12:00–16:00 UTC." in engine.to("customer@example.com")[-1].text


def test_people_may_begin_early_check_and_finish_early(
    acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine
) -> None:
    timeline.to("+1 11:30")
    begin(acme, maintenance, "We begin early.")
    timeline.to("+1 12:30")
    assert shown(acme.checkout) == "under_maintenance"
    post(acme, maintenance, "Let us see.", status=IncidentStatus.VERIFYING)
    timeline.to("+1 13:00")
    complete(acme, maintenance)
    timeline.to("+2 10:00")
    assert [stage for _at, stage in stages(maintenance)][-3:] == ["in_progress", "verifying", "completed"]
    assert told(engine)[-3:] == ["Maintenance begins", "Maintenance being checked", "Maintenance finished"]
    assert "It took 1 hour 30 minutes." in engine.to("customer@example.com")[-1].text


def test_whoever_confirms_later_gets_the_newest_word(
    acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine
) -> None:
    timeline.to("+1 11:30")
    subscribe(make_person(acme.organization, "late@example.com"), acme.page)
    timeline.to("+1 12:00")
    assert told(engine, "late@example.com") == ["Maintenance reminder", "Maintenance begins"]


def test_a_ring_whose_cell_is_never_hears_nothing(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    PlanCell.objects.filter(severity__is_for_maintenance=True, ring__key="customers").update(mode="never")
    subscribe(make_person(acme.organization, "customer@example.com", confirmed_at=instant("09:00")), acme.page)
    maintenance = schedule(acme, acme.checkout, begins_at=instant("12:00"), ends_at=instant("13:00"))
    timeline.to("14:00")
    assert engine.caught() == []
    assert stages(maintenance)[-1] == ("02 13:00", "completed"), "the page moves all the same"


def test_one_that_cannot_be_moved_holds_up_no_other(acme: Cast, timeline: Timeline) -> None:
    sick = schedule(acme, acme.api, begins_at=instant("12:00"), ends_at=instant("13:00"))
    well = schedule(acme, acme.checkout, begins_at=instant("12:30"), ends_at=instant("13:00"))
    Incident.objects.filter(pk=sick.pk).update(planned_number=0, last_number=0)  # its next number exists already
    clock.move_to(instant("12:45"))
    with pytest.raises(moving.MovingFailed) as failure:
        moving.move_next()
    assert failure.value.incident_id == sick.pk
    Dispatcher(is_stopping=lambda: False).move()
    for row, status in ((sick, "scheduled"), (well, "in_progress")):
        row.refresh_from_db()
        assert row.status == status
    assert shown(acme.api) == "operational"


def test_sent_twice_it_is_posted_once_and_the_second_author_reads_the_first(
    acme: Cast, maintenance: Incident, timeline: Timeline
) -> None:
    stale, cancelling = (make(draft_of(maintenance)) for make in (maintaining.beginning, maintaining.cancellation))
    first = posting.post_update(maintenance, cancelling, by=acme.commander)
    assert posting.post_update(maintenance, cancelling, by=acme.commander) == first
    with pytest.raises(posting.SomebodyElsePosted):
        posting.post_update(maintenance, stale, by=acme.commander)
    with pytest.raises(ValidationError):
        begin(acme, maintenance)


def test_a_plain_word_while_a_reminder_is_due_does_not_swallow_it(
    acme: Cast, maintenance: Incident, timeline: Timeline, engine: Engine
) -> None:
    timeline.to("10:01")
    clock.move_to(instant("12:00"))
    post(acme, maintenance, "Nothing has changed.")
    timeline.to("12:01")
    assert maintenance.updates.filter(kind=UpdateKind.REMIND).count() == 1
    assert Broadcast.objects.filter(ring_state__ring__key="customers").count() == 2

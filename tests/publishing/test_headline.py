"""What the first sentence says, case by case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from incidents.headline import Headline, Situation, headline
from incidents.public_record import AffectedShown, PublicIncident, PublicUpdate
from incidents.words import Impact, IncidentStatus
from statuspage.pages.status import ServiceStatus

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
UP, SLOW = ServiceStatus.OPERATIONAL, ServiceStatus.DEGRADED_PERFORMANCE
PART, DOWN, PLANNED = ServiceStatus.PARTIAL_OUTAGE, ServiceStatus.MAJOR_OUTAGE, ServiceStatus.UNDER_MAINTENANCE
NBSP = "\u00a0"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def incident(title: str = "Checkout errors", **fields: object) -> PublicIncident:
    update = PublicUpdate(
        public_id="u",
        status=IncidentStatus.INVESTIGATING,
        body="b",
        html="b",
        posted_at=at("24 10:09"),
        changes=(),
    )
    plain = PublicIncident(
        public_id="i",
        title=title,
        impact=Impact.NONE,
        started_at=at("24 10:04"),
        resolved_at=None,
        next_update_at=at("24 11:00"),
        expected_fix_at=None,
        last_number=1,
        updates=(update,),
        affected=(),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def affecting(*names: str) -> tuple[AffectedShown, ...]:
    return tuple(AffectedShown(public_id=name, name=name) for name in names)


def said(incidents: Sequence[PublicIncident] = (), zone: str = "Etc/UTC", **services: ServiceStatus) -> Headline:
    found = headline(Situation(incidents=incidents, services=list(services.items()), now=NOW, zone=zone))
    return replace(found, sentence=found.sentence.replace(NBSP, " "))


def test_all_is_well() -> None:
    assert said(API=UP, Checkout=UP) == Headline(sentence="All services are operating normally.", tone=UP)


def test_a_page_without_services_does_not_claim_that_they_work() -> None:
    assert said().sentence == "No trouble is known."


def test_one_incident_says_what_since_when_and_until_when() -> None:
    found = said([incident(impact=Impact.MAJOR, affected=affecting("Checkout"))], Checkout=PART, API=UP)
    assert found == Headline(
        sentence="Checkout errors since 10:04 UTC.",
        tone=PART,
        stage="The cause is not known yet.",
        due_at=at("24 11:00"),
        is_late=False,
        rest="Everything else is operating normally.",
    )


def test_a_title_that_is_a_sentence_stays_one() -> None:
    assert said([incident("Checkout is failing.")]).sentence == "Checkout is failing since 10:04 UTC."


def test_times_are_in_the_pages_zone_and_name_another_day() -> None:
    assert said([incident()], zone="Europe/Berlin").sentence == "Checkout errors since 11:04 CET."
    assert said([incident(started_at=at("23 22:30"))]).sentence == "Checkout errors since 23 November, 22:30 UTC."


def test_with_an_open_incident_it_is_never_green_whatever_the_services_say() -> None:
    found = said([incident()], API=UP, Checkout=UP)
    assert found.tone is SLOW
    assert "normally" not in f"{found.sentence} {found.stage} {found.rest}"


@pytest.mark.parametrize(
    ("impact", "tone"), [(Impact.NONE, SLOW), (Impact.MINOR, SLOW), (Impact.MAJOR, PART), (Impact.CRITICAL, DOWN)]
)
def test_the_tone_follows_the_impact(impact: Impact, tone: ServiceStatus) -> None:
    assert said([incident(impact=impact)], API=UP).tone is tone


@pytest.mark.parametrize(("due", "is_late"), [("24 10:31", False), ("24 10:30", True), ("24 09:00", True)])
def test_a_promise_that_has_passed_is_late(due: str, is_late: bool) -> None:
    assert said([incident(next_update_at=at(due))]).is_late is is_late


def test_of_several_incidents_the_worst_speaks_and_the_nearest_promise_counts() -> None:
    small = incident("Slow search", started_at=at("24 08:00"), next_update_at=at("24 10:45"))
    worst = incident("Payments fail", impact=Impact.CRITICAL)
    found = said([small, worst, small], Checkout=DOWN)
    assert found.sentence == "Payments fail since 10:04 UTC, and 2 more incidents."
    assert (found.tone, found.due_at, found.stage) == (DOWN, at("24 10:45"), "")
    assert said([small, worst]).sentence == "Payments fail since 10:04 UTC, and 1 more incident."


def test_of_equals_the_one_that_has_lasted_longest_speaks() -> None:
    assert said([incident("New"), incident("Old", started_at=NOW - timedelta(hours=3))]).sentence.startswith("Old")


def test_a_service_in_trouble_for_another_reason_is_named() -> None:
    touched = affecting("Checkout")
    assert said([incident(affected=touched)], Checkout=PART, API=SLOW).rest == "API is not operating normally either."
    others = said([incident(affected=touched)], Checkout=PART, API=SLOW, Search=SLOW, Mail=PLANNED)
    assert others.rest == "3 services are not operating normally either."


def test_when_everything_is_touched_nothing_is_said_of_the_rest() -> None:
    assert said([incident(affected=affecting("Checkout"))], Checkout=PART).rest == ""


@pytest.mark.parametrize(
    ("services", "sentence", "rest"),
    [
        ({"API": DOWN, "Search": UP}, "API: major outage.", "Everything else is operating normally."),
        ({"API": DOWN}, "API: major outage.", ""),
        ({"API": PLANNED, "Web": PLANNED}, "API and Web: under maintenance.", ""),
        ({"API": SLOW, "Web": DOWN}, "API and Web are not operating normally.", ""),
        ({"A": SLOW, "B": SLOW, "C": SLOW}, "3 services: degraded performance.", ""),
        ({"A": SLOW, "B": SLOW, "C": DOWN}, "3 services are not operating normally.", ""),
    ],
)
def test_marked_services_without_an_incident_are_told_as_they_are(
    services: dict[str, ServiceStatus], sentence: str, rest: str
) -> None:
    found = said((), **services)
    assert (found.sentence, found.rest) == (sentence, rest)


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("identified", "The cause is known and is being fixed."),
        ("monitoring", "A fix is in place and is being watched."),
    ],
)
def test_the_stage_is_told_in_words(status: str, stage: str) -> None:
    one = incident()
    moved = replace(one, updates=(replace(one.updates[0], status=IncidentStatus(status)),))
    assert said([moved]).stage == stage

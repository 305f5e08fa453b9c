"""The API that programs made for Statuspage read, on pages of every shape: keys, order, types, and that it agrees."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from incidents.words import Impact, IncidentStatus
from statuspage.kit import clock
from statuspage.pages.models import Page
from tests.makers import Cast, open_incident, outage, schedule
from tests.publishing.worlds import Told, drawn, write
from tests.timeline import START, instant

Json = Mapping[str, Any]
Bodies = Mapping[str, Json]
Shape = Any
"""A form for a text, or a list of one shape, or a shape for each key."""

ID = "[a-z0-9]{12}"
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)"
SERVICE_STATUS = "operational|degraded_performance|partial_outage|major_outage|under_maintenance"
PAGE = {"id": ID, "name": "str", "url": "http://.+", "time_zone": "str", "updated_at": INSTANT}
STATUS = {"indicator": "none|minor|major|critical|maintenance", "description": "str"}
COMPONENT = {
    "id": ID,
    "name": "str",
    "status": SERVICE_STATUS,
    "created_at": INSTANT,
    "updated_at": INSTANT,
    "position": "int",
    "description": "str or null",
    "showcase": "bool",
    "start_date": r"\d{4}-\d\d-\d\d",
    "group_id": f"{ID} or null",
    "page_id": ID,
    "group": "bool",
    "only_show_if_degraded": "bool",
}
GROUP = COMPONENT | {"start_date": "null", "group_id": "null", "components": [ID]}
CHANGE = {"code": ID, "name": "str", "old_status": SERVICE_STATUS, "new_status": SERVICE_STATUS}
UPDATE = {
    "id": ID,
    "status": "investigating|identified|monitoring|resolved",
    "body": "str",
    "incident_id": ID,
    "created_at": INSTANT,
    "updated_at": INSTANT,
    "display_at": INSTANT,
    "affected_components": [CHANGE],
    "deliver_notifications": "bool",
    "custom_tweet": "null",
    "tweet_id": "null",
}
INCIDENT = {
    "id": ID,
    "name": "str",
    "status": "investigating|identified|monitoring|resolved",
    "created_at": INSTANT,
    "updated_at": INSTANT,
    "monitoring_at": f"{INSTANT} or null",
    "resolved_at": f"{INSTANT} or null",
    "impact": "none|minor|major|critical",
    "shortlink": "http://.+",
    "started_at": INSTANT,
    "page_id": ID,
    "incident_updates": [UPDATE],
    "components": [COMPONENT],
    "reminder_intervals": "null",
}
PLANNED = "scheduled|in_progress|verifying|completed"
MAINTENANCE = INCIDENT | {
    "status": PLANNED,
    "impact": "maintenance",
    "incident_updates": [UPDATE | {"status": PLANNED}],
    "scheduled_for": INSTANT,
    "scheduled_until": INSTANT,
}
BODIES: dict[str, Shape] = {
    "summary": {
        "page": PAGE,
        "components": [COMPONENT],
        "incidents": [INCIDENT],
        "scheduled_maintenances": [MAINTENANCE],
        "status": STATUS,
    },
    "status": {"page": PAGE, "status": STATUS},
    "components": {"page": PAGE, "components": [COMPONENT]},
    "incidents": {"page": PAGE, "incidents": [INCIDENT]},
    "incidents/unresolved": {"page": PAGE, "incidents": [INCIDENT]},
    "incidents/resolved": {"page": PAGE, "incidents": [INCIDENT]},
    "scheduled-maintenances": {"page": PAGE, "scheduled_maintenances": [MAINTENANCE]},
    "scheduled-maintenances/upcoming": {"page": PAGE, "scheduled_maintenances": [MAINTENANCE]},
    "scheduled-maintenances/active": {"page": PAGE, "scheduled_maintenances": [MAINTENANCE]},
}
LISTS_THAT_MAY_BE_NULL = {"affected_components"}


def check(value: object, shape: Shape, where: str) -> None:
    """The same keys in the same order, all the way down; every value of a form the shape allows."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        wanted = GROUP if shape is COMPONENT and value["group"] else shape
        assert list(value) == list(wanted), where
        for key, inner in wanted.items():
            check(value[key], inner, f"{where}.{key}")
    elif isinstance(shape, list):
        if value is None and where.rpartition(".")[2] in LISTS_THAT_MAY_BE_NULL:
            return
        assert isinstance(value, list), where
        assert value or where.rpartition(".")[2] not in LISTS_THAT_MAY_BE_NULL, f"{where} is null, not []"
        for place, one in enumerate(value):
            check(one, shape[0], f"{where}[{place}]")
    else:
        assert any(is_of(value, form) for form in shape.split(" or ")), f"{where} is {value!r}"


def is_of(value: object, form: str) -> bool:
    names = {"str": str, "int": int, "bool": bool, "null": type(None)}
    if form in names:
        return type(value) is names[form]
    return isinstance(value, str) and re.fullmatch(form, value) is not None


def read(found: Mapping[str, bytes]) -> Bodies:
    return {name: json.loads(found[f"api/v2/{name}.json"]) for name in BODIES}


def bodies_of(page: Page) -> Bodies:
    return read(drawn(page, ".json", now=START))


@pytest.fixture
def shapes(many: list[dict[str, bytes]]) -> list[Bodies]:
    """The API of pages of every shape."""
    return [read(documents) for documents in many]


def test_every_body_has_the_keys_order_and_forms_that_clients_expect(shapes: list[Bodies]) -> None:
    for bodies in shapes:
        for name, body in bodies.items():
            check(body, BODIES[name], name)


def test_the_made_up_pages_show_everything_there_is(shapes: list[Bodies]) -> None:
    """Or the other tests here would say nothing."""
    rows = [row for bodies in shapes for row in incidents_in(bodies)]
    assert {bodies["status"]["status"]["indicator"] for bodies in shapes} == set(STATUS["indicator"].split("|"))
    assert {min(len(bodies["components"]["components"]), 3) for bodies in shapes} == {0, 1, 2, 3}
    assert len({(row["impact"] == "maintenance", row["status"]) for row in rows}) == 8
    assert {bool(row["components"]) for row in rows} == {True, False}
    assert {len(row["incident_updates"]) > 1 for row in rows} == {True, False}


def test_the_bodies_agree_with_each_other(shapes: list[Bodies]) -> None:
    for bodies in shapes:
        summary = bodies["summary"]
        unresolved, resolved = (bodies[f"incidents/{which}"]["incidents"] for which in ("unresolved", "resolved"))
        upcoming, active = (
            bodies[f"scheduled-maintenances/{which}"]["scheduled_maintenances"] for which in ("upcoming", "active")
        )
        assert all(body["page"] == summary["page"] for body in bodies.values())
        assert summary["components"] == bodies["components"]["components"]
        assert summary["status"] == bodies["status"]["status"]
        assert summary["incidents"] == unresolved
        assert summary["scheduled_maintenances"] == [*active, *upcoming]
        assert ids(bodies["incidents"]["incidents"]) == ids(unresolved) | ids(resolved)
        assert {row["resolved_at"] is not None for row in resolved} <= {True}
        assert {row["resolved_at"] is not None for row in unresolved} <= {False}
        maintenance = bodies["scheduled-maintenances"]["scheduled_maintenances"]
        assert ids(upcoming) | ids(active) == ids(row for row in maintenance if row["status"] != "completed")
        assert {row["status"] for row in upcoming} <= {"scheduled"}


def test_whatever_is_referred_to_is_there(shapes: list[Bodies]) -> None:
    for bodies in shapes:
        components = {row["id"]: row for row in bodies["components"]["components"]}
        groups = {key: row for key, row in components.items() if row["group"]}
        assert len(components) == len(bodies["components"]["components"])
        for key, row in components.items():
            assert row["group_id"] is None or key in groups[row["group_id"]]["components"]
        for key, row in groups.items():
            assert [components[child]["group_id"] for child in row["components"]] == [key] * len(row["components"])
        for row in incidents_in(bodies):
            assert all(component == components[component["id"]] for component in row["components"])
            for update in row["incident_updates"]:
                assert update["incident_id"] == row["id"]
                assert {change["code"] for change in update["affected_components"] or []} <= set(components)


def test_lists_are_in_the_order_people_read_them(shapes: list[Bodies]) -> None:
    for bodies in shapes:
        for rows, key in (
            (bodies["incidents"]["incidents"], "started_at"),
            (bodies["incidents/unresolved"]["incidents"], "started_at"),
            (bodies["scheduled-maintenances"]["scheduled_maintenances"], "scheduled_for"),
            (bodies["scheduled-maintenances/upcoming"]["scheduled_maintenances"][::-1], "scheduled_for"),
        ):
            assert_newest_first([row[key] for row in rows])
        for row in incidents_in(bodies):
            assert_newest_first([update["created_at"] for update in row["incident_updates"]])


def assert_newest_first(instants: list[str]) -> None:
    parsed = [datetime.fromisoformat(one) for one in instants]
    assert parsed == sorted(parsed, reverse=True)


def ids(rows: Iterable[Json]) -> set[str]:
    return {row["id"] for row in rows}


def incidents_in(bodies: Bodies) -> list[Json]:
    return [*bodies["incidents"]["incidents"], *bodies["scheduled-maintenances"]["scheduled_maintenances"]]


def statuses(acme: Cast) -> tuple[str, str]:
    status = bodies_of(acme.page)["status"]["status"]
    return status["indicator"], status["description"]


@pytest.mark.parametrize(
    ("impact", "is_raising", "told"),
    [
        (Impact.NONE, True, ("none", "All Systems Operational")),
        (Impact.MINOR, True, ("minor", "Partially Degraded Service")),
        (Impact.MAJOR, True, ("major", "Partial System Outage")),
        (Impact.CRITICAL, True, ("critical", "Major System Outage")),
        (Impact.CRITICAL, False, ("none", "All Systems Operational")),
    ],
)
def test_an_incident_raises_the_indicator_only_where_the_owner_wants_it(
    acme: Cast, impact: Impact, is_raising: bool, told: tuple[str, str]
) -> None:
    incident = open_incident(acme, body="Strange mails are going round.")
    incident.impact = impact.value
    incident.save()
    acme.page.incident_raises_indicator = is_raising
    assert statuses(acme) == told


def test_an_incident_never_lowers_the_indicator(acme: Cast) -> None:
    open_incident(acme, body="All is down.", services=outage(acme.api, acme.cards, acme.checkout))
    acme.page.incident_raises_indicator = True
    assert statuses(acme) == ("major", "Partial System Outage")


def test_at_most_fifty_of_each_are_told_and_all_that_are_open(acme: Cast) -> None:
    for stage, number in ((IncidentStatus.RESOLVED, 60), (IncidentStatus.INVESTIGATING, 52)):
        told = [
            Told(
                {"public_title": "Trouble", "started_at": at, "resolved_at": at if stage.is_over else None},
                [stage],
                [at],
                ["We look."],
            )
            for at in (START - timedelta(days=day) for day in range(number))
        ]
        write(acme.page, told, now=START, chance=Random(1))
    bodies = bodies_of(acme.page)
    assert len(bodies["incidents"]["incidents"]) == len(bodies["incidents/resolved"]["incidents"]) == 50
    assert len(bodies["incidents/unresolved"]["incidents"]) == len(bodies["summary"]["incidents"]) == 52


def test_a_maintenance_starts_when_it_is_announced_and_says_its_window_at_the_end(acme: Cast) -> None:
    clock.make_movable(START)
    schedule(acme, acme.api, begins_at=instant("3 22:00"), ends_at=instant("4 00:00"))
    (row,) = bodies_of(acme.page)["scheduled-maintenances/upcoming"]["scheduled_maintenances"]
    assert row["started_at"] == row["created_at"] == "2026-03-02T10:00:00.000Z"
    assert (row["scheduled_for"], row["scheduled_until"]) == ("2026-03-05T22:00:00.000Z", "2026-03-06T00:00:00.000Z")
    (change,) = row["incident_updates"][0]["affected_components"]
    assert change["old_status"] == change["new_status"] == "operational"

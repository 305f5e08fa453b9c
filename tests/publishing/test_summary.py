"""summary.json and status.json are read by programs made for Statuspage: keys, order and types are theirs."""

import re
from typing import Any

from statuspage.pages.models import Service, ServiceGroup
from statuspage.pages.status import ServiceStatus
from tests.makers import Cast, note, open_incident, outage, post, resolve
from tests.publishing.conftest import Published

PAGE = ["id str", "name str", "url str", "time_zone str", "updated_at str"]
COMPONENT = [
    "id str",
    "name str",
    "status str",
    "created_at str",
    "updated_at str",
    "position int",
    "description str|null",
    "showcase bool",
    "start_date str|null",
    "group_id str|null",
    "page_id str",
    "group bool",
    "only_show_if_degraded bool",
]
UPDATE = [
    "id str",
    "status str",
    "body str",
    "incident_id str",
    "created_at str",
    "updated_at str",
    "display_at str",
    "affected_components list|null",
    "deliver_notifications bool",
    "custom_tweet null",
    "tweet_id null",
]
INCIDENT = [
    "id str",
    "name str",
    "status str",
    "created_at str",
    "updated_at str",
    "monitoring_at str|null",
    "resolved_at str|null",
    "impact str",
    "shortlink str",
    "started_at str",
    "page_id str",
    "incident_updates list",
    "components list",
    "reminder_intervals null",
]
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)")


def assert_shape(row: dict[str, Any], shape: list[str]) -> None:
    """The same keys in the same order, each of a type the shape allows; times in Statuspage's form."""
    assert list(row) == [line.split()[0] for line in shape]
    for key, types in (line.split() for line in shape):
        name = {str: "str", bool: "bool", int: "int", list: "list", type(None): "null"}[type(row[key])]
        assert name in types.split("|"), f"{key} is {row[key]!r}"
        if key.endswith("_at") and row[key] is not None:
            assert STAMP.fullmatch(row[key])


def the_samples_situation(acme: Cast) -> None:
    """Two services without a group, a group of two, an incident with two updates on the first two."""
    group = ServiceGroup.objects.create(organization=acme.organization, name="Europe", position=3)
    for place, (service, name) in enumerate([(acme.api, "API"), (acme.checkout, "Web app")], start=1):
        Service.objects.filter(pk=service.pk).update(name=name, position=place, group=None)
    Service.objects.filter(pk=acme.api.pk).update(description="Public REST API")
    Service.objects.filter(pk=acme.cards.pk).update(name="Frankfurt", position=1, group=group)
    london = Service.objects.create(
        organization=acme.organization,
        name="London",
        position=2,
        group=group,
        base_status=ServiceStatus.UNDER_MAINTENANCE.value,
        status=ServiceStatus.UNDER_MAINTENANCE.value,
    )
    acme.page.shown.create(organization=acme.organization, service=london)
    incident = open_incident(
        acme,
        public_title="Elevated API errors",
        body="We are **investigating**.",
        services=outage(acme.api, acme.checkout, status=ServiceStatus.DEGRADED_PERFORMANCE),
    )
    post(acme, incident, "A faulty database failover.", services=outage(acme.api))


def test_summary_has_exactly_the_keys_order_and_types_of_the_sample(acme: Cast, published: Published) -> None:
    the_samples_situation(acme)
    published.publish(acme.page)
    summary = dict(published.json(acme.page))
    assert list(summary) == ["page", "components", "incidents", "scheduled_maintenances", "status"]
    assert_shape(summary["page"], PAGE)
    for row in summary["components"]:
        assert_shape(row, COMPONENT + (["components list"] if row["group"] else []))
    for incident in summary["incidents"]:
        assert_shape(incident, INCIDENT)
        for update in incident["incident_updates"]:
            assert_shape(update, UPDATE)
            for change in update["affected_components"]:
                assert list(change) == ["code", "name", "old_status", "new_status"]
        for row in incident["components"]:
            assert_shape(row, COMPONENT)
    assert summary["scheduled_maintenances"] == []
    assert summary["status"] == {"indicator": "minor", "description": "Minor Service Outage"}


def test_components_come_in_the_samples_order_with_the_samples_positions(acme: Cast, published: Published) -> None:
    the_samples_situation(acme)
    published.publish(acme.page)
    rows = published.json(acme.page)["components"]
    assert [(row["name"], row["position"], row["group"], row["status"]) for row in rows] == [
        ("API", 1, False, "partial_outage"),
        ("Web app", 2, False, "degraded_performance"),
        ("Frankfurt", 1, False, "operational"),
        ("Europe", 3, True, "operational"),
        ("London", 2, False, "under_maintenance"),
    ]
    frankfurt, europe, london = rows[2:]
    assert europe["components"] == [frankfurt["id"], london["id"]]
    assert frankfurt["group_id"] == london["group_id"] == europe["id"]
    assert rows[0]["description"] == "Public REST API"


def test_updates_are_newest_first_as_plain_text_and_say_what_changed(acme: Cast, published: Published) -> None:
    the_samples_situation(acme)
    published.publish(acme.page)
    (incident,) = published.json(acme.page)["incidents"]
    newest, first = incident["incident_updates"]
    assert first["body"] == "We are investigating."
    assert [(c["name"], c["old_status"], c["new_status"]) for c in newest["affected_components"]] == [
        ("API", "degraded_performance", "partial_outage"),
        ("Web app", "degraded_performance", "degraded_performance"),
    ]
    assert incident["shortlink"] == f"http://status.acme.test/incidents/{incident['id']}"
    assert {row["name"] for row in incident["components"]} == {"API", "Web app"}


def test_a_grouped_service_is_named_with_its_group(acme: Cast, published: Published) -> None:
    open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    (change,) = published.json(acme.page)["incidents"][0]["incident_updates"][0]["affected_components"]
    assert change["name"] == "Acme payments - Acme cards"


def test_times_are_in_the_pages_zone(acme: Cast, published: Published) -> None:
    acme.page.zone = "America/St_Johns"
    acme.page.save()
    published.publish(acme.page)
    page = published.json(acme.page, "api/v2/status.json")["page"]
    assert page["time_zone"] == "America/St_Johns"
    assert re.fullmatch(r".*-0[23]:30", page["updated_at"])


def test_status_is_the_pages_part_and_the_rollup(acme: Cast, published: Published) -> None:
    published.publish(acme.page)
    status = published.json(acme.page, "api/v2/status.json")
    assert list(status) == ["page", "status"]
    assert status["page"] == published.json(acme.page)["page"]
    assert status["status"] == {"indicator": "none", "description": "All Systems Operational"}


def test_what_the_public_was_not_told_is_not_in_the_json(acme: Cast, published: Published) -> None:
    incident = open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    post(acme, incident, "", notes=(note("The vendor is at fault.", 0),))
    open_incident(acme, title="Something inner", notes=(note("Looking.", 0),))
    published.publish(acme.page)
    (shown,) = published.json(acme.page)["incidents"]
    assert len(shown["incident_updates"]) == 1
    assert shown["updated_at"] == shown["incident_updates"][0]["created_at"]


def test_a_resolved_incident_leaves_the_summary_and_keeps_its_page(acme: Cast, published: Published) -> None:
    incident = open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    resolve(acme, incident, "It works again.")
    published.publish(acme.page)
    assert published.json(acme.page)["incidents"] == []
    assert "It works again." in published.text(acme.page, f"incidents/{incident.public_id}.html")


def test_an_open_incident_without_services_leaves_the_compatible_words_green(acme: Cast, published: Published) -> None:
    open_incident(acme, body="Strange mails are going round.")
    published.publish(acme.page)
    summary = published.json(acme.page)
    assert summary["status"]["indicator"] == "none"
    assert len(summary["incidents"]) == 1
    assert "All services are operating normally" not in published.text(acme.page)

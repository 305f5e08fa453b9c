"""Our own addition for programs: what Statuspage's bodies have no place for."""

import json
from datetime import timedelta

from statuspage.kit import clock
from statuspage.pages.models import Page
from tests.makers import Cast, open_incident, outage, schedule
from tests.publishing.conftest import Published
from tests.timeline import START, instant

HALF_PAST = START + timedelta(minutes=30)


def test_it_says_what_the_page_says(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    fixed_at = HALF_PAST + timedelta(minutes=10)
    incident = open_incident(
        acme, body="Cards fail.", services=outage(acme.cards), next_update_at=HALF_PAST, expected_fix_at=fixed_at
    )
    work = schedule(acme, acme.api, begins_at=instant("3 22:00"), ends_at=instant("4 00:30"))
    published.publish(acme.page)
    told = published.json(acme.page, "api/ripple/page.json")
    url = f"http://status.acme.test/incidents/{incident.public_id}"
    assert told["headline"] == {
        "sentence": "Trouble with payments since 10:00 UTC.",
        "text": "Trouble with payments since 10:00 UTC. The cause is not known yet. "
        "Everything else is operating normally.",
        "tone": "partial_outage",
        "next_update_at": "2026-03-02T10:30:00Z",
        "is_late": False,
    }
    assert told["incidents"] == [
        {
            "id": incident.public_id,
            "title": "Trouble with payments",
            "status": "investigating",
            "impact": "major",
            "started_at": "2026-03-02T10:00:00Z",
            "updated_at": "2026-03-02T10:00:00Z",
            "next_update_at": "2026-03-02T10:30:00Z",
            "is_late": False,
            "expected_fix_at": "2026-03-02T10:40:00Z",
            "services": [{"id": acme.cards.public_id, "name": "Acme cards"}],
            "url": url,
            "feed_url": f"{url}.atom",
        }
    ]
    (planned,) = told["maintenance"]
    assert planned["scheduled_until"] == "2026-03-06T00:30:00Z"
    assert planned["calendar_url"] == f"http://status.acme.test/incidents/{work.public_id}.ics"
    assert told["published_at"] == "2026-03-02T10:00:00Z"
    assert told["heartbeat_url"] == "http://status.acme.test/heartbeat.json"


def test_a_promise_that_passed_is_called_late(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    open_incident(acme, body="Cards fail.", next_update_at=HALF_PAST)
    clock.move_to(HALF_PAST)
    published.publish(acme.page)
    told = published.json(acme.page, "api/ripple/page.json")
    assert told["headline"]["is_late"]
    assert told["incidents"][0]["is_late"]


def test_each_language_says_it_in_its_own_words(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["en", "de"])
    published.publish(acme.page)
    told = published.json(acme.page, "de/api/ripple/page.json")
    assert told["headline"]["sentence"] == "Alle Dienste laufen normal."
    assert (told["page"]["language"], told["page"]["url"]) == ("de", "http://status.acme.test/de")


def test_it_tells_of_the_same_things_as_the_summary(many: list[dict[str, bytes]]) -> None:
    for bodies in many:
        told, summary = (json.loads(bodies[f"api/{name}.json"]) for name in ("ripple/page", "v2/summary"))
        for ours, theirs in (("incidents", "incidents"), ("maintenance", "scheduled_maintenances")):
            assert [(row["id"], row["title"], row["status"]) for row in told[ours]] == [
                (row["id"], row["name"], row["status"]) for row in summary[theirs]
            ]
            assert [[one["id"] for one in row["services"]] for row in told[ours]] == [
                [one["id"] for one in row["components"]] for row in summary[theirs]
            ]

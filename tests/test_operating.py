"""What operators and their machines see: probes, numbers, one line of log for what happened, a deploy check that is
clean."""

import gzip
import http.server
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sentry_sdk
from django.db import connection
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from notifications import holding, sending, taking
from notifications.models import Tally
from statuspage import probing, reporting
from statuspage.dispatching import Dispatcher
from statuspage.kit import queues
from statuspage.kit.networks import read_network
from tests.engine import Engine
from tests.makers import Cast, make_person, make_subscribers, open_incident, outage, subscribe
from tests.timeline import Timeline, instant
from tooling import ROOT

FROM_INSIDE = ("localhost:8000", "127.0.0.1:8000", "[::1]", "web:8000")


def scraped(client: Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    with override_settings(METRICS_TOKEN="let me read"):
        answer = client.get("/metrics", headers={"authorization": "Bearer let me read", "host": "localhost"})
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def of_ring(position: int, **more: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({"ring": str(position), "channel": "email", **more}.items()))


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_answer_inside_and_on_no_page(acme: Cast, client: Client, path: str) -> None:
    with override_settings(METRICS_NETWORKS=(read_network("127.0.0.1"),), SECURE_SSL_REDIRECT=True):
        for host in FROM_INSIDE:
            assert client.get(path, headers={"host": host}).status_code in {200, 503}, host
        for host in ("status.acme.test", "nobody.example"):
            assert client.get(path, headers={"host": host}).status_code in {301, 404, 421}, host
    assert client.post(path, headers={"host": "localhost"}).status_code == 405
    assert client.get("/", headers={"host": "127.0.0.1"}).status_code == 421, "the console has one name"


def test_alive_asks_no_database(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "10.0.0.7"}).status_code == 200  # no `db`: asking would raise


def test_ready_means_that_somebody_who_posts_is_heard(acme: Cast, client: Client) -> None:
    Dispatcher(is_stopping=lambda: False).tick()
    ready = client.get("/readyz", headers={"host": "localhost"})
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    with override_settings(CELERY_BROKER_URL="redis://127.0.0.1:1/0"):
        degraded = client.get("/readyz", headers={"host": "localhost"})
    assert (degraded.status_code, degraded.json()["status"]) == (200, "degraded")
    assert degraded.json()["broker"].startswith("away")


def test_a_dispatcher_that_is_gone_is_noticed(acme: Cast, client: Client, timeline: Timeline) -> None:
    Dispatcher(is_stopping=lambda: False).tick()
    timeline.on(minutes=2)
    answer = client.get("/readyz", headers={"host": "localhost"})
    assert answer.status_code == 503
    assert answer.json()["dispatcher"] == "last seen 120 s ago"
    without = client.get("/readyz?exclude=dispatcher", headers={"host": "localhost"})
    assert without.status_code == 200


def test_a_migration_that_is_missing_is_noticed(db: None, client: Client) -> None:
    probing._seen_applied().clear()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations"
            " WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'notifications')"
        )
    answer = client.get("/readyz", headers={"host": "localhost"})
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 to be applied: manage.py migrate"
    probing._seen_applied().clear()


def test_the_numbers_are_for_whoever_was_let_in(db: None, client: Client) -> None:
    assert client.get("/metrics").status_code == 404, "off until it is switched on"
    with override_settings(METRICS_TOKEN="let me read"):
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"authorization": "Bearer guessed"}).status_code == 401
    with override_settings(METRICS_NETWORKS=(read_network("10.0.0.0/8"),)):
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200


def test_due_to_accepted_is_counted_by_ring_once_for_each_message(
    acme: Cast, neighbour: Cast, timeline: Timeline, engine: Engine, client: Client
) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call", confirmed_at=instant("09:00"))
    make_subscribers(acme.page, 60)
    for address in ("4xx-once@x.example", "5xx-rcpt@x.example"):
        subscribe(make_person(acme.organization, address, confirmed_at=instant("09:00")), acme.page)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:10")
    first = scraped(client)
    customers = max(tally.ring for tally in Tally.objects.all())
    assert first["ripple_due_to_accepted_seconds_count", of_ring(0)] == 1
    assert first["ripple_due_to_accepted_seconds_count", of_ring(customers)] == 60
    assert first["ripple_due_to_accepted_seconds_bucket", of_ring(customers, le="60.0")] == 60
    assert first["ripple_failed_total", of_ring(customers)] == 1
    assert first["ripple_lane_retrying_chunks", (("lane", "bulk"),)] == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_delivery SET due_at = clock_timestamp() WHERE state < 10")
        cursor.execute("UPDATE notifications_chunk SET due_at = clock_timestamp() WHERE state = 'waiting'")
    engine.settle()
    second = scraped(client)
    assert second["ripple_due_to_accepted_seconds_count", of_ring(customers)] == 61
    assert second["ripple_retried_total", of_ring(customers)] == 1
    assert second["ripple_failed_total", of_ring(customers)] == 1
    assert all("organization" not in dict(labels) for _name, labels in second)


def test_what_waits_is_seen(acme: Cast, timeline: Timeline, engine: Engine, client: Client) -> None:
    make_subscribers(acme.page, 7)
    holding.hold(by=None, why="")
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    before = scraped(client)
    assert before["ripple_dispatcher_lag_seconds", ()] == 0  # the story's clock stands
    assert before["ripple_pages_unpublished", ()] >= 1
    timeline.to("10:10")
    numbers = scraped(client)
    assert numbers["ripple_held", ()] == 1
    assert numbers["ripple_lane_people", (("lane", "bulk"),)] == 7
    assert numbers["ripple_lane_oldest_seconds", (("lane", "bulk"),)] >= 0
    holding.release(by=None)
    lease = taking.take(queues.BULK)
    assert lease is not None
    sending.send(lease)
    assert scraped(client)["ripple_lane_people", (("lane", "bulk"),)] == 0


def test_a_scrape_asks_few_questions(acme: Cast, client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        scraped(client)


def test_what_happened_is_tied_together_by_ids(
    acme: Cast, timeline: Timeline, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    make_person(acme.organization, "otto@acme.test", ring="on_call", confirmed_at=instant("09:00"))
    with caplog.at_level(logging.INFO):
        open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
        timeline.to("10:01")
    said = [(record.getMessage(), record.__dict__["facts"]) for record in caplog.records if "facts" in record.__dict__]
    assert {"released", "handed over"} <= {message for message, _facts in said}
    assert dict(said)["handed over"]["accepted"] == 1


PRODUCTION = {
    "RIPPLE_DEBUG": "0",
    "RIPPLE_SECRET_KEY": "0b7Yk2vQ9xW4sZ8nLr3TfJ6pHd1Mc5Ga_uEiXoKqBtVyRwNz-and-more",
    "RIPPLE_CONSOLE_URL": "https://console.ripple.example",
    "RIPPLE_PAGE_SCHEME": "https",
    "RIPPLE_SMS_URL": "https://sms.example/Messages.json",
}


def test_the_deploy_check_is_clean_as_in_production(db: None) -> None:
    ours = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}  # browser tests
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        cwd=ROOT,
        env={**ours, **PRODUCTION},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@contextmanager
def sentrys_place() -> Iterator[tuple[str, list[bytes]]]:
    """Plays Sentry: an address for errors, and what was sent there."""
    received: list[bytes] = []

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://public@127.0.0.1:{server.server_port}/1", received
        server.shutdown()


def test_errors_are_reported_without_addresses_and_tokens() -> None:
    address, token = "otto@acme.example", "AAAAAAAAAAMAAAAAAAAAAc2SITZfgVj8zi3oWj2B"
    with sentrys_place() as (dsn, received), override_settings(SENTRY_DSN=dsn):
        reporting.start()
        try:
            logging.getLogger("x").error("Could not write to %s", address)
            raise ValueError(f"{address} /u/{token}")
        except ValueError as error:
            sentry_sdk.capture_exception(error)
        sentry_sdk.flush()
        sentry_sdk.init()
    sent = b"\n".join(received).decode()
    assert "ValueError" in sent
    assert address not in sent
    assert not re.search(token, sent)

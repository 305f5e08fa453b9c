"""What /metrics says, asked of PostgreSQL at the moment somebody scrapes.

Many processes on many machines do the work, and any of them may be asked: so nothing is counted in a process. Counters
stand in the tallies (notifications/tallying.py); what goes up and down is a handful of queries on small partial
indexes. No label names an organization: a scraper's memory must not grow with the number of tenants.
"""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from notifications import holding
from notifications.models import Tally
from notifications.tallying import BUCKETS
from statuspage.kit import clock, queues
from statuspage.pages.store import the_store

PATIENCE_MS = 2000
"""A question that takes longer is given up: whoever scrapes must not hold up whoever posts."""

_LANES = """
    SELECT lane, count(*) FILTER (WHERE due_at <= clock_timestamp()),
           coalesce(sum(greatest(size - accepted - failed, 0)) FILTER (WHERE due_at <= clock_timestamp()), 0),
           coalesce(extract(epoch FROM clock_timestamp() - min(due_at) FILTER (WHERE due_at <= clock_timestamp())), 0),
           count(*) FILTER (WHERE due_at > clock_timestamp())
    FROM notifications_chunk WHERE state IN ('waiting', 'leased') GROUP BY lane
"""
_BEHIND = """
    SELECT greatest(0, extract(epoch FROM clock_now() - least(
        (SELECT min(u.posted_at) FROM incidents_incident i JOIN incidents_update u
             ON u.incident_id = i.id AND u.number = i.planned_number + 1 WHERE i.planned_number < i.last_number),
        (SELECT min(due_at) FROM notifications_ringstate WHERE due_at <= clock_now()))))
"""
_UNPUBLISHED = """
    SELECT count(*), greatest(0, coalesce(extract(epoch FROM clock_now() - min(updated_at)), 0))
    FROM pages_page WHERE published_revision < revision
"""
_HELD = "SELECT extract(epoch FROM clock_timestamp() - since_at) FROM notifications_hold WHERE released_at IS NULL"


def exposition() -> bytes:
    """Prometheus' text format. Raises OperationalError when the database is away or takes too long."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector())
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])
        return generate_latest(registry)


def confirmed_seconds_ago(now: datetime) -> float | None:
    """How long ago a dispatcher last looked at everything and could say so; None when none ever did."""
    try:
        body = the_store().heartbeat()
        confirmed_at = datetime.fromisoformat(json.loads(body or b"{}")["confirmed_at"])
    except (OSError, KeyError, ValueError):
        return None
    return max(timedelta(0), now - confirmed_at).total_seconds()


class _Collector:
    def collect(self) -> Iterator[Metric]:
        started = time.monotonic()
        yield from _tallies()
        yield from _lanes()
        yield from _lag()
        yield from _hold()
        took = time.monotonic() - started
        yield GaugeMetricFamily("ripple_scrape_seconds", "How long these questions took", value=took)


def _tallies() -> Iterator[Metric]:
    accepted = HistogramMetricFamily(
        "ripple_due_to_accepted_seconds",
        "From due to accepted by the provider, by the ring's position (0 innermost, -1 side rings) and channel",
        labels=("ring", "channel"),
    )
    failed = CounterMetricFamily("ripple_failed", "Messages given up, by channel", labels=("ring", "channel"))
    retried = CounterMetricFamily("ripple_retried", "Tries after the first", labels=("ring", "channel"))
    for tally in Tally.objects.order_by("ring", "channel"):
        labels = (str(tally.ring), tally.channel)
        buckets = [(str(float(bound)), number) for bound, number in zip(BUCKETS, tally.within, strict=True)]
        accepted.add_metric(labels, [*buckets, ("+Inf", tally.accepted)], tally.seconds)
        failed.add_metric(labels, tally.failed)
        retried.add_metric(labels, tally.retried)
    yield from (accepted, failed, retried)


def _lanes() -> Iterator[Metric]:
    found = {lane: numbers for lane, *numbers in _rows(_LANES)}
    named = (
        ("ripple_lane_chunks", "Ranges of addresses that could be taken by a worker now, or are being handed over"),
        ("ripple_lane_people", "How many are still to be written to in those"),
        ("ripple_lane_oldest_seconds", "For how long the oldest of those has been waiting"),
        ("ripple_lane_retrying_chunks", "Ranges that wait for a later try"),
    )
    for place, (name, meaning) in enumerate(named):
        metric = GaugeMetricFamily(name, meaning, labels=("lane",))
        for lane in queues.LANES:
            metric.add_metric((lane,), float(found.get(lane, [0, 0, 0, 0])[place]))
        yield metric


def _lag() -> Iterator[Metric]:
    ((behind,),) = _rows(_BEHIND)
    meaning = "For how long the oldest news or due ring has been waiting to be planned"
    yield GaugeMetricFamily("ripple_dispatcher_lag_seconds", meaning, value=float(behind or 0))
    confirmed = confirmed_seconds_ago(clock.now())
    if confirmed is not None:
        meaning = "How long ago a dispatcher last looked at everything"
        yield GaugeMetricFamily("ripple_dispatcher_confirmed_seconds", meaning, value=confirmed)
    ((pages, oldest),) = _rows(_UNPUBLISHED)
    yield GaugeMetricFamily("ripple_pages_unpublished", "Pages whose newest state visitors cannot read", value=pages)
    meaning = "For how long, since its newest change, the oldest of those has been waiting"
    yield GaugeMetricFamily("ripple_publish_lag_seconds", meaning, value=float(oldest))


def _hold() -> Iterator[Metric]:
    yield GaugeMetricFamily("ripple_held", "1 while the installation is on hold", value=float(holding.is_held()))
    seconds = next((float(since) for (since,) in _rows(_HELD)), 0.0)
    yield GaugeMetricFamily("ripple_held_seconds", "For how long it has been on hold", value=seconds)


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())

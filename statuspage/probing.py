"""Doors for machines that look after us: is the process alive, is the installation ready, what do the numbers say.

They answer on the console's host and on names that no public page can have (an IP address, a container's name).
"""

import hmac
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from redis import Redis, RedisError

from notifications import holding
from statuspage import measuring
from statuspage.kit import clock
from statuspage.kit.client_addresses import client_address
from statuspage.kit.fingerprints import is_key_known
from statuspage.kit.networks import is_within
from statuspage.pages.heartbeat import BEAT_SECONDS

STALE_SECONDS = 3 * BEAT_SECONDS
PLAIN = "text/plain; charset=utf-8"


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked: a database that is away is no reason to start us again."""
    return HttpResponse("alive\n", content_type=PLAIN)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether somebody who posts now is heard: 200, or 503 and what is missing.

    `?exclude=dispatcher` leaves a check out, as Kubernetes' own /readyz has it: a balancer should go on sending people
    to a console that can take their words, even while nobody passes them on.
    """
    checks = {name: check() for name, check in CHECKS.items() if name not in request.GET.getlist("exclude")}
    is_ready = all(found == "ok" for name, found in checks.items() if name not in MAY_BE_AWAY)
    verdict = "ready" if is_ready else "not ready"
    if is_ready and any(found != "ok" for found in checks.values()):
        verdict = "degraded"
    return JsonResponse({"status": verdict, **checks}, status=200 if is_ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Off until RIPPLE_METRICS_TOKEN or RIPPLE_METRICS_NETWORKS is set; then only for whoever has one or is in one."""
    if not settings.METRICS_TOKEN and not settings.METRICS_NETWORKS:
        raise Http404
    if not _may_scrape(request):
        return HttpResponse(
            "Send the bearer token.\n", status=401, content_type=PLAIN, headers={"WWW-Authenticate": "Bearer"}
        )
    try:
        return HttpResponse(measuring.exposition(), content_type=CONTENT_TYPE_LATEST)
    except DatabaseError as error:
        return HttpResponse(f"The database is away ({type(error).__name__}).\n", status=503, content_type=PLAIN)


def _may_scrape(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").encode()
    if settings.METRICS_TOKEN and hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return True
    address = client_address(request)
    return address is not None and is_within(address, settings.METRICS_NETWORKS)


def _database() -> str:
    try:
        clock.now()
    except DatabaseError as error:
        return f"away ({type(error).__name__})"
    return "ok"


def _migrations() -> str:
    """Once all are applied they stay so while this process runs: only a newer program has newer ones."""
    try:
        missing = _missing_migrations()
    except DatabaseError as error:
        return f"unknown ({type(error).__name__})"
    return f"{missing} to be applied: manage.py migrate" if missing else "ok"


def _missing_migrations() -> int:
    if _seen_applied():
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _seen_applied().update({"all": True} if not missing else {})
    return missing


@cache
def _seen_applied() -> dict[str, bool]:
    return {}


def _secret_key() -> str:
    try:
        is_known = is_key_known()
    except DatabaseError as error:
        return f"unknown ({type(error).__name__})"
    return "ok" if is_known else holding.WRONG_KEY


def _broker() -> str:
    try:
        with Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=0.5, socket_timeout=0.5) as redis:
            redis.ping()
    except (RedisError, OSError) as error:
        return f"away ({type(error).__name__}): dispatchers send the inner rings themselves, the others wait"
    return "ok"


def _dispatcher() -> str:
    try:
        seconds = measuring.confirmed_seconds_ago(clock.now())
    except DatabaseError as error:
        return f"unknown ({type(error).__name__})"
    if seconds is None:
        return "never seen: start manage.py dispatch"
    return "ok" if seconds <= STALE_SECONDS else f"last seen {seconds:.0f} s ago"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "secret_key": _secret_key,
    "broker": _broker,
    "dispatcher": _dispatcher,
}
MAY_BE_AWAY = {"broker"}
"""Without it everything goes on, more slowly."""

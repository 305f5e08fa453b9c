"""Proving that a domain is one's own: what all that is proven has in common, whatever it is for.

The DNS is asked while nothing is locked: `look` goes over the network and touches no table. What was found is written
down by whoever owns the rows.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from django.db import transaction
from django.db.models import F, QuerySet

from statuspage.kit.names import NotKnownError, Resolver
from statuspage.kit.proofs import Finding, Standing, State, holds
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Proven

log = logging.getLogger(__name__)

P = TypeVar("P", bound=Proven)
R = TypeVar("R")

AT_ONCE = 10
ASKED_AGAIN_AFTER = timedelta(seconds=10)


class Outcome(StrEnum):
    """What a look came to."""

    PROVEN = "proven"
    MISSING = "missing"
    NOT_KNOWN = "not_known"
    TAKEN = "taken"
    TOO_SOON = "too_soon"
    NOT_NEEDED = "not_needed"


def look(row: Proven, resolver: Resolver) -> Finding:
    """Over the network, for seconds if need be."""
    try:
        texts = resolver.texts(row.record_name)
    except NotKnownError:
        return Finding.NOT_KNOWN
    return Finding.THERE if holds(texts, row.record_value) else Finding.MISSING


def recheck(due: QuerySet[P], *, look: Callable[[P], R], settle: Callable[[P, R], Outcome], now: datetime) -> int:
    """Look at a few that are due, all at once, then write down what was found, each in its organization's scope.

    Returns how many they were; call again while there are any. Not in a transaction: it waits for name servers.
    """
    rows = _take(due, now)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        findings = list(threads.map(look, rows))
    for row, found in zip(rows, findings, strict=True):
        try:
            with scope(organization=row.organization):
                settle(row, found)
        except Exception:  # the others are written down
            what = f"{row._meta.model_name} {row.pk}"
            log.exception("What was found of %s could not be written down. It is looked at again when due.", what)
    return len(rows)


def may_ask(rows: QuerySet[P], row: P, now: datetime) -> bool:
    """For somebody who asks: not more often than every few seconds. True is written down."""
    its = rows.filter(pk=row.pk)
    return not its.filter(checked_at__gt=now - ASKED_AGAIN_AFTER).exists() and bool(its.update(checked_at=now))


def verb(before: Standing, after: Standing) -> str:
    """For the audit log."""
    if after.state is State.PROVEN:
        return "proved" if before.state is State.WAITING else "found again"
    return {State.MISSED: "missed", State.LOST: "lost", State.WAITING: "freed"}[after.state]


@transaction.atomic
def _take(due: QuerySet[P], now: datetime) -> list[P]:
    """Marked as looked at before they are: nobody else asks for them, and a name server that hangs is left alone."""
    longest = due.order_by(F("checked_at").asc(nulls_first=True), "pk")
    taken = list(longest.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    due.model._base_manager.filter(pk__in=[row.pk for row in taken]).update(checked_at=now)
    return taken

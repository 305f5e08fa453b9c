"""Whose turn it is: a worker takes piece after piece, of any file, until nothing is left to do or its time is up.

A piece is taken by locking its row, and done in the same transaction: whoever dies leaves it as it was.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations import audit
from subscribers.importing.applying import apply
from subscribers.importing.checking import check
from subscribers.importing.models import KEPT_FOR, WAITS_FOR, WORKING, ImportFile, ImportPiece, ImportState
from subscribers.importing.reading import read
from subscribers.importing.receiving import drop, forget

log = logging.getLogger(__name__)

TURN_SECONDS = 2.0
"""Import shares its worker with large fan-outs: it lets them have their turn."""

_STEPS: dict[str, Callable[[ImportPiece], None]] = {ImportState.READING: read, ImportState.APPLYING: apply}


def is_any_waiting(now: datetime) -> bool:
    with across_organizations():
        return ImportFile.objects.filter(state__in=WORKING).exists() or _forgotten(now).exists()


def take_turn() -> int:
    """Work on what is waiting, for a moment. Returns how many steps were done, and wakes the dispatcher if any were."""
    end = time.monotonic() + TURN_SECONDS
    steps = 0
    while time.monotonic() < end and step():
        steps += 1
    if steps:
        clock.wake()
    else:
        tidy_up(clock.now())
    return steps


def step() -> bool:
    """One piece, or what comes after the last one. False: nothing can be done now."""
    with across_organizations():
        try:
            return _next_piece() or _next_stage()
        except IntegrityError:
            log.info("Somebody signed up while their row was being imported; the piece is done anew.")
            return True


@transaction.atomic
def _next_piece() -> bool:
    """Small numbers first: a small file does not wait for all of a large one."""
    to_do = Q(file__state=ImportState.READING, is_read=False) | Q(file__state=ImportState.APPLYING, is_applied=False)
    free = ImportPiece.objects.select_for_update(skip_locked=True, of=("self",))
    piece = free.filter(to_do).order_by("number", "file_id").first()
    if piece is None:
        return False
    file = piece.file
    with scope(organization=file.organization):
        _STEPS[file.state](piece)
    return True


@transaction.atomic
def _next_stage() -> bool:
    for file in ImportFile.objects.select_for_update(skip_locked=True, of=("self",)).filter(state__in=WORKING):
        with scope(organization=file.organization):
            if _is_through(file):
                _leave_stage(file)
                return True
    return False


def _is_through(file: ImportFile) -> bool:
    """Nobody has a piece of it in hand: a piece that is not done is seen as such until its transaction commits."""
    undone = {ImportState.READING: Q(is_read=False), ImportState.APPLYING: Q(is_applied=False)}
    return file.stage not in undone or not file.pieces.filter(undone[file.stage]).exists()


def _leave_stage(file: ImportFile) -> None:
    if file.stage is ImportState.READING:
        ImportFile.objects.filter(pk=file.pk).update(state=ImportState.CHECKING)
    elif file.stage is ImportState.CHECKING:
        check(file)
    else:
        _end(file)


def _end(file: ImportFile) -> None:
    file.pieces.all().delete()
    ImportFile.objects.filter(pk=file.pk).update(state=ImportState.DONE, ended_at=clock.now())
    counts = {name: getattr(file, name) for name in ("added", "changed", "unchanged", "rejected")}
    audit.record(file.organization, by=file.by, verb="imported", target=f"import {file.public_id}", after=counts)
    log.info("Import %s is done: %s", file.public_id, counts)


def tidy_up(now: datetime) -> None:
    """Forget what nobody said yes to, and what nobody mended."""
    with across_organizations():
        for file in _forgotten(now):
            with scope(organization=file.organization):
                if file.stage is ImportState.READY:
                    drop(file, by=None)
                else:
                    _forget_for_good(file)


def _forgotten(now: datetime) -> QuerySet[ImportFile]:
    waited = Q(state=ImportState.READY, created_at__lt=now - WAITS_FOR)
    kept = Q(state=ImportState.DONE, ended_at__lt=now - KEPT_FOR, is_report_kept=True)
    return ImportFile.objects.filter(waited | kept).select_related("organization")


@transaction.atomic
def _forget_for_good(file: ImportFile) -> None:
    forget(file)
    ImportFile.objects.filter(pk=file.pk).update(is_report_kept=False)

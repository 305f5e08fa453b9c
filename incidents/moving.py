"""Maintenance moves by itself: the part of the dispatcher's clock that belongs to it.

One maintenance per transaction, under its lock, one move at a time. Two dispatchers share the work (SKIP LOCKED).
"""

from collections.abc import Collection
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from incidents import maintaining
from incidents.models import Incident
from incidents.windows import due_move
from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations, scope


class MovingFailed(Exception):  # noqa: N818 - says what happened
    """One maintenance could not be moved; the others can. Carries which, so that it is left alone for a while."""

    def __init__(self, incident_id: int) -> None:
        super().__init__(f"Moving failed for incident row {incident_id}.")
        self.incident_id = incident_id


def move_next(*, except_for: Collection[int] = ()) -> bool:
    """Make one move that is due; False when there is none.

    Raises MovingFailed, with nothing changed, when that maintenance cannot be moved.
    """
    with transaction.atomic(), across_organizations():
        now = clock.now()
        maintenance = _claim(now, except_for)
        if maintenance is None:
            return False
        try:
            with transaction.atomic(), scope(organization=maintenance.organization):
                _move(maintenance, now=now)
        except (InterfaceError, OperationalError):
            raise  # the database is away, or two of us were in each other's way: nothing is wrong with this one
        except Exception as error:
            raise MovingFailed(maintenance.pk) from error
        return True


def _claim(now: datetime, except_for: Collection[int]) -> Incident | None:
    """The lock re-reads the row: what another dispatcher or a person has moved meanwhile is not due any more."""
    rows = Incident.objects.select_related("organization", "severity").exclude(id__in=except_for)
    locked = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    found = locked.filter(next_move_at__lte=now).order_by("next_move_at", "id").first()
    return found if found and found.next_move_at and found.next_move_at <= now else None


def _move(maintenance: Incident, *, now: datetime) -> None:
    if maintenance.window is None:  # a constraint says that it cannot be
        raise ValueError(f"Incident row {maintenance.pk} is to move by itself and has no window.")
    maintaining.move(maintenance, due_move(maintenance.window, stage=maintenance.stage, now=now), now=now)

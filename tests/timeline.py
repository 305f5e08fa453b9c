"""Moving time in a test: "to 10:20" stops at every instant on the way at which something falls due."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from django.db.models import Min

from incidents.models import Incident
from notifications.models import RingState
from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations

DAY = datetime(2026, 3, 2, tzinfo=UTC)
START = DAY.replace(hour=10)


def instant(text: str) -> datetime:
    """ "10:20" or "10:20:30" on the day of the story; "+1 10:20" on the day after it."""
    days, _, clock_time = text.rpartition(" ")
    return datetime.combine(DAY + timedelta(days=int(days or 0)), time.fromisoformat(clock_time), tzinfo=UTC)


def next_instant() -> datetime | None:
    """The nearest at which anything happens by itself."""
    with across_organizations():
        due, moves = RingState.objects.aggregate(at=Min("due_at")), Incident.objects.aggregate(at=Min("next_move_at"))
    return min((at for at in (due["at"], moves["at"]) if at), default=None)


class Timeline:
    """`settle` lets the engine work until it is quiet, in this process or by waiting for the real ones."""

    def __init__(self, settle: Callable[[], None]) -> None:
        self._settle = settle
        clock.make_movable(START)

    def to(self, text: str) -> None:
        self._to(instant(text))

    def _to(self, end: datetime) -> None:
        self._settle()
        while (due := next_instant()) and due <= end:
            clock.move_to(max(due, clock.now()))
            self._settle()
        clock.move_to(end)
        self._settle()

    def on(self, *, minutes: float) -> None:
        self._to(clock.now() + timedelta(minutes=minutes))

"""Moving time in a test: "to 10:20" stops at every instant on the way at which something falls due."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from notifications import planning
from statuspage.kit import clock

DAY = datetime(2026, 3, 2, tzinfo=UTC)
START = DAY.replace(hour=10)


def instant(text: str) -> datetime:
    """ "10:20" or "10:20:30" on the day of the story."""
    return datetime.combine(DAY, time.fromisoformat(text), tzinfo=UTC)


class Timeline:
    """`settle` lets the engine work until it is quiet, in this process or by waiting for the real ones."""

    def __init__(self, settle: Callable[[], None]) -> None:
        self._settle = settle
        clock.make_movable(START)

    def to(self, text: str) -> None:
        end = instant(text)
        self._settle()
        while (due := planning.next_due_at()) and due <= end:
            clock.move_to(max(due, clock.now()))
            self._settle()
        clock.move_to(end)
        self._settle()

    def on(self, *, minutes: float) -> None:
        self.to((clock.now() + timedelta(minutes=minutes)).strftime("%H:%M:%S"))

"""The pond: rings around a stone, drawn as circles whose dashes show how far each ring has been told. Pure geometry.

Every circle has a path length of 100, so a dash is a percentage.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from notifications.overview import RingTold

INNERMOST, OUTERMOST, CENTRE = 58.0, 180.0, 200
LEAST_VISIBLE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """One ring. `told` and `failed` are percentages of its circumference."""

    ring: RingTold
    radius: float
    told: float
    failed: float

    @property
    def told_dash(self) -> str:
        return f"{self.told:.2f} 100"

    @property
    def failed_dash(self) -> str:
        return f"{self.failed:.2f} 100"

    @property
    def failed_offset(self) -> str:
        return f"{-self.told:.2f}"

    @property
    def label_y(self) -> float:
        """Where its name stands: on the ring, at the top."""
        return round(CENTRE - self.radius + 4, 1)


def circles(rings: Sequence[RingTold]) -> list[Circle]:
    """Outermost first, so that inner labels are drawn over outer rings."""
    step = (OUTERMOST - INNERMOST) / max(len(rings) - 1, 1)
    drawn = [_circle(ring, round(INNERMOST + index * step, 1)) for index, ring in enumerate(rings)]
    return drawn[::-1]


def _circle(ring: RingTold, radius: float) -> Circle:
    total = max(ring.reached.addressed, 1)
    failed = ring.reached.failed / total * 100
    failed = max(failed, LEAST_VISIBLE) if failed else 0.0
    told = min(ring.reached.accepted / total * 100, 100 - failed)
    return Circle(ring=ring, radius=radius, told=told, failed=failed)

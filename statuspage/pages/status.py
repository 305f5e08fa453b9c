"""How well a service works: the five words, their order, shape and worst-of. Pure."""

from collections.abc import Iterable
from enum import StrEnum


class ServiceStatus(StrEnum):
    """From best to worst; maintenance is wished for, so trouble outranks it."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"

    @property
    def rank(self) -> int:
        return list(ServiceStatus).index(self)

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def css(self) -> str:
        """The class that gives a thing this status' colour, in page.css and console.css."""
        return {
            "degraded_performance": "is-degraded",
            "partial_outage": "is-partial",
            "major_outage": "is-major",
            "under_maintenance": "is-maintenance",
        }.get(self.value, "is-operational")

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(status.value, status.label) for status in cls]


def worst_of(statuses: Iterable[ServiceStatus]) -> ServiceStatus:
    """The worst of them; operational when there are none."""
    return max(statuses, key=lambda status: status.rank, default=ServiceStatus.OPERATIONAL)

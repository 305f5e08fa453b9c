"""How well a service works: the five words, their order, shape and worst-of. Pure, but for the active language."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


class ServiceStatus(StrEnum):
    """From best to worst; maintenance is wished for, so trouble outranks it."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    @property
    def label(self) -> str:
        words = {
            "operational": gettext_noop("Operational"),
            "under_maintenance": gettext_noop("Under maintenance"),
            "degraded_performance": gettext_noop("Degraded performance"),
            "partial_outage": gettext_noop("Partial outage"),
        }.get(self.value, gettext_noop("Major outage"))
        return _(words)

    @property
    def in_a_sentence(self) -> str:
        words = {
            "operational": gettext_noop("operational"),
            "under_maintenance": gettext_noop("under maintenance"),
            "degraded_performance": gettext_noop("degraded performance"),
            "partial_outage": gettext_noop("partial outage"),
        }.get(self.value, gettext_noop("major outage"))
        return _(words)

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


_RANKS = {status: rank for rank, status in enumerate(ServiceStatus)}


def worst_of(statuses: Iterable[ServiceStatus]) -> ServiceStatus:
    """The worst of them; operational when there are none."""
    return max(statuses, key=_RANKS.__getitem__, default=ServiceStatus.OPERATIONAL)

"""How well a service works: the five words, their order, shape and worst-of. Pure, but for the active language."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext as _


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
        return {
            "operational": _("Operational"),
            "under_maintenance": _("Under maintenance"),
            "degraded_performance": _("Degraded performance"),
            "partial_outage": _("Partial outage"),
        }.get(self.value, _("Major outage"))

    @property
    def in_a_sentence(self) -> str:
        return {
            "operational": _("operational"),
            "under_maintenance": _("under maintenance"),
            "degraded_performance": _("degraded performance"),
            "partial_outage": _("partial outage"),
        }.get(self.value, _("major outage"))

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

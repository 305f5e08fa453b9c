"""Every row of Statuspage's table from the services' states to one indicator and description."""

import pytest

from statuspage.pages.compatible import rollup
from statuspage.pages.status import ServiceStatus

UP, SLOW = ServiceStatus.OPERATIONAL, ServiceStatus.DEGRADED_PERFORMANCE
PART, DOWN, PLANNED = ServiceStatus.PARTIAL_OUTAGE, ServiceStatus.MAJOR_OUTAGE, ServiceStatus.UNDER_MAINTENANCE


@pytest.mark.parametrize(
    ("statuses", "indicator", "description"),
    [
        ([], "none", "All Systems Operational"),
        ([UP], "none", "All Systems Operational"),
        ([UP, UP], "none", "All Systems Operational"),
        ([SLOW], "minor", "Partially Degraded Service"),
        ([PART], "major", "Partial System Outage"),
        ([DOWN], "critical", "Major System Outage"),
        ([PLANNED], "maintenance", "Service Under Maintenance"),
        ([SLOW, SLOW], "minor", "Degraded System Service"),
        ([PART, PART], "major", "Partial System Outage"),
        ([DOWN, DOWN, DOWN], "critical", "Major System Outage"),
        ([PLANNED, PLANNED], "maintenance", "Service Under Maintenance"),
        ([UP, DOWN], "major", "Partial System Outage"),
        ([UP, SLOW, DOWN, PLANNED], "major", "Partial System Outage"),
        ([UP, PART, SLOW, PLANNED], "minor", "Minor Service Outage"),
        ([UP, SLOW], "minor", "Partially Degraded Service"),
        ([SLOW, PLANNED], "minor", "Partially Degraded Service"),
        ([UP, PLANNED], "maintenance", "Service Under Maintenance"),
    ],
)
def test_rollup(statuses: list[ServiceStatus], indicator: str, description: str) -> None:
    assert rollup(statuses) == (indicator, description)
    assert rollup(statuses[::-1]) == (indicator, description)

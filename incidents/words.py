"""The incident's vocabulary: status, impact, kind of update. Pure."""

from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from statuspage.pages.status import ServiceStatus


class IncidentStatus(StrEnum):
    """Where the work stands, in the words visitors read. The second four are a maintenance's."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"

    @property
    def label(self) -> str:
        words = {
            "investigating": gettext_noop("Investigating"),
            "identified": gettext_noop("Identified"),
            "monitoring": gettext_noop("Monitoring"),
            "resolved": gettext_noop("Resolved"),
            "scheduled": gettext_noop("Scheduled"),
            "in_progress": gettext_noop("In progress"),
            "verifying": gettext_noop("Verifying"),
        }.get(self.value, gettext_noop("Completed"))
        return _(words)

    @property
    def in_a_sentence(self) -> str:
        words = {
            "investigating": gettext_noop("investigating"),
            "identified": gettext_noop("identified"),
            "monitoring": gettext_noop("monitoring"),
            "resolved": gettext_noop("resolved"),
            "scheduled": gettext_noop("scheduled"),
            "in_progress": gettext_noop("in progress"),
            "verifying": gettext_noop("verifying"),
        }.get(self.value, gettext_noop("completed"))
        return _(words)

    @property
    def is_over(self) -> bool:
        return self in {IncidentStatus.RESOLVED, IncidentStatus.COMPLETED}

    @property
    def is_of_maintenance(self) -> bool:
        return self in {
            IncidentStatus.SCHEDULED,
            IncidentStatus.IN_PROGRESS,
            IncidentStatus.VERIFYING,
            IncidentStatus.COMPLETED,
        }

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(status.value, status.label) for status in cls]

    @classmethod
    def open_choices(cls) -> list[tuple[str, str]]:
        return [(status.value, status.label) for status in (cls.INVESTIGATING, cls.IDENTIFIED, cls.MONITORING)]


def stage_label(stage: IncidentStatus, *, is_cancelled: bool) -> str:
    """What people read: a maintenance that was called off is over, yet not completed."""
    return _("Cancelled") if is_cancelled else stage.label


class UpdateKind(StrEnum):
    """What an update does besides speaking. The ring machine folds by it. The last three are a maintenance's."""

    MESSAGE = "message"
    SEVERITY = "severity"
    RESOLVE = "resolve"
    REMIND = "remind"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"

    @property
    def is_the_end(self) -> bool:
        return self in {UpdateKind.RESOLVE, UpdateKind.CANCEL}

    @property
    def is_of_maintenance(self) -> bool:
        return self in {UpdateKind.REMIND, UpdateKind.RESCHEDULE, UpdateKind.CANCEL}

    @property
    def verb(self) -> str:
        """For the audit log."""
        return {
            UpdateKind.SEVERITY: "changed severity",
            UpdateKind.RESOLVE: "resolved",
            UpdateKind.REMIND: "reminded",
            UpdateKind.RESCHEDULE: "rescheduled",
            UpdateKind.CANCEL: "cancelled",
        }.get(self, "posted")

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(kind.value, kind.value) for kind in cls]


class Impact(StrEnum):
    """What visitors read instead of our severity."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    MAINTENANCE = "maintenance"  # planned work, and nothing else, has this one

    @property
    def rank(self) -> int:
        return list(Impact).index(self)

    @property
    def label(self) -> str:
        words = {
            "none": gettext_noop("none"),
            "minor": gettext_noop("minor"),
            "major": gettext_noop("major"),
            "critical": gettext_noop("critical"),
        }.get(self.value, gettext_noop("planned work"))
        return _(words)

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(impact.value, impact.value) for impact in cls]

    @classmethod
    def of(cls, status: ServiceStatus) -> "Impact":
        """What a service in this status means to a visitor (Statuspage's rollup)."""
        return {
            ServiceStatus.MAJOR_OUTAGE: cls.CRITICAL,
            ServiceStatus.PARTIAL_OUTAGE: cls.MAJOR,
            ServiceStatus.DEGRADED_PERFORMANCE: cls.MINOR,
        }.get(status, cls.NONE)

    @property
    def css(self) -> str:
        return {"major": "is-partial", "critical": "is-major", "maintenance": "is-maintenance"}.get(
            self.value, "is-degraded"
        )

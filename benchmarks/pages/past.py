"""A made-up past, written in bulk: incidents that are over, with everything a page says about them."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from incidents.models import AffectedService, Incident, Update, UpdateService
from incidents.words import Impact, IncidentStatus
from statuspage.kit import markdown
from statuspage.organizations.models import Organization, Severity
from statuspage.organizations.models.communication_plan import plan_of
from statuspage.pages.models import Service, StatusChange
from statuspage.pages.status import ServiceStatus

YEAR = timedelta(days=365)
BETWEEN = timedelta(minutes=40)
TOUCHED = 5
TROUBLE = ServiceStatus.PARTIAL_OUTAGE
WELL = ServiceStatus.OPERATIONAL
TOLD = (
    (
        IncidentStatus.INVESTIGATING,
        "Some requests fail or take **longer than usual**. We are looking for the cause and write again soon.",
    ),
    (
        IncidentStatus.IDENTIFIED,
        "The cause is a full queue between two of our data centres. Its work is being moved to the *other* one.",
    ),
    (
        IncidentStatus.MONITORING,
        "The queue is empty again. We keep watching it before we call this over: [how we work](https://acme.test/how).",
    ),
    (
        IncidentStatus.RESOLVED,
        "Everything works again. We are sorry for the trouble; an explanation follows within five working days.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The rows it becomes. Equal seeds make equal pasts."""

    organization: Organization
    services: Sequence[Service]
    severity: Severity
    incidents: list[Incident] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    touched: list[UpdateService] = field(default_factory=list)
    affected: list[AffectedService] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list)

    def make(self, number: int, *, now: datetime, seed: int) -> None:
        """`number` incidents within the year before `now`. Call in the organization's scope."""
        chance = random.Random(seed)
        plan = plan_of(self.organization).to_json()
        for place, at in enumerate(sorted(now - timedelta(days=1) - chance.random() * YEAR for _ in range(number)), 1):
            incident = self._incident(place, began_at=at)
            incident.plan = plan
            self._tell(incident, chance.sample(list(self.services), min(TOUCHED, len(self.services))))
        self._write()

    def _incident(self, number: int, *, began_at: datetime) -> Incident:
        over_at = began_at + BETWEEN * (len(TOLD) - 1)
        return Incident(
            organization=self.organization,
            number=number,
            title=f"Queue {number} is full",
            public_title=f"Slow answers and some errors, number {number}",
            severity=self.severity,
            status=IncidentStatus.RESOLVED.value,
            impact=Impact.of(TROUBLE).value,
            started_at=began_at,
            clock_started_at=began_at,
            public_at=began_at,
            monitoring_at=over_at - BETWEEN,
            resolved_at=over_at,
            last_number=len(TOLD),
            planned_number=len(TOLD),
            submission_id=uuid.uuid4(),
            created_at=began_at,
            updated_at=over_at,
        )

    def _tell(self, incident: Incident, services: Sequence[Service]) -> None:
        self.incidents.append(incident)
        for number, (status, words) in enumerate(TOLD, 1):
            update = Update(
                organization=self.organization,
                incident=incident,
                number=number,
                status=status.value,
                severity_key=self.severity.key,
                body=words,
                html=markdown.to_html(words),
                posted_at=incident.started_at + BETWEEN * (number - 1),
                submission_id=uuid.uuid4(),
            )
            self.updates.append(update)
            for service in services:
                self._step(update, service)
        self.affected.extend(
            AffectedService(organization=self.organization, incident=incident, service=service, status=WELL.value)
            for service in services
        )

    def _step(self, update: Update, service: Service) -> None:
        """Broken with the first word, well with the last, and listed as unchanged with those between."""
        old, new = (WELL if update.number == 1 else TROUBLE), (WELL if update.number == len(TOLD) else TROUBLE)
        self.touched.append(
            UpdateService(
                organization=self.organization, update_row=update, service=service, old=old.value, new=new.value
            )
        )
        if new is not old:
            self.changes.append(
                StatusChange(
                    organization=self.organization, service=service, at=update.posted_at, old=old.value, new=new.value
                )
            )

    def _write(self) -> None:
        """A parent gets its key before the rows that point at it are written."""
        Incident.objects.bulk_create(self.incidents)
        Update.objects.bulk_create(self.updates)
        UpdateService.objects.bulk_create(self.touched)
        AffectedService.objects.bulk_create(self.affected)
        StatusChange.objects.bulk_create(self.changes)

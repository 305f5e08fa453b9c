"""Incidents of the past, from history.toml: told and over, so that pages have bars, uptime and something to read.

They have no rings, and all their updates count as planned: nobody is sent anything for them.
"""

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from incidents.drafts import public_promise
from incidents.models import AffectedService, Incident, Note, Update, UpdateService
from incidents.words import Impact, IncidentStatus, UpdateKind
from statuspage.kit import markdown
from statuspage.organizations.models import Organization, Severity, User
from statuspage.organizations.models.communication_plan import plan_of
from statuspage.organizations.plan import Plan
from statuspage.pages.models import Service, StatusChange
from statuspage.pages.status import ServiceStatus, worst_of

FILE = Path(__file__).with_name("history.toml")
Row = Mapping[str, Any]


def tell(organization: Organization, *, members: Mapping[str, User], now: datetime) -> None:
    """Write the organization's past incidents, as seen from `now`. Call in its scope, once."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))[organization.slug]
    past = _Past(
        organization=organization,
        members=members,
        plan=plan_of(organization),
        severities={severity.key: severity for severity in organization.severities.all()},
        services={service.name: service for service in organization.services.all()},
    )
    for number, row in enumerate(rows, start=1):
        day = (now - timedelta(days=row["days_ago"])).astimezone(UTC).date()
        past.add(row, number=number, began_at=datetime.combine(day, time.fromisoformat(row["at"]), tzinfo=UTC))
    past.write()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What history is made from, and the rows it becomes."""

    organization: Organization
    members: Mapping[str, User]
    plan: Plan
    severities: Mapping[str, Severity]
    services: Mapping[str, Service]
    incidents: list[Incident] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    touched: list[UpdateService] = field(default_factory=list)
    affected: list[AffectedService] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list)

    def add(self, row: Row, *, number: int, began_at: datetime) -> None:
        incident = self._incident(row, number=number, began_at=began_at)
        self.incidents.append(incident)
        statuses: dict[str, ServiceStatus] = {}
        for update_number, words in enumerate(row["update"], start=1):
            if "severity" in words:
                incident.severity = self.severities[words["severity"]]
            update = self._update(incident, words, number=update_number)
            self.updates.append(update)
            self._note(update, words)
            self._affect(update, statuses, words)
            _move(incident, update)
        self.affected.extend(
            AffectedService(
                organization=self.organization, incident=incident, service=self.services[name], status=status.value
            )
            for name, status in statuses.items()
        )

    def _incident(self, row: Row, *, number: int, began_at: datetime) -> Incident:
        commander = self.members[row["update"][0]["by"]]
        return Incident(
            organization=self.organization,
            number=number,
            title=row["title"],
            public_title=row["public_title"],
            severity=self.severities[row["severity"]],
            clock_started_at=began_at,
            public_at=began_at,
            commander=commander,
            lead=commander,
            plan=self.plan.to_json(),
            last_number=len(row["update"]),
            planned_number=len(row["update"]),
            submission_id=uuid.uuid4(),
            created_at=began_at,
            **_beginning(row, told_at=began_at),
        )

    def _update(self, incident: Incident, words: Row, *, number: int) -> Update:
        posted_at = incident.clock_started_at + timedelta(minutes=words["after"])
        promises = not (IncidentStatus(words["status"]).is_over or incident.is_maintenance)
        promise = public_promise(self.plan, severity=incident.severity.key)
        return Update(
            organization=self.organization,
            incident=incident,
            number=number,
            kind=_kind(words).value,
            status=words["status"],
            severity_key=incident.severity.key,
            body=words["body"],
            html=markdown.to_html(words["body"]),
            next_update_at=posted_at + promise if promises else None,
            posted_at=posted_at,
            posted_by=self.members[words["by"]] if "by" in words else None,
            submission_id=uuid.uuid4(),
        )

    def _note(self, update: Update, words: Row) -> None:
        if note := words.get("note"):
            self.notes.append(
                Note(
                    organization=self.organization,
                    update_row=update,
                    up_to_position=note["up_to"],
                    body=note["body"],
                )
            )

    def _affect(self, update: Update, statuses: dict[str, ServiceStatus], words: Row) -> None:
        """As incidents/affecting.py does. No service here is in two incidents at once, so it is as bad as its own."""
        wanted = {name: ServiceStatus(value) for name, value in words.get("services", {}).items()}
        if update.stage.is_over:
            wanted = dict.fromkeys(statuses, ServiceStatus.OPERATIONAL)
        for name in {**statuses, **wanted}:
            old = statuses.get(name, ServiceStatus.OPERATIONAL)
            new = statuses[name] = wanted.get(name, old)
            self._step(update, self.services[name], old=old, new=new)
        impact = Impact.of(worst_of(statuses.values()))
        update.incident.impact = max(Impact(update.incident.impact), impact, key=lambda level: level.rank).value

    def _step(self, update: Update, service: Service, *, old: ServiceStatus, new: ServiceStatus) -> None:
        same: dict[str, Any] = {"organization": self.organization, "service": service, "old": old.value}
        self.touched.append(UpdateService(**same, update_row=update, new=new.value))
        if new is not old:
            cause = str(update.incident)
            self.changes.append(
                StatusChange(**same, at=update.posted_at, by=update.posted_by, new=new.value, cause=cause)
            )

    def write(self) -> None:
        """A parent gets its key before the rows that point at it are written."""
        Incident.objects.bulk_create(self.incidents)
        Update.objects.bulk_create(self.updates)
        Note.objects.bulk_create(self.notes)
        UpdateService.objects.bulk_create(self.touched)
        AffectedService.objects.bulk_create(self.affected)
        StatusChange.objects.bulk_create(self.changes)
        for incident in self.incidents:
            incident.put_on_pages.set(incident.pages())


def _beginning(row: Row, *, told_at: datetime) -> dict[str, Any]:
    """Trouble began before anybody was told of it, planned work after."""
    if "window" not in row:
        return {"started_at": told_at - timedelta(minutes=row["noticed"])}
    begins_at = told_at + timedelta(minutes=row["window"]["after"])
    return {
        "impact": Impact.MAINTENANCE.value,
        "scheduled_for": begins_at,
        "scheduled_until": begins_at + timedelta(minutes=row["window"]["lasts"]),
        "verify_for": timedelta(minutes=row["window"]["checked"]),
        "started_at": begins_at,
    }


def _kind(words: Row) -> UpdateKind:
    if IncidentStatus(words["status"]).is_over:
        return UpdateKind.RESOLVE
    return UpdateKind.SEVERITY if "severity" in words else UpdateKind.MESSAGE


def _move(incident: Incident, update: Update) -> None:
    incident.updated_at, incident.status = update.posted_at, update.status
    if update.stage is IncidentStatus.MONITORING:
        incident.monitoring_at = incident.monitoring_at or update.posted_at
    if update.stage.is_over:
        incident.resolved_at = update.posted_at

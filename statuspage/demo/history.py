"""Incidents of the past, from history.toml: told and over, so that pages have bars, uptime and something to read.

They have no rings, and all their updates count as planned: nobody is sent anything for them.
"""

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from incidents.drafts import public_promise
from incidents.models import AffectedService, Incident, Note, Update, UpdateService
from incidents.words import Impact, IncidentStatus, UpdateKind
from statuspage.kit import markdown
from statuspage.organizations.models import Organization, User
from statuspage.organizations.models.communication_plan import plan_of
from statuspage.organizations.plan import Plan
from statuspage.pages.models import Service, StatusChange
from statuspage.pages.status import ServiceStatus, worst_of

FILE = Path(__file__).with_name("history.toml")
Row = Mapping[str, Any]
Statuses = dict[Service, ServiceStatus]


@dataclass(frozen=True, slots=True)
class Archive:
    """What history is written with, and the rows it becomes. Use within the organization's scope."""

    organization: Organization
    members: Mapping[str, User]
    now: datetime
    plan: Plan = field(init=False)
    services: dict[str, Service] = field(init=False)
    updates: list[Update] = field(default_factory=list)
    details: list[UpdateService | StatusChange | AffectedService | Note] = field(default_factory=list)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plan", plan_of(self.organization))
        object.__setattr__(self, "services", {service.name: service for service in self.organization.services.all()})

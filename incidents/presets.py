"""The eight incident templates every new organization begins with, as a data file."""

import tomllib
from pathlib import Path
from typing import Any

from incidents.models import IncidentTemplate
from statuspage.organizations.models import Organization

FILE = Path(__file__).with_name("default_templates.toml")


def give_default_templates(organization: Organization) -> None:
    """Call in the organization's scope, once, after it was founded."""
    severities = {severity.key: severity for severity in organization.severities.all()}
    rows: list[dict[str, Any]] = tomllib.loads(FILE.read_text())["template"]
    IncidentTemplate.objects.bulk_create(
        IncidentTemplate(
            organization=organization,
            key=row["key"],
            name=row["name"],
            title=row["title"],
            public_title=row["public_title"],
            severity=severities.get(row["severity"]),
            body=row["body"].strip(),
            notes={ring: text.strip() for ring, text in row["notes"].items()},
            is_told_anyway=row.get("is_told_anyway", False),
            position=position,
        )
        for position, row in enumerate(rows)
    )

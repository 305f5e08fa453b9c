"""Writing the audit log: one line, in the same transaction as what it records."""

import logging
from typing import Any

from statuspage.kit import logs
from statuspage.organizations.models import AuditEntry, Organization, User

log = logging.getLogger(__name__)


def record(
    organization: Organization,
    *,
    by: User | None,
    verb: str,
    target: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """`by` None means Ripple itself. `target` names the row as a person would: "incident 7"."""
    AuditEntry.objects.create(organization=organization, by=by, verb=verb, target=target, before=before, after=after)
    logs.event(log, verb, organization=organization.slug, target=target, by=by.pk if by else "ripple")

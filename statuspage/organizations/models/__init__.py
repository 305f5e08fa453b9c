from statuspage.organizations.models.audit import AuditEntry
from statuspage.organizations.models.communication_plan import PlanCell, Ring, Severity
from statuspage.organizations.models.tenant import Member, Organization, Role, User

__all__ = ["AuditEntry", "Member", "Organization", "PlanCell", "Ring", "Role", "Severity", "User"]

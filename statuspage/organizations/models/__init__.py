from statuspage.organizations.models.audit import AuditEntry
from statuspage.organizations.models.communication_plan import PlanCell, Ring, Severity
from statuspage.organizations.models.invitation import Invitation
from statuspage.organizations.models.proven import Proven, ProvenQuerySet
from statuspage.organizations.models.sender import Sender
from statuspage.organizations.models.tenant import Member, Organization, Role, User
from statuspage.organizations.models.token import ApiToken, Scope

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Invitation",
    "Member",
    "Organization",
    "PlanCell",
    "Proven",
    "ProvenQuerySet",
    "Ring",
    "Role",
    "Scope",
    "Sender",
    "Severity",
    "User",
]

"""A new organization: from the first minute it has rings, severities and a plan, agreed before anything burns."""

from dataclasses import asdict

from django.db import transaction

from statuspage.kit.tenancy import scope
from statuspage.organizations import audit
from statuspage.organizations.models import Member, Organization, PlanCell, Ring, Role, Severity, User
from statuspage.organizations.plan import Plan, default_plan
from statuspage.organizations.plan_problems import problems


@transaction.atomic
def found(name: str, *, slug: str, owner: User, plan: Plan | None = None) -> Organization:
    """Create an organization with its owner, rings, severities and plan (the default one unless given).

    Raises ValueError with a sentence for each thing that is wrong with the plan.
    """
    plan = plan or default_plan()
    if wrong := problems(plan):
        raise ValueError("\n".join(wrong))
    organization = Organization.objects.create(name=name, slug=slug)
    with scope(organization=organization):
        Member.objects.create(organization=organization, user=owner, role=Role.OWNER)
        _write_plan(organization, plan)
        audit.record(organization, by=owner, verb="founded", target="organization", after={"name": name})
    return organization


def _write_plan(organization: Organization, plan: Plan) -> None:
    """Values and rows have the same fields: models/communication_plan.py."""
    rings = {row.key: Ring.objects.create(organization=organization, **asdict(row)) for row in plan.rings}
    severities = {row.key: Severity.objects.create(organization=organization, **asdict(row)) for row in plan.severities}
    PlanCell.objects.bulk_create(
        PlanCell(organization=organization, severity=severities[severity], ring=rings[ring], **asdict(cell))
        for (severity, ring), cell in plan.cells.items()
    )

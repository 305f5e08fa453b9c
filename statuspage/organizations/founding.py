"""A new organization: from the first minute it has rings, severities and a plan, agreed before anything burns."""

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
    rings = {
        ring.key: Ring.objects.create(
            organization=organization, key=ring.key, name=ring.name, position=ring.position, is_open=ring.is_open
        )
        for ring in plan.rings
    }
    severities = {
        severity.key: Severity.objects.create(
            organization=organization,
            key=severity.key,
            name=severity.name,
            position=severity.position,
            colour=severity.colour,
            criteria=severity.criteria,
            is_for_maintenance=severity.is_for_maintenance,
        )
        for severity in plan.severities
    }
    PlanCell.objects.bulk_create(
        PlanCell(
            organization=organization,
            severity=severities[severity_key],
            ring=rings[ring_key],
            mode=cell.mode.value,
            delay=cell.delay,
            min_gap=cell.min_gap,
            digest_every=cell.digest_every,
            promise=cell.promise,
            channels=[channel.value for channel in cell.channels],
            sms_on=cell.sms_on.value,
            on_early_resolve=cell.on_early_resolve.value,
            breaks_quiet=cell.breaks_quiet,
        )
        for (severity_key, ring_key), cell in plan.cells.items()
    )

"""Welcoming a new organization: everything agreed before anything burns, from every app."""

from django.db import transaction

from incidents.presets import give_default_templates
from statuspage.kit.tenancy import scope
from statuspage.organizations.founding import found
from statuspage.organizations.models import Organization, User
from statuspage.organizations.plan import Plan


@transaction.atomic
def welcome(name: str, *, slug: str, owner: User, plan: Plan | None = None) -> Organization:
    """A new organization with its owner, rings, severities, communication plan and eight incident templates."""
    organization = found(name, slug=slug, owner=owner, plan=plan)
    with scope(organization=organization):
        give_default_templates(organization)
    return organization

"""A new organization has everything agreed before anything burns."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from incidents.models import IncidentTemplate
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Organization, User
from statuspage.organizations.models.communication_plan import plan_of
from statuspage.organizations.plan import default_plan
from statuspage.pages.models import Page, Service
from statuspage.welcoming import welcome


@pytest.fixture
def welcomed(db: None) -> Organization:
    call_command(
        "welcome", "Initech", slug="initech", owner="Bill@Initech.test", host="Status.Initech.test", stdout=StringIO()
    )
    return Organization.objects.get(slug="initech")


def test_it_has_rings_severities_plan_templates_page_and_owner(welcomed: Organization) -> None:
    with scope(organization=welcomed):
        plan = plan_of(welcomed)
        assert (set(plan.rings), plan.severities, plan.cells) == (
            set(default_plan().rings),
            default_plan().severities,
            default_plan().cells,
        )
        assert IncidentTemplate.objects.count() == 8
        assert Page.objects.get().hosts.get().name == "status.initech.test"
        assert welcomed.members.get().role == "owner"
    assert User.objects.get().email == "bill@initech.test"


def test_a_slug_that_is_taken_is_refused_with_a_sentence(welcomed: Organization) -> None:
    with pytest.raises(CommandError, match="Choose another slug"):
        call_command("welcome", "Other", slug="initech", owner="b@x.test", host="x.test", stdout=StringIO())


def test_a_plan_that_cannot_keep_its_promises_is_refused(db: None) -> None:
    plan = default_plan()
    cell = replace(plan.cell(severity="sev1", ring="customers"), promise=timedelta(minutes=5))
    impossible = replace(plan, cells={**plan.cells, ("sev1", "customers"): cell})
    owner = User.objects.create_user("bill@initech.test")
    with pytest.raises(ValueError, match="promise"):
        welcome("Initech", slug="initech", owner=owner, plan=impossible)


def test_an_organization_may_have_several_pages_and_hosts_are_taken_once(welcomed: Organization) -> None:
    with scope(organization=welcomed):
        Service.objects.create(organization=welcomed, name="API")
    out = StringIO()
    call_command("open_page", "initech", name="Initech Europe", host="eu.initech.test", stdout=out)
    assert out.getvalue() == "Initech Europe is at http://eu.initech.test.\n"
    with scope(organization=welcomed):
        assert [page.services.count() for page in Page.objects.all()] == [0, 1]
    with pytest.raises(CommandError, match="Choose another"):
        call_command("open_page", "initech", name="Again", host="EU.initech.test", stdout=out)
    with pytest.raises(CommandError, match="no organization"):
        call_command("open_page", "nobody", name="x", host="x.test", stdout=out)

"""Organizations from before there was maintenance get the row of the plan that new ones begin with."""

from importlib import import_module

from django.apps import apps

from statuspage.organizations.models import Severity
from statuspage.organizations.models.communication_plan import plan_of
from statuspage.organizations.plan import default_plan
from statuspage.organizations.plan_problems import problems
from tests.makers import Cast

migration = import_module("statuspage.organizations.migrations.0005_give_maintenance_its_row")


def test_an_old_organization_gets_the_row_of_a_new_one(acme: Cast) -> None:
    Severity.objects.filter(is_for_maintenance=True).delete()
    Severity.objects.filter(key="sev2").delete()  # what they changed stays as it is
    migration.give_maintenance_its_row(apps, None)
    plan = plan_of(acme.organization)
    assert [severity.key for severity in plan.severities] == ["sev1", "sev3", "sev4", "maintenance"]
    assert plan.severities[-1].is_for_maintenance
    expected = {pair: cell for pair, cell in default_plan().cells.items() if pair[0] == "maintenance"}
    assert {pair: cell for pair, cell in plan.cells.items() if pair[0] == "maintenance"} == expected
    assert problems(plan) == []

from django.db import migrations
from django.db.models import Max

MODES = {"on_call": "every", "support": "every", "employees": "latest", "customers": "latest"}


def give_maintenance_its_row(apps, _schema_editor):
    """Organizations from before there was maintenance get the row that new ones begin with (default_plan.toml)."""
    models = {name: apps.get_model("organizations", name) for name in ("Organization", "Ring", "Severity", "PlanCell")}
    rows = {name: model._base_manager for name, model in models.items()}
    for organization in rows["Organization"].all():
        severities = rows["Severity"].filter(organization=organization)
        last = severities.aggregate(last=Max("position"))["last"]
        severity = rows["Severity"].create(
            organization=organization,
            key="maintenance",
            name="Maintenance",
            position=0 if last is None else last + 1,
            colour="#24539e",
            criteria="Work that was planned and announced. Nothing is promised and nobody has to acknowledge.",
            is_for_maintenance=True,
        )
        for ring in rows["Ring"].filter(organization=organization, key__in=MODES):
            rows["PlanCell"].create(
                organization=organization,
                severity=severity,
                ring=ring,
                mode=MODES[ring.key],
                channels=["email"],
                on_early_resolve="summary" if MODES[ring.key] == "every" else "silent",
            )


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_maintenance_has_a_row_of_the_plan")]
    operations = [migrations.RunPython(give_maintenance_its_row, migrations.RunPython.noop)]

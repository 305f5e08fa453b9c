from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from statuspage.kit.sealing import seal


def keep_todays(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fingerprints that exist were made with it, and the program before goes on making them so."""
    apps.get_model("kit", "LastingKey").objects.create(sealed=seal(settings.SECRET_KEY))


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_clock_now")]
    operations = [
        migrations.CreateModel(
            name="LastingKey",
            fields=[
                ("is_only", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("sealed", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("is_only", True)), name="there_is_one_lasting_key")
                ]
            },
        ),
        migrations.RunPython(keep_todays, migrations.RunPython.noop),
    ]

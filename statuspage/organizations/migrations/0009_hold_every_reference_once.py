import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A key together with the organization says all that the key alone says: each row is checked once, not twice."""

    dependencies = [
        ('organizations', '0008_programs_have_tokens'),
    ]

    operations = [
        migrations.AlterField(
            model_name='plancell',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='plan_cells', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='plancell',
            name='ring',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='organizations.ring'),
        ),
        migrations.AlterField(
            model_name='plancell',
            name='severity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='organizations.severity'),
        ),
    ]

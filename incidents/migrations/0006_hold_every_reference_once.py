import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A key together with the organization says all that the key alone says: each row is checked once, not twice."""

    dependencies = [
        ('incidents', '0005_maintenance_has_stages_of_its_own'),
        ('organizations', '0009_hold_every_reference_once'),
        ('pages', '0007_hold_every_reference_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='affectedservice',
            name='incident',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='affected', to='incidents.incident'),
        ),
        migrations.AlterField(
            model_name='affectedservice',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='affectedservice',
            name='service',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='affected_by', to='pages.service'),
        ),
        migrations.AlterField(
            model_name='incident',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='incidents', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='incident',
            name='severity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.severity'),
        ),
        migrations.AlterField(
            model_name='incidenttemplate',
            name='severity',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='organizations.severity'),
        ),
        migrations.AlterField(
            model_name='note',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='note',
            name='update_row',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='incidents.update'),
        ),
        migrations.AlterField(
            model_name='update',
            name='incident',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='incidents.incident'),
        ),
        migrations.AlterField(
            model_name='update',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='updateservice',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='updateservice',
            name='service',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pages.service'),
        ),
        migrations.AlterField(
            model_name='updateservice',
            name='update_row',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='services', to='incidents.update'),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A key together with the organization says all that the key alone says: each row is checked once, not twice."""

    dependencies = [
        ('incidents', '0006_hold_every_reference_once'),
        ('notifications', '0009_profiles_are_endpoints'),
        ('organizations', '0009_hold_every_reference_once'),
        ('pages', '0007_hold_every_reference_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='broadcast',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='broadcast',
            name='ring_state',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='broadcasts', to='notifications.ringstate'),
        ),
        migrations.AlterField(
            model_name='chunk',
            name='broadcast',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='notifications.broadcast'),
        ),
        migrations.AlterField(
            model_name='chunk',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='rendition',
            name='broadcast',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='notifications.broadcast'),
        ),
        migrations.AlterField(
            model_name='rendition',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='rendition',
            name='page',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pages.page'),
        ),
        migrations.AlterField(
            model_name='ringstate',
            name='incident',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='ring_states', to='incidents.incident'),
        ),
        migrations.AlterField(
            model_name='ringstate',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='ringstate',
            name='ring',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.ring'),
        ),
    ]

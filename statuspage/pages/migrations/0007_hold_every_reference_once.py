import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A key together with the organization says all that the key alone says: each row is checked once, not twice."""

    dependencies = [
        ('organizations', '0009_hold_every_reference_once'),
        ('pages', '0006_what_is_vouched_for_needs_no_proof'),
    ]

    operations = [
        migrations.AlterField(
            model_name='host',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='host',
            name='page',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='hosts', to='pages.page'),
        ),
        migrations.AlterField(
            model_name='pageimage',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='pageimage',
            name='page',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='images', to='pages.page'),
        ),
        migrations.AlterField(
            model_name='pageservice',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='pageservice',
            name='page',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='shown', to='pages.page'),
        ),
        migrations.AlterField(
            model_name='pageservice',
            name='service',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='shown_on', to='pages.service'),
        ),
        migrations.AlterField(
            model_name='ringlink',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='ringlink',
            name='page',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='ring_links', to='pages.page'),
        ),
        migrations.AlterField(
            model_name='ringlink',
            name='ring',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.ring'),
        ),
        migrations.AlterField(
            model_name='service',
            name='group',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='services', to='pages.servicegroup'),
        ),
        migrations.AlterField(
            model_name='statuschange',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='statuschange',
            name='service',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='pages.service'),
        ),
        migrations.AlterField(
            model_name='usedlink',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='usedlink',
            name='page',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pages.page'),
        ),
    ]

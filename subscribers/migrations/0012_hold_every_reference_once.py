import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A key together with the organization says all that the key alone says: each row is checked once, not twice."""

    dependencies = [
        ('organizations', '0008_programs_have_tokens'),
        ('pages', '0006_what_is_vouched_for_needs_no_proof'),
        ('subscribers', '0011_imported_people_are_asked'),
    ]

    operations = [
        migrations.AlterField(
            model_name='endpoint',
            name='address',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='endpoint', to='subscribers.address'),
        ),
        migrations.AlterField(
            model_name='endpoint',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='endpoints', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='importfile',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='import_files', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='importfile',
            name='page',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pages.page'),
        ),
        migrations.AlterField(
            model_name='mutedincident',
            name='address',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='muted', to='subscribers.address'),
        ),
        migrations.AlterField(
            model_name='mutedincident',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='question',
            name='file',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='subscribers.importfile'),
        ),
        migrations.AlterField(
            model_name='question',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='signup',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='signup',
            name='page',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='sign_ups', to='pages.page'),
        ),
        migrations.AlterField(
            model_name='subscribedservice',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='subscribedservice',
            name='service',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pages.service'),
        ),
        migrations.AlterField(
            model_name='subscribedservice',
            name='subscription',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='chosen', to='subscribers.subscription'),
        ),
        migrations.AlterField(
            model_name='suppression',
            name='address',
            field=models.ForeignKey(db_constraint=False, help_text='While it is kept: whom it is about', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='subscribers.address'),
        ),
    ]

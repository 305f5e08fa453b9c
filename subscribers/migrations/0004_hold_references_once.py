import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The keys of 0002 say all that these constraints say, and the tenant with it: a million rows are checked once.

    Indexes that another one begins with go, too, and the one for LIKE over ids that nobody searches by their beginning.
    """

    dependencies = [
        ('organizations', '0006_endpoints_are_channels'),
        ('pages', '0006_what_is_vouched_for_needs_no_proof'),
        ('subscribers', '0003_people_choose_what_they_hear'),
    ]

    operations = [
        migrations.AlterField(
            model_name='address',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='address',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='subscribers.person'),
        ),
        migrations.AlterField(
            model_name='person',
            name='organization',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='people', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='address',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='subscribers.address'),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='page',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='pages.page'),
        ),
        migrations.AlterField(
            model_name='person',
            name='ring',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='people', to='organizations.ring'),
        ),
        migrations.RemoveIndex(
            model_name='person',
            name='people_by_ring',
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(models.F('ring'), condition=models.Q(('ring__isnull', False)), name='people_in_rings'),
        ),
        migrations.RunSQL(
            'DROP INDEX IF EXISTS subscribers_person_public_id_35e5a719_like',
            'CREATE INDEX subscribers_person_public_id_35e5a719_like ON subscribers_person (public_id varchar_pattern_ops)',
        ),
    ]

import django.db.models.deletion
import statuspage.kit.clock
from django.db import migrations, models

from statuspage.kit.migrating import stays_within_organization


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0005_give_maintenance_its_row'),
        ('pages', '0004_owners_things_stay_apart'),
    ]

    operations = [
        migrations.CreateModel(
            name='UsedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.BinaryField(max_length=32)),
                ('used_at', models.DateTimeField(db_default=statuspage.kit.clock.ClockNow())),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pages.page')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('page'), models.F('fingerprint'), name='a_link_lets_in_once')],
            },
        ),
        stays_within_organization("pages_usedlink", "page_id", "pages_page"),
    ]


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0003_tenants_stay_apart'),
    ]

    operations = [
        migrations.AddField(
            model_name='severity',
            name='is_for_maintenance',
            field=models.BooleanField(default=False, help_text='The row of the plan that planned work follows'),
        ),
        migrations.AddConstraint(
            model_name='severity',
            constraint=models.UniqueConstraint(models.F('organization'), condition=models.Q(('is_for_maintenance', True)), name='one_row_for_maintenance_per_organization'),
        ),
    ]

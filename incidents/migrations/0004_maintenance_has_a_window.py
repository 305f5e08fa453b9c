
import datetime
import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0003_tenants_stay_apart'),
        ('organizations', '0004_maintenance_has_a_row_of_the_plan'),
        ('pages', '0003_pages_have_owners_and_audiences'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='incident',
            name='resolved_incidents_say_when',
        ),
        migrations.AddField(
            model_name='incident',
            name='cancelled_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='next_move_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='remind_before',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DurationField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='incident',
            name='scheduled_for',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='scheduled_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='verify_for',
            field=models.DurationField(default=datetime.timedelta(0)),
        ),
        migrations.AlterField(
            model_name='incident',
            name='impact',
            field=models.CharField(choices=[('none', 'none'), ('minor', 'minor'), ('major', 'major'), ('critical', 'critical'), ('maintenance', 'maintenance')], default='none', max_length=11),
        ),
        migrations.AlterField(
            model_name='incident',
            name='status',
            field=models.CharField(choices=[('investigating', 'Investigating'), ('identified', 'Identified'), ('monitoring', 'Monitoring'), ('resolved', 'Resolved'), ('scheduled', 'Scheduled'), ('in_progress', 'In progress'), ('verifying', 'Verifying'), ('completed', 'Completed')], default='investigating', max_length=16),
        ),
        migrations.AlterField(
            model_name='update',
            name='status',
            field=models.CharField(choices=[('investigating', 'Investigating'), ('identified', 'Identified'), ('monitoring', 'Monitoring'), ('resolved', 'Resolved'), ('scheduled', 'Scheduled'), ('in_progress', 'In progress'), ('verifying', 'Verifying'), ('completed', 'Completed')], max_length=16),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(models.F('next_move_at'), condition=models.Q(('next_move_at__isnull', False)), name='maintenance_by_next_move'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('resolved_at__isnull', False), models.Q(('status__in', ['resolved', 'completed']), _negated=True), _connector='OR'), name='resolved_incidents_say_when'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scheduled_for', None), ('scheduled_until', None)), ('scheduled_for__lt', models.F('scheduled_until')), _connector='OR'), name='a_window_has_a_beginning_and_an_end'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('next_move_at', None), ('scheduled_for__isnull', False), _connector='OR'), name='only_maintenance_moves_by_itself'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at', None), ('status', 'completed'), _connector='OR'), name='what_is_cancelled_is_over'),
        ),
    ]

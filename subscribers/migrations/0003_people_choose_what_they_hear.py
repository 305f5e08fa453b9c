import django.db.models.deletion
import statuspage.kit.clock
from django.db import migrations, models

from statuspage.kit.migrating import stays_within_organization


class Migration(migrations.Migration):
    """Kinds, impact, one incident only, and silence about one. What people have asked for so far stays: everything."""

    dependencies = [
        ('organizations', '0006_endpoints_are_channels'),
        ('pages', '0006_what_is_vouched_for_needs_no_proof'),
        ('subscribers', '0002_tenants_stay_apart'),
    ]

    operations = [
        migrations.CreateModel(
            name='MutedIncident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incident', models.CharField(help_text='Its public id: see Subscription', max_length=12)),
                ('created_at', models.DateTimeField(db_default=statuspage.kit.clock.ClockNow())),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='subscription',
            name='one_subscription_per_address_and_page',
        ),
        migrations.AddField(
            model_name='person',
            name='is_endpoint',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='subscription',
            name='from_impact',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Every incident'), (1, 'Minor impact and worse'), (2, 'Major impact and worse'), (3, 'Critical impact only')], db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='subscription',
            name='is_for_incidents',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='is_for_maintenance',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='only_incident',
            field=models.CharField(blank=True, db_default='', default='', max_length=12),
        ),
        migrations.AlterField(
            model_name='address',
            name='channel',
            field=models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('webhook', 'Webhook'), ('slack', 'Slack'), ('teams', 'Microsoft Teams'), ('discord', 'Discord'), ('google_chat', 'Google Chat')], max_length=16),
        ),
        migrations.AlterField(
            model_name='address',
            name='normalised',
            field=models.CharField(max_length=2000),
        ),
        migrations.AlterField(
            model_name='address',
            name='value',
            field=models.CharField(max_length=2000),
        ),
        migrations.AlterField(
            model_name='suppression',
            name='channel',
            field=models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('webhook', 'Webhook'), ('slack', 'Slack'), ('teams', 'Microsoft Teams'), ('discord', 'Discord'), ('google_chat', 'Google Chat')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(models.F('address'), models.F('page'), models.F('only_incident'), name='one_subscription_per_address_page_and_incident'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('is_for_incidents', True), ('is_for_maintenance', True), _connector='OR'), name='a_subscription_asks_for_something'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('from_impact__in', [0, 1, 2, 3])), name='an_impact_to_hear_from_is_known'),
        ),
        migrations.AddField(
            model_name='mutedincident',
            name='address',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='muted', to='subscribers.address'),
        ),
        migrations.AddField(
            model_name='mutedincident',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AddConstraint(
            model_name='mutedincident',
            constraint=models.UniqueConstraint(models.F('incident'), models.F('address'), name='an_incident_is_muted_once_per_address'),
        ),
        stays_within_organization('subscribers_mutedincident', 'address_id', 'subscribers_address'),
    ]

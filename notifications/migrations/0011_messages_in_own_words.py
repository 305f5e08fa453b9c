import django.db.models.deletion
import statuspage.kit.clock
from django.conf import settings
from django.db import migrations, models

from statuspage.kit.migrating import stays_within_organization


class Migration(migrations.Migration):
    """A tenant's own words for messages; a ring of another organization cannot be named."""

    dependencies = [
        ('notifications', '0010_people_are_left_in_peace'),
        ('organizations', '0008_programs_have_tokens'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS')], max_length=16)),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch')], max_length=10)),
                ('subject', models.TextField(blank=True)),
                ('body', models.TextField()),
                ('changed_at', models.DateTimeField(db_default=statuspage.kit.clock.ClockNow())),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('ring', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.ring')),
            ],
            options={
                'ordering': ['kind', 'ring__position', 'channel', 'language'],
                'constraints': [models.UniqueConstraint(models.F('organization'), models.F('kind'), models.F('ring'), models.F('channel'), models.F('language'), name='one_wording_per_kind_ring_channel_and_language', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='own_words_are_words'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'email'), models.Q(('subject', ''), _negated=True)), models.Q(('channel', 'sms'), ('subject', '')), _connector='OR'), name='a_mail_has_a_subject_and_an_sms_has_none')],
            },
        ),
        stays_within_organization("notifications_messagetemplate", "ring_id", "organizations_ring"),
    ]

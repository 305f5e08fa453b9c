
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import statuspage.kit.clock
import statuspage.kit.public_ids
import statuspage.organizations.models.proven
import statuspage.pages.models.page
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0004_maintenance_has_a_row_of_the_plan'),
        ('pages', '0002_tenants_stay_apart'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PageImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('logo', 'Logo'), ('logo_dark', 'Logo on dark'), ('favicon', "Icon of the browser's tab")], max_length=10)),
                ('body', models.BinaryField()),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
                ('updated_at', models.DateTimeField(db_default=statuspage.kit.clock.ClockNow())),
            ],
        ),
        migrations.CreateModel(
            name='RingLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', statuspage.kit.public_ids.PublicIdField(default=statuspage.kit.public_ids.new_public_id, editable=False, max_length=12, unique=True)),
                ('label', models.CharField(help_text='Who it is for', max_length=100)),
                ('created_at', models.DateTimeField(db_default=statuspage.kit.clock.ClockNow())),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='host',
            name='one_page_per_host_name',
        ),
        migrations.AddField(
            model_name='host',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='host',
            name='created_at',
            field=models.DateTimeField(db_default=statuspage.kit.clock.ClockNow()),
        ),
        migrations.AddField(
            model_name='host',
            name='is_subdomain',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='host',
            name='lost_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='host',
            name='missed_at',
            field=models.DateTimeField(blank=True, help_text='Since when the proof has been missing', null=True),
        ),
        migrations.AddField(
            model_name='host',
            name='proof',
            field=models.CharField(default=statuspage.organizations.models.proven.new_proof, editable=False, help_text='What the TXT record holds', max_length=64),
        ),
        migrations.AddField(
            model_name='page',
            name='accent',
            field=models.CharField(blank=True, max_length=7),
        ),
        migrations.AddField(
            model_name='page',
            name='accent_dark',
            field=models.CharField(blank=True, max_length=7),
        ),
        migrations.AddField(
            model_name='page',
            name='audience',
            field=models.CharField(choices=[('public', 'Everybody'), ('members', 'Members of the organization'), ('password', 'Whoever knows the password'), ('email', 'Whoever has an e-mail address at one of these domains'), ('network', 'Whoever comes from one of these networks')], default='public', max_length=12),
        ),
        migrations.AddField(
            model_name='page',
            name='email_domains',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='page',
            name='incident_raises_indicator',
            field=models.BooleanField(default=False, help_text="Statuspage's readers are told of trouble by open incidents, too, not by services only"),
        ),
        migrations.AddField(
            model_name='page',
            name='intro',
            field=models.TextField(blank=True, help_text='Markdown, below the headline', max_length=2000),
        ),
        migrations.AddField(
            model_name='page',
            name='is_found_by_search',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='page',
            name='key_number',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='page',
            name='languages',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('en', 'English'), ('de', 'Deutsch')], max_length=10), default=statuspage.pages.models.page.english, size=None),
        ),
        migrations.AddField(
            model_name='page',
            name='links',
            field=models.JSONField(default=list, help_text='For the footer: a list of {label, url}'),
        ),
        migrations.AddField(
            model_name='page',
            name='networks',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=43), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='page',
            name='password',
            field=models.CharField(blank=True, help_text='Hashed; for the audience “password”', max_length=128),
        ),
        migrations.AddField(
            model_name='page',
            name='security_contact',
            field=models.CharField(blank=True, help_text='For security.txt: mailto: or https:', max_length=255),
        ),
        migrations.AddConstraint(
            model_name='host',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), condition=models.Q(('verified_at__isnull', False)), name='one_page_per_host_name'),
        ),
        migrations.AddConstraint(
            model_name='host',
            constraint=models.UniqueConstraint(models.F('organization'), django.db.models.functions.text.Lower('name'), name='one_claim_per_organization_and_host_name'),
        ),
        migrations.AddConstraint(
            model_name='host',
            constraint=models.CheckConstraint(condition=models.Q(('lost_at', None), ('verified_at__isnull', False), _connector='OR'), name='only_what_was_proven_is_lost'),
        ),
        migrations.AddConstraint(
            model_name='page',
            constraint=models.CheckConstraint(condition=models.Q(('languages', []), _negated=True), name='a_page_has_a_language'),
        ),
        migrations.AddConstraint(
            model_name='page',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('audience', 'password'), _negated=True), models.Q(('password', ''), _negated=True), _connector='OR'), name='a_page_with_a_password_has_one'),
        ),
        migrations.AddField(
            model_name='pageimage',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='pageimage',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='pages.page'),
        ),
        migrations.AddField(
            model_name='ringlink',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ringlink',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='ringlink',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ring_links', to='pages.page'),
        ),
        migrations.AddField(
            model_name='ringlink',
            name='ring',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.ring'),
        ),
        migrations.AddConstraint(
            model_name='pageimage',
            constraint=models.UniqueConstraint(models.F('page'), models.F('kind'), name='one_image_per_page_and_kind'),
        ),
    ]

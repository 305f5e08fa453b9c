from django.db import migrations, models


class Migration(migrations.Migration):
    """Nobody who is left alone today is woken by an upgrade: plans that are there break no quiet hours."""

    dependencies = [
        ('organizations', '0010_hold_every_reference_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='plancell',
            name='breaks_quiet',
            field=models.BooleanField(db_default=False, default=False, help_text="SMS are sent in people's quiet hours, too"),
        ),
    ]

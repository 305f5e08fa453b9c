from django.db import migrations


class Migration(migrations.Migration):
    """Every delivery is updated once or twice: half-filled pages keep the new version on the same page (HOT)."""

    dependencies = [("notifications", "0002_initial")]
    operations = [
        migrations.RunSQL("ALTER TABLE notifications_delivery SET (fillfactor = 50)", "ALTER TABLE notifications_delivery RESET (fillfactor)"),
    ]

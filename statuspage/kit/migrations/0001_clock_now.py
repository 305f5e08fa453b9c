from django.db import migrations


class Migration(migrations.Migration):
    """The one clock. STABLE, so that it is the same instant throughout a statement and may be a column's default."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(
            "CREATE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()'",
            "DROP FUNCTION clock_now()",
        )
    ]

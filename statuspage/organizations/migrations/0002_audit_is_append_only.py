from django.db import migrations


class Migration(migrations.Migration):
    """The database itself refuses to change or delete what was recorded."""

    dependencies = [("organizations", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'The audit log is append-only.'; END $$;
            CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON organizations_auditentry
            FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
            """,
            "DROP TRIGGER audit_is_append_only ON organizations_auditentry; DROP FUNCTION audit_is_append_only();",
        )
    ]

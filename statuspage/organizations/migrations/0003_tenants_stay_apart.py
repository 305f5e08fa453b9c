from django.db import migrations

from statuspage.kit.migrating import may_be_referred_to, stays_within_organization


class Migration(migrations.Migration):
    """A row can only refer to rows of its own organization. The door checks first; this is the second line."""

    dependencies = [
        ("organizations", "0002_audit_is_append_only"),
    ]
    operations = [
        may_be_referred_to("organizations_ring"),
        may_be_referred_to("organizations_severity"),
        stays_within_organization("organizations_plancell", "severity_id", "organizations_severity"),
        stays_within_organization("organizations_plancell", "ring_id", "organizations_ring"),
    ]

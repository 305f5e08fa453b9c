from django.db import migrations

from statuspage.kit.migrating import may_be_referred_to, stays_within_organization


class Migration(migrations.Migration):
    """A row can only refer to rows of its own organization. The door checks first; this is the second line."""

    dependencies = [
        ("incidents", "0002_initial"),
        ("organizations", "0003_tenants_stay_apart"),
        ("pages", "0002_tenants_stay_apart"),
    ]
    operations = [
        may_be_referred_to("incidents_incident"),
        may_be_referred_to("incidents_update"),
        stays_within_organization("incidents_incident", "severity_id", "organizations_severity"),
        stays_within_organization("incidents_incidenttemplate", "severity_id", "organizations_severity"),
        stays_within_organization("incidents_affectedservice", "incident_id", "incidents_incident"),
        stays_within_organization("incidents_affectedservice", "service_id", "pages_service"),
        stays_within_organization("incidents_update", "incident_id", "incidents_incident"),
        stays_within_organization("incidents_updateservice", "update_row_id", "incidents_update"),
        stays_within_organization("incidents_updateservice", "service_id", "pages_service"),
        stays_within_organization("incidents_note", "update_row_id", "incidents_update"),
    ]

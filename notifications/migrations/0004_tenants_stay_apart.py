from django.db import migrations

from statuspage.kit.migrating import may_be_referred_to, stays_within_organization


class Migration(migrations.Migration):
    """A row can only refer to rows of its own organization. The door checks first; this is the second line."""

    dependencies = [
        ("notifications", "0003_deliveries_leave_room"),
        ("organizations", "0003_tenants_stay_apart"),
        ("pages", "0002_tenants_stay_apart"),
        ("incidents", "0003_tenants_stay_apart"),
        ("subscribers", "0002_tenants_stay_apart"),
    ]
    operations = [
        may_be_referred_to("notifications_ringstate"),
        may_be_referred_to("notifications_broadcast"),
        stays_within_organization("notifications_ringstate", "incident_id", "incidents_incident"),
        stays_within_organization("notifications_ringstate", "ring_id", "organizations_ring"),
        stays_within_organization("notifications_broadcast", "ring_state_id", "notifications_ringstate"),
        stays_within_organization("notifications_rendition", "broadcast_id", "notifications_broadcast"),
        stays_within_organization("notifications_rendition", "page_id", "pages_page"),
        stays_within_organization("notifications_chunk", "broadcast_id", "notifications_broadcast"),
    ]

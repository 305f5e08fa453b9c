from django.db import migrations

from statuspage.kit.migrating import may_be_referred_to, stays_within_organization


class Migration(migrations.Migration):
    """A row can only refer to rows of its own organization. The door checks first; this is the second line."""

    dependencies = [
        ("subscribers", "0001_initial"),
        ("organizations", "0003_tenants_stay_apart"),
        ("pages", "0002_tenants_stay_apart"),
    ]
    operations = [
        may_be_referred_to("subscribers_person"),
        may_be_referred_to("subscribers_address"),
        may_be_referred_to("subscribers_subscription"),
        stays_within_organization("subscribers_person", "ring_id", "organizations_ring"),
        stays_within_organization("subscribers_address", "person_id", "subscribers_person"),
        stays_within_organization("subscribers_subscription", "address_id", "subscribers_address"),
        stays_within_organization("subscribers_subscription", "page_id", "pages_page"),
        stays_within_organization("subscribers_subscribedservice", "subscription_id", "subscribers_subscription"),
        stays_within_organization("subscribers_subscribedservice", "service_id", "pages_service"),
    ]

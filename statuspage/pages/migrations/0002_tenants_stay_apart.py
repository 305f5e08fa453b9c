from django.db import migrations

from statuspage.kit.migrating import may_be_referred_to, stays_within_organization


class Migration(migrations.Migration):
    """A row can only refer to rows of its own organization. The door checks first; this is the second line."""

    dependencies = [
        ("pages", "0001_initial"),
        ("organizations", "0003_tenants_stay_apart"),
    ]
    operations = [
        may_be_referred_to("pages_page"),
        may_be_referred_to("pages_service"),
        may_be_referred_to("pages_servicegroup"),
        stays_within_organization("pages_host", "page_id", "pages_page"),
        stays_within_organization("pages_service", "group_id", "pages_servicegroup"),
        stays_within_organization("pages_pageservice", "page_id", "pages_page"),
        stays_within_organization("pages_pageservice", "service_id", "pages_service"),
        stays_within_organization("pages_statuschange", "service_id", "pages_service"),
    ]

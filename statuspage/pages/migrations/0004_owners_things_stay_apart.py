from django.db import migrations

from statuspage.kit.migrating import stays_within_organization
from statuspage.organizations.models.proven import new_proof


def give_each_host_its_own_proof(apps, _schema_editor):
    """Adding the column gave all rows the same."""
    Host = apps.get_model("pages", "Host")
    for host in Host._base_manager.all():
        Host._base_manager.filter(pk=host.pk).update(proof=new_proof())


class Migration(migrations.Migration):
    """A row can only refer to rows of its own organization. The door checks first; this is the second line."""

    dependencies = [
        ("pages", "0003_pages_have_owners_and_audiences"),
        ("organizations", "0005_give_maintenance_its_row"),
    ]
    operations = [
        stays_within_organization("pages_pageimage", "page_id", "pages_page"),
        stays_within_organization("pages_ringlink", "page_id", "pages_page"),
        stays_within_organization("pages_ringlink", "ring_id", "organizations_ring"),
        migrations.RunPython(give_each_host_its_own_proof, migrations.RunPython.noop),
    ]

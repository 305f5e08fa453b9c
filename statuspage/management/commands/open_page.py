"""`manage.py open_page acme --name "Acme Europe" --host eu.status.acme.example`: one more page for an organization."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.models import Organization
from statuspage.pages.models import Host, Service
from statuspage.pages.opening import open_page


class Command(BaseCommand):
    help = "Opens one more page, with every service on it. Which services it shows is chosen in the console."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="its part of console addresses: acme")
        parser.add_argument("--name", required=True, help="as visitors read it: Acme Europe")
        parser.add_argument("--host", required=True, help="host name of the page: eu.status.acme.example")

    def handle(self, *_args: Any, organization: str, name: str, host: str, **_options: Any) -> None:
        row = Organization.objects.filter(slug=organization).first()
        if row is None:
            raise CommandError(f"There is no organization {organization!r}.")
        with across_organizations():
            if Host.objects.filter(name=host.lower()).exists():
                raise CommandError(f"{host} is a page's host already. Choose another.")
        with scope(organization=row):
            page = open_page(row, name=name, host=host, services=Service.objects.living())
            self.stdout.write(f"{page} is at {page.url}.")

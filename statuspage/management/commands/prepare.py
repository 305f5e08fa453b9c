"""`manage.py prepare`: what must be done once before everything else starts, and does no harm when done again."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.text import slugify

from statuspage import env
from statuspage.organizations.models import Organization

FIRST = (env.FIRST_ORGANIZATION, env.FIRST_OWNER, env.FIRST_HOST)
WELCOME = 'manage.py welcome "Acme" --slug acme --owner you@acme.example --host status.acme.example'


class Command(BaseCommand):
    help = (
        "Brings the database and the static files up to date, and creates the first organization where there is none."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not Organization.objects.exists():
            self._welcome_the_first()
        self.stdout.write("Everything is prepared.")

    def _welcome_the_first(self) -> None:
        """As the environment names it. Whoever has named nothing is told how to do it by hand."""
        name, owner, host = (variable.text for variable in FIRST)
        if name and owner and host:
            call_command("welcome", name, slug=slugify(name), owner=owner, host=host, stdout=self.stdout)
            self.stdout.write("Change that password: it stands in this log.")
        else:
            names = ", ".join(variable.name for variable in FIRST)
            self.stdout.write(f"There is no organization yet, and not all of {names} are set. Create one:\n  {WELCOME}")

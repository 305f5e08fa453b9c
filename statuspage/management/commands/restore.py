"""`manage.py restore ripple-2026-11-24.dump`: into an empty database, which is then on hold."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from statuspage.backing_up import CannotKeep, restore

NEXT = """Restored, and on hold: nothing leaves. Next:
  manage.py publish --all              every page is drawn anew
  manage.py hold --status              what waits; it may have been sent before the database was lost
  manage.py hold --drop acme/7/…       what is not to be sent (again)
  manage.py hold --release             what is left is sent"""


class Command(BaseCommand):
    help = "Fills an empty database from a backup and leaves it on hold, until an operator has looked at what waits."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what manage.py backup wrote")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            restore(file)
        except CannotKeep as error:
            raise CommandError(str(error)) from error
        self.stdout.write(NEXT)
        call_command("hold", "--status", stdout=self.stdout)

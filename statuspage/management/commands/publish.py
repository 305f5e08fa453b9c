"""`manage.py publish`: write what visitors cannot read yet; with --all, every page from nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from statuspage import publishing


class Command(BaseCommand):
    help = "Writes the files of every page that has changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every page, changed or not; removes what is left over")

    def handle(self, *_args: Any, **options: Any) -> None:
        number = publishing.publish_all() if options["all"] else publishing.publish_outdated()
        self.stdout.write(f"Published {number} page{'' if number == 1 else 's'}.")

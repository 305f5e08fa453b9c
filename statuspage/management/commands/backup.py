"""`manage.py backup ripple-2026-11-24.dump`: the whole database in one file, while everything goes on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statuspage.backing_up import CannotKeep, back_up


class Command(BaseCommand):
    help = "Writes a backup of the database. Keep it as secret as the database, and RIPPLE_SECRET_KEY somewhere else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that does not exist yet")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            back_up(file)
        except (CannotKeep, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes.")

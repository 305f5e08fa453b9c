"""`manage.py publish`: write what visitors cannot read yet; with --all, every page from nothing."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from statuspage import publishing


class Command(BaseCommand):
    help = "Writes the files of every page that has changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every page, changed or not; removes what is left over")

    def handle(self, *_args: Any, **options: Any) -> None:
        started = time.monotonic()

        def tell(done: int, of: int) -> None:
            """How it goes, for a person who waits."""
            if self.stderr.isatty():
                rate = done / max(0.001, time.monotonic() - started)
                line = f"{done} of {of} pages, {rate:.1f} a second, {(of - done) / rate:.0f} s to go"
                self.stderr.write(f"\r{line:<60}", ending="\n" if done == of else "")

        publish = publishing.publish_all if options["all"] else publishing.publish_outdated
        number = publish(tell=tell)
        self.stdout.write(f"Published {number} page{'' if number == 1 else 's'}.")

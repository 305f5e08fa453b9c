"""`manage.py hold`: nothing leaves until `hold --release`. `--status` says what waits, `--drop` cancels it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications import holding, pending
from notifications.pending import CannotDrop
from notifications.taking import LEASE_SECONDS

EVERYTHING = "everything"


class Command(BaseCommand):
    help = "Puts the whole installation on hold: incidents are posted and pages published, but no message leaves."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--status", action="store_true", help="only say whether it is on hold, and what waits")
        what.add_argument("--release", action="store_true", help="let everything leave that waits and was not dropped")
        what.add_argument(
            "--drop",
            nargs="+",
            metavar="WHAT",
            help=f"while on hold: cancel what waits, named as --status does (acme/7/customers), or '{EVERYTHING}'",
        )
        parser.add_argument("--why", default="An operator put the installation on hold.", help="shown in the console")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["drop"]:
            self._drop(options["drop"])
        elif options["release"]:
            self._release()
        elif not options["status"]:
            self._hold(options["why"])
        self._say_what_waits()

    def _hold(self, why: str) -> None:
        holding.hold(by=None, why=why)
        if not holding.wait_until_quiet(seconds=LEASE_SECONDS + 5):
            raise CommandError("On hold, but somebody still holds a lease. Look again: manage.py hold --status")

    def _release(self) -> None:
        self.stdout.write("Released." if holding.release(by=None) else "Nothing was on hold.")

    def _drop(self, keys: list[str]) -> None:
        waiting = pending.pending()
        unknown = set(keys) - {each.key for each in waiting} - {EVERYTHING}
        if unknown:
            raise CommandError(f"Nothing waits that is called {', '.join(sorted(unknown))}.")
        chosen = waiting if EVERYTHING in keys else [each for each in waiting if each.key in keys]
        try:
            self.stdout.write(f"Dropped {pending.drop(chosen, by=None)} messages.")
        except CannotDrop as refusal:
            raise CommandError(str(refusal)) from refusal

    def _say_what_waits(self) -> None:
        standing = holding.standing()
        if standing is None:
            self.stdout.write("Not on hold: messages leave.")
        else:
            since = f" since {standing.since_at:%Y-%m-%d %H:%M:%S} UTC" if standing.since_at else ""
            self.stdout.write(f"On hold{since}: {standing.why}")
        for each in pending.pending():
            since = f"{each.since_at:%Y-%m-%d %H:%M} UTC"
            self.stdout.write(f"  {each.key}: {each.people} pending since {since}, {each.title}, {each.ring}")

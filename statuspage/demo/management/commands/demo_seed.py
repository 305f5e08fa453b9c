"""Fills the demo with its example, once, and says how to log in."""

from typing import Any

from django.core.management.base import BaseCommand

from statuspage.demo import seeding
from statuspage.demo.people import PASSWORD


class Command(BaseCommand):
    help = "Make the demo's example organizations, unless they are there."
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        was_made = seeding.seed()
        self.stdout.write("The example was made." if was_made else "The example is there already.")
        self.stdout.write(f"Login         {seeding.ACME.email('ada')}   password {PASSWORD}   (commander)")
        others = ", ".join(
            f"{seeding.ACME.email(key)} ({role.value})"
            for key, (_name, role) in seeding.ACME.members.items()
            if key != "ada"
        )
        self.stdout.write(f"Login also    {others}")
        self.stdout.write(f"Login there   {seeding.GLOBEX.email('gustav')}   another organization, the same password")

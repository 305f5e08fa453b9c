"""`manage.py reseal`: the last step but one of changing RIPPLE_SECRET_KEY (docs/operating.md). Twice is once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from statuspage.kit import fingerprints
from statuspage.kit.fingerprints import WrongKeyError
from statuspage.kit.tenancy import across_organizations
from subscribers import endpoints


class Command(BaseCommand):
    help = "Seals what is kept secret under the newest RIPPLE_SECRET_KEY, so that the ones before can be forgotten."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            fingerprints.reseal()
        except WrongKeyError as error:
            raise CommandError(str(error)) from error
        with across_organizations():
            resealed = endpoints.reseal()
        self.stdout.write(
            f"Sealed under the newest key: the key of fingerprints, and the secrets of {resealed} endpoints."
        )

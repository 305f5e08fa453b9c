"""`manage.py welcome "Acme" --slug acme --owner olga@acme.example --host status.acme.example`: a new organization."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email, validate_slug
from django.db import transaction

from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Organization, User
from statuspage.pages.opening import open_page
from statuspage.welcoming import welcome


class Command(BaseCommand):
    help = "Creates an organization with its owner, plan, templates and first page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="as people write it: Acme")
        parser.add_argument("--slug", required=True, help="its part of console addresses: acme")
        parser.add_argument("--owner", required=True, help="e-mail address of its owner")
        parser.add_argument("--host", required=True, help="host name of its public page: status.acme.example")

    @transaction.atomic
    def handle(self, *_args: Any, name: str, slug: str, owner: str, host: str, **_options: Any) -> None:
        validate_slug(slug)
        validate_email(owner)
        if Organization.objects.filter(slug=slug).exists():
            raise CommandError(f"There is an organization {slug!r} already. Choose another slug.")
        user, password = self._owner(owner)
        organization = welcome(name, slug=slug, owner=user)
        with scope(organization=organization):
            open_page(organization, name=f"{name} status", host=host, by=user)
        self.stdout.write(f"{name} is ready. Log in as {user.email}{f' with {password}' if password else ''}.")

    def _owner(self, email: str) -> tuple[User, str]:
        """The user, and the password made for them when they are new."""
        known = User.objects.filter(email=email.lower()).first()
        if known:
            return known, ""
        password = secrets.token_urlsafe(12)
        return User.objects.create_user(email, password), password

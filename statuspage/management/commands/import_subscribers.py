"""`manage.py import_subscribers acme people.csv --by olga@acme.example --attested`: a file of people, by hand."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Member, Organization, User
from statuspage.pages.models import Page
from subscribers.importing import agreeing, receiving, reporting, working
from subscribers.importing.models import UNDER_WAY, Consent, ImportFile, ImportState


class Command(BaseCommand):
    help = "Imports a CSV file. Stopped or killed, the same command goes on with it; so do the workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="its part of console addresses: acme")
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="e-mail address of the member who answers for it")
        parser.add_argument("--page", default="", help="id of the page they follow; needed when there are several")
        parser.add_argument("--attested", action="store_true", help=agreeing.WORDS[Consent.ATTESTED])
        parser.add_argument("--unconfirmed", action="store_true", help=agreeing.WORDS[Consent.UNCONFIRMED])

    def handle(self, *_args: Any, organization: str, **options: Any) -> None:
        row = Organization.objects.filter(slug=organization).first()
        if row is None:
            raise CommandError(f"There is no organization {organization!r}.")
        if options["attested"] and options["unconfirmed"]:
            raise CommandError("Either they agreed (--attested), or you do not know (--unconfirmed).")
        with scope(organization=row):
            try:
                self._import(_member(row, options["by"]), options)
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from refusal

    def _import(self, by: User, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        file = ImportFile.objects.filter(state__in=UNDER_WAY, name=path.name).first()
        if file is None:
            with path.open("rb") as opened:
                file = receiving.receive(_page(options["page"]), path.name, receiving.chunks_of(opened), by=by)
        file = self._work(file)
        consent = Consent.ATTESTED if options["attested"] else Consent.UNCONFIRMED if options["unconfirmed"] else None
        if file.stage is ImportState.READY and consent:
            agreeing.begin(file, consent, by=by)
            file = self._work(file)
        self._tell(file)

    def _work(self, file: ImportFile) -> ImportFile:
        """Until nothing is left that needs nobody's yes. Workers may help, or be away."""
        while (now := ImportFile.objects.get(pk=file.pk)).stage.is_working:
            working.step()
            if self.stderr.isatty():
                self.stderr.write(f"\r{now.get_state_display()}, {now.percent} %    ", ending="")
        return now

    def _tell(self, file: ImportFile) -> None:
        for count in reporting.counts(file):
            self.stdout.write(f"{count.rows:>9,}  {count.problem.what}. {count.problem.remedy}")
        self.stdout.write(
            f"{file.rows_seen:,} rows: {file.accepted:,} can be imported, {file.rejected:,} are rejected."
        )
        if file.stage is ImportState.READY:
            self.stdout.write("Nobody is added yet. Say --attested or --unconfirmed, or decide in the console.")
        else:
            self.stdout.write(f"{file.added:,} added, {file.changed:,} changed, {file.unchanged:,} were there already.")


def _member(organization: Organization, email: str) -> User:
    member = Member.objects.select_related("user").filter(user__email=email.lower()).first()
    if member is None or not member.may_edit_setup:
        raise CommandError(f"{email} is no owner or admin of {organization}.")
    return member.user


def _page(public_id: str) -> Page:
    pages = list(Page.objects.filter(public_id=public_id) if public_id else Page.objects.all()[:2])
    if len(pages) != 1:
        known = ", ".join(f"{page.public_id} ({page})" for page in Page.objects.all())
        raise CommandError(f"Say which page with --page. There are: {known}")
    return pages[0]

"""The story of who vouches for a sender: its domain's proof, and SPF, DKIM and DMARC, looked up again every day.

What cannot be looked up changes nothing. What was lost is made good at once, with the installation's own address, and
owners are told why: `notice_at` is a column, so none of it is forgotten.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from statuspage.kit import clock
from statuspage.kit.mail_records import dkim, dmarc, spf
from statuspage.kit.mail_records.reports import Asking, OneLook, Report
from statuspage.kit.names import Resolver
from statuspage.kit.proofs import Finding, State
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations import audit, proving
from statuspage.organizations.access import who_edits_setup
from statuspage.organizations.models import Sender, User
from statuspage.organizations.proving import Outcome

LONGEST_LOOK = 12.0
"""Seconds for all records of one domain: whoever asks in the console waits for it."""
TRY_AGAIN_AFTER = timedelta(minutes=5)
"""When the mail did not leave, or whoever was at it died."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the DNS says of one sender's domain."""

    proof: Finding
    reports: tuple[Report, ...]

    @property
    def is_fit(self) -> bool | None:
        """Whether SPF or DKIM vouch for our letters, of which one is enough; None: not found out."""
        return _either(self.reports)


def look(row: Sender, resolver: Resolver) -> Look:
    """Over the network, for seconds if need be."""
    asking = OneLook.lasting(LONGEST_LOOK, resolver)
    return Look(proving.look(row, resolver), records_of(row.domain, asking))


def records_of(domain: str, asking: Asking) -> tuple[Report, ...]:
    vouching = []
    if settings.SPF_MECHANISMS:
        vouching.append(spf.look(domain, ours=settings.SPF_MECHANISMS, asking=asking))
    if settings.DKIM_TARGET:
        vouching.append(dkim.look(domain, target=settings.DKIM_TARGET, asking=asking))
    return (*vouching, dmarc.look(domain, is_vouched_for=_either(vouching), asking=asking))


def check_for(row: Sender, *, resolver: Resolver, now: datetime, by: User) -> Outcome:
    """For somebody who asks; not more often than every few seconds. Not in a transaction: it waits for name servers."""
    if not proving.may_ask(Sender.objects.all(), row, now):
        return Outcome.TOO_SOON
    return settle(row, look(row, resolver), now=now, by=by)


@transaction.atomic
def settle(asked: Sender, found: Look, *, now: datetime, by: User | None = None) -> Outcome:
    """Write down what a look at `asked` found. Call in the organization's scope. One that was removed stays removed."""
    rows = Sender.objects.select_for_update(of=("self",)).select_related("organization")
    row = rows.filter(pk=asked.pk, proof=asked.proof).first()
    if row is None:
        return Outcome.MISSING
    before, was_usable = row.standing, row.is_usable
    _take_over(row, found, now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return Outcome.TAKEN
    if row.standing != before:
        _note(row, proving.verb(before, row.standing), by)
    if row.is_usable != was_usable:
        _note(row, "took into use" if row.is_usable else "took out of use", by)
    return Outcome.PROVEN if found.proof is Finding.THERE else Outcome(found.proof)


def _take_over(row: Sender, found: Look, now: datetime) -> None:
    """What was found, and whether owners must hear of it: when it got worse, not while it stays bad."""
    was_usable, was_missed = row.is_usable, row.missed_at is not None
    row.standing, row.checked_at = row.standing.after(found.proof, now), now
    row.is_fit = row.is_fit if found.is_fit is None else found.is_fit
    row.reports = [asdict(report) for report in found.reports]
    if (was_usable and not row.is_usable) or (row.state is State.MISSED and not was_missed):
        row.notice_at = now
    elif row.is_usable and row.state is State.PROVEN:
        row.notice_at = None  # right again before anybody was told


def are_any_due(now: datetime) -> bool:
    with across_organizations():
        return Sender.objects.due(now).exists() or Sender.objects.filter(notice_at__lte=now).exists()


def recheck(*, resolver: Resolver, now: datetime) -> int:
    """Look for what is due, a few at once. Returns how many were; call again while there are any."""
    with across_organizations():
        due = Sender.objects.due(now).select_related("organization")
    return proving.recheck(due, look=partial(look, resolver=resolver), settle=partial(settle, now=now), now=now)


def give_notices() -> int:
    """Write to owners and admins whose sender has got worse; returns about how many. Raises OSError without a relay."""
    given = 0
    while (row := _claim_notice(clock.now())) is not None:
        with scope(organization=row.organization):
            _letter(row).send()
            Sender.objects.filter(pk=row.pk, notice_at=row.notice_at).update(notice_at=None)  # not what came meanwhile
        given += 1
    return given


def taken_elsewhere(domains: Iterable[str]) -> set[str]:
    """Those of the domains that some organization has proven: whose, nobody is told."""
    with across_organizations():
        found = Sender.objects.filter(domain__in=list(domains), verified_at__isnull=False)
        return set(found.values_list("domain", flat=True))


def why_not_used(row: Sender) -> str:
    """A sentence; empty for one that letters may come from."""
    match row.state:
        case State.WAITING:
            return "The record that proves the domain is not there yet."
        case State.LOST:
            return "The record that proves the domain has been missing for too long."
    if row.is_fit:
        return ""
    wrong = [f"{report['kind']}: {report['says']}" for report in row.reports if report["kind"] != "DMARC"]
    return "Neither SPF nor DKIM vouch for our letters, so they would be refused. " + " ".join(wrong)


def _either(reports: tuple[Report, ...] | list[Report]) -> bool | None:
    known = [report.lets_in for report in reports if report.kind != "DMARC"]
    if any(known):
        return True
    return None if None in known else False


def _note(row: Sender, verb: str, by: User | None) -> None:
    audit.record(row.organization, by=by, verb=verb, target=f"sender {row}"[:80], after={"address": str(row)})


@transaction.atomic
def _claim_notice(now: datetime) -> Sender | None:
    with across_organizations():
        rows = Sender.objects.filter(notice_at__lte=now).order_by("notice_at").select_related("organization")
        row = rows.select_for_update(skip_locked=True, of=("self",)).first()
        if row is not None:
            row.notice_at = now + TRY_AGAIN_AFTER
            row.save(update_fields=["notice_at"])
        return row


def _letter(row: Sender) -> EmailMessage:
    organization = row.organization
    where = organization.console_url("sender")
    if why := why_not_used(row):
        news = f"Letters of your status page no longer come from {row}.\n\n{why}"
        meanwhile = f"Nobody misses a letter: until this is put right they come from {settings.MAIL_FROM}."
    else:
        news = f"The record that proves {row.domain} is missing. Letters of your status page come from {row}."
        meanwhile = f"If it stays away for three days, they will come from {settings.MAIL_FROM} instead."
    subject = f"[{organization.name}] Your sender address {row} needs you"
    text = f"{news}\n\n{meanwhile}\n\nWhat to do stands here:\n{where}\n"
    return EmailMessage(" ".join(subject.split()), text, to=who_edits_setup(organization))

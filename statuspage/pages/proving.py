"""The story of proving a page's domain: look for its record, write down what was found, and look again every day.

The DNS is asked while nothing is locked (organizations/proving.py); `settle` writes down what was found. Whoever proves
a name first has it; the database holds that (one_page_per_host_name).
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction

from statuspage.kit.names import Resolver
from statuspage.kit.proofs import Finding, Standing
from statuspage.kit.tenancy import across_organizations
from statuspage.organizations import audit, proving
from statuspage.organizations.models import User
from statuspage.organizations.proving import Outcome
from statuspage.pages.models import Host, Page


def check(host: Host, *, resolver: Resolver, now: datetime, by: User | None = None) -> Outcome:
    """Look for the proof and write down what that means. Not in a transaction: it waits for name servers."""
    return settle(host, proving.look(host, resolver), now=now, by=by)


def check_for(host: Host, *, resolver: Resolver, now: datetime, by: User) -> Outcome:
    """As `check`, for somebody who asks; not more often than every few seconds."""
    if not host.proof:
        return Outcome.NOT_NEEDED
    if not proving.may_ask(Host.objects.all(), host, now):
        return Outcome.TOO_SOON
    return check(host, resolver=resolver, now=now, by=by)


def are_any_due(now: datetime) -> bool:
    with across_organizations():
        return Host.objects.due(now).exists() or Host.objects.given_up(now).exists()


def recheck(*, resolver: Resolver, now: datetime) -> int:
    """Look for the proofs that are due, a few at once. Returns how many were; call again while there are any."""
    with across_organizations():
        _forget_given_up(now)
        due = Host.objects.due(now).select_related("page", "organization")
    look = partial(proving.look, resolver=resolver)
    return proving.recheck(due, look=look, settle=partial(settle, now=now), now=now)


@transaction.atomic
def settle(asked: Host, finding: Finding, *, now: datetime, by: User | None = None) -> Outcome:
    """Write down what a look at `asked` found. Call in the organization's scope.

    A host that was removed meanwhile stays removed.
    """
    host = alone_with(asked)
    if host is None:
        return Outcome.MISSING
    before = host.standing
    host.standing, host.checked_at = before.after(finding, now), now
    try:
        with transaction.atomic():
            host.save(update_fields=["verified_at", "missed_at", "lost_at", "checked_at"])
    except IntegrityError:
        return Outcome.TAKEN
    if host.standing != before:
        tell(host, proving.verb(before, host.standing), before=before, by=by)
    return Outcome.PROVEN if finding is Finding.THERE else Outcome(finding)


def lock(page: Page) -> None:
    """Whoever changes hosts of a page does so alone. First of all locks: touching takes it, too."""
    Page.objects.select_for_update(no_key=True).get(pk=page.pk)


def alone_with(host: Host) -> Host | None:
    """The host as it is now, with its page locked; None when it has been removed."""
    lock(host.page)
    return Host.objects.select_related("page", "organization").filter(pk=host.pk).first()


def tell(host: Host, verb: str, *, before: Standing, by: User | None) -> None:
    """Into the audit log; and where visitors are let in or turned away by it, the page is published again.

    A page whose main address is no longer served gets another, if there is one.
    """
    audit.record(host.organization, by=by, verb=verb, target=f"host {host}"[:80], after={"name": host.name})
    if host.standing.is_served == before.is_served:
        return
    served = list(Host.objects.served().filter(page=host.page).order_by("verified_at", "pk"))
    if served and not any(each.is_canonical for each in served):
        move_canonical(served[0])
    Page.objects.filter(pk=host.page_id).touch()


def move_canonical(host: Host) -> None:
    """Two steps, in this order: one_canonical_host_per_page."""
    Host.objects.filter(page_id=host.page_id, is_canonical=True).update(is_canonical=False)
    Host.objects.filter(pk=host.pk).update(is_canonical=True)


def taken_elsewhere(names: Iterable[str]) -> set[str]:
    """Those of the names that some organization has proven: whose, nobody is told."""
    with across_organizations():
        return set(Host.objects.filter(name__in=names, verified_at__isnull=False).values_list("name", flat=True))


def _forget_given_up(now: datetime) -> None:
    for host in Host.objects.given_up(now).select_related("organization"):
        with transaction.atomic():
            audit.record(host.organization, by=None, verb="freed", target=f"host {host}"[:80])
            host.delete()

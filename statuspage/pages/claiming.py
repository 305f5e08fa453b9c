"""The story of a page's addresses: subdomains of the installation, domains of the owner's own, and the main one.

Anybody may claim any domain: a claim gives nothing until it is proven (proving.py).
"""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from statuspage.kit.proofs import Standing, State
from statuspage.organizations.models import User
from statuspage.pages import host_names, proving
from statuspage.pages.models import Host, Page

MOST_HOSTS = 20
"""Per page. Each is looked up again and again, at name servers that are not ours."""


@transaction.atomic
def give_subdomain(page: Page, label: str, *, now: datetime, by: User | None) -> Host:
    """Served at once: the installation vouches for its own names. Raises ValidationError."""
    try:
        name = host_names.subdomain(label, console=settings.CONSOLE_HOST, pages_domain=settings.PAGES_DOMAIN)
    except ValueError as refusal:
        raise ValidationError({"label": str(refusal)}) from refusal
    proving.lock(page)
    host = _host_for(page, name, field="label")
    before = host.standing
    if before.is_served:
        return host
    host.page, host.is_subdomain, host.proof, host.standing = page, True, "", Standing(verified_at=now)
    try:
        with transaction.atomic():
            host.save()
    except IntegrityError as taken:
        raise ValidationError({"label": f"{name} is taken. Choose another."}) from taken
    proving.tell(host, "took", before=before, by=by)
    return host


@transaction.atomic
def claim(page: Page, typed: str, *, by: User | None) -> Host:
    """A claim to a domain, waiting for its proof. Claiming twice changes nothing. Raises ValidationError."""
    try:
        name = host_names.own_domain(typed, console=settings.CONSOLE_HOST, pages_domain=settings.PAGES_DOMAIN)
    except ValueError as refusal:
        raise ValidationError({"name": str(refusal)}) from refusal
    proving.lock(page)
    host = _host_for(page, name, field="name")
    if host.pk is None:
        host.save()
        proving.tell(host, "claimed", before=host.standing, by=by)
    return host


@transaction.atomic
def release(host: Host, *, now: datetime, by: User) -> None:
    """Take an address away from its page.

    A domain of somebody's own can only be proven by them again. A subdomain could be taken by anybody, and with it
    everybody who follows an old link: it stays locked to the organization as if it had been lost.
    """
    alone = proving.alone_with(host)
    if alone is None or (alone.state is State.LOST and alone.is_subdomain):
        return
    before, alone.standing = alone.standing, Standing()
    if alone.is_subdomain:
        alone.standing = Standing(verified_at=before.verified_at, lost_at=now)
        alone.save(update_fields=["verified_at", "missed_at", "lost_at"])
    else:
        Host.objects.filter(pk=alone.pk).delete()
    proving.tell(alone, "gave up", before=before, by=by)


@transaction.atomic
def make_canonical(host: Host, *, by: User) -> None:
    """The address that links lead to from now on. Raises ValidationError for one at which nobody is answered."""
    alone = proving.alone_with(host)
    if alone is None or not alone.is_served:
        raise ValidationError(f"{host} is not served, so it cannot be the main address.")
    if not alone.is_canonical:
        proving.move_canonical(alone)
        proving.tell(alone, "made main", before=alone.standing, by=by)
        Page.objects.filter(pk=alone.page_id).touch()


def _host_for(page: Page, name: str, *, field: str) -> Host:
    """The organization's own claim to the name, or a new one, not saved yet. Raises ValidationError."""
    host = Host.objects.filter(name=name).select_related("page").first()
    if host is None:
        if Host.objects.filter(page=page).count() >= MOST_HOSTS:
            raise ValidationError({field: f"A page can have {MOST_HOSTS} addresses. Remove one first."})
        return Host(organization=page.organization, page=page, name=name)
    if host.page_id != page.pk and not (host.is_subdomain and host.lost_at):
        raise ValidationError({field: f"{name} is an address of {host.page} already. Remove it there first."})
    return host

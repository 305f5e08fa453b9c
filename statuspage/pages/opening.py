"""The story of opening a page: an organization may have several, each with its own host names and services."""

from collections.abc import Iterable

from django.db import transaction

from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import Organization, User
from statuspage.pages.models import Host, Page, PageService, Service


@transaction.atomic
def open_page(
    organization: Organization, *, name: str, host: str, services: Iterable[Service] = (), by: User | None = None
) -> Page:
    """A page on `host`, which whoever calls this vouches for. Call in the organization's scope.

    Raises IntegrityError (one_page_per_host_name) when the host is taken.
    """
    page = Page.objects.create(organization=organization, name=name)
    Host.objects.create(
        organization=organization,
        page=page,
        name=host.lower(),
        is_canonical=True,
        proof="",
        verified_at=clock.now(),
    )
    PageService.objects.bulk_create(
        PageService(organization=organization, page=page, service=service) for service in services
    )
    audit.record(organization, by=by, verb="opened page", target=f"page {name}"[:80], after={"host": host.lower()})
    clock.wake()
    return page

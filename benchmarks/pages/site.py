"""Organizations to measure with: as many services and incidents as somebody wants, made in bulk."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from benchmarks.pages.past import TROUBLE, YEAR, Past
from incidents import opening, posting
from incidents.drafts import IncidentDraft, UpdateDraft
from incidents.models import Incident, Update
from incidents.words import IncidentStatus, UpdateKind
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Organization, User
from statuspage.pages.models import Page, Service, ServiceGroup
from statuspage.pages.opening import open_page
from statuspage.welcoming import welcome

AGE = YEAR + timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is. Past incidents lie within a year; each has four updates and touches five services."""

    services: int = 20
    groups: int = 4
    incidents: int = 40
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class Site:
    """An organization with one page, at `host`."""

    organization: Organization
    page: Page
    services: Sequence[Service]
    commander: User
    host: str

    def touch(self) -> None:
        """As any change on the page does."""
        with scope(organization=self.organization):
            Page.objects.filter(pk=self.page.pk).touch()

    def is_outdated(self) -> bool:
        """Whether something changed that visitors cannot read yet."""
        with scope(organization=self.organization):
            return Page.objects.outdated().filter(pk=self.page.pk).exists()

    def open_incident(self, title: str, body: str) -> Incident:
        """As a commander does. It touches the first two services."""
        with scope(organization=self.organization):
            severity = self.organization.severities.all()[0]
            first = UpdateDraft(
                submission_id=uuid.uuid4(), body=body, services=dict.fromkeys(self.services[:2], TROUBLE)
            )
            draft = IncidentDraft(title=title, public_title=title, severity=severity, first=first)
            return opening.open_incident(self.organization, draft, by=self.commander)

    def post(self, incident: Incident, body: str, kind: UpdateKind = UpdateKind.MESSAGE) -> Update:
        """A further word to everybody. Committed when this returns."""
        with scope(organization=self.organization):
            incident.refresh_from_db()
            status = IncidentStatus.RESOLVED if kind is UpdateKind.RESOLVE else IncidentStatus(incident.status)
            draft = UpdateDraft(
                submission_id=uuid.uuid4(), base_number=incident.last_number, kind=kind, status=status, body=body
            )
            return posting.post_update(incident, draft, by=self.commander)

    def resolve(self, incident: Incident) -> Update:
        return self.post(incident, "It is over.", UpdateKind.RESOLVE)


@transaction.atomic
def make_site(slug: str, size: Size, *, seed: int = 1) -> Site:
    """Equal sizes and seeds make equal sites."""
    host = f"status.{slug}.test"
    commander = User.objects.create(email=f"commander@{slug}.test", name="Commander")
    organization = welcome(slug.title(), slug=slug, owner=commander)
    with scope(organization=organization):
        services = _services(organization, size)
        page = open_page(organization, name=f"{slug.title()} status", host=host, services=services)
        Page.objects.filter(pk=page.pk).update(languages=list(size.languages))
        past = Past(organization=organization, services=services, severity=organization.severities.all()[0])
        past.make(size.incidents, now=clock.now(), seed=seed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself within a minute
    return Site(organization, page, services, commander, host)


def _services(organization: Organization, size: Size) -> list[Service]:
    """Four fifths of them stand in groups, the others by themselves."""
    born_at = clock.now() - AGE
    groups = ServiceGroup.objects.bulk_create(
        ServiceGroup(organization=organization, name=f"Region {place}", position=place, created_at=born_at)
        for place in range(size.groups)
    )
    return Service.objects.bulk_create(
        Service(
            organization=organization,
            name=f"Service number {place}",
            group=groups[place % size.groups] if place % 5 else None,
            position=place,
            created_at=born_at,
            updated_at=born_at,
        )
        for place in range(size.services)
    )

"""Pages in every state a visitor may find one in, published once for all tests that only look.

Each belongs to an organization of its own, so that what is wrong with one is not wrong with another. The rows are gone
when the files are there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.test import override_settings

from incidents.models import Incident
from incidents.words import IncidentStatus
from statuspage import publishing
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.pages.models import Page, PageService, Service, StatusChange
from statuspage.pages.status import ServiceStatus
from tests.browser.sites import Site
from tests.database import leave_as_migrated
from tests.makers import Cast, make_cast, open_incident, outage, post, resolve, schedule

HOUR = timedelta(hours=1)
TROUBLED_DAYS_AGO = (50, 49, 10)


@dataclass(frozen=True, slots=True)
class World:
    """A page in one state. `incident` is the public id of something that has a page of its own, `month` when it was."""

    site: Site
    month: str
    incident: str = ""

    @property
    def address(self) -> str:
        return self.site.address

    @property
    def cast(self) -> Cast:
        return self.site.cast


def calm(cast: Cast) -> Incident:
    """All is well, after ninety days of which some were not."""
    now = clock.now()
    Service.objects.update(created_at=now - timedelta(days=60), description="What it is for, in a sentence.")
    up, down = ServiceStatus.OPERATIONAL.value, ServiceStatus.MAJOR_OUTAGE.value
    noon = now.replace(hour=12)  # soon after midnight, hours ago would be another day
    for days in TROUBLED_DAYS_AGO:
        for hours, old, new in ((2, up, down), (1, down, up)):
            at = noon - timedelta(days=days, hours=hours)
            StatusChange.objects.create(organization=cast.organization, service=cast.cards, at=at, old=old, new=new)
    incident = open_incident(cast, body="Cards **fail**.\n\n- one\n- two", services=outage(cast.cards))
    resolve(cast, incident)
    return incident


def trouble(cast: Cast) -> Incident:
    open_incident(cast, "sev3", public_title="Strange mails", body="They are not from us.")
    incident = open_incident(cast, body="Cards **fail**.\n\n- one\n- two", services=outage(cast.cards, cast.api))
    post(cast, incident, "We know [why](https://example.com/why).", status=IncidentStatus.IDENTIFIED)
    return incident


def works(cast: Cast) -> Incident:
    """Maintenance that goes on, and one that is to come."""
    now = clock.now()
    schedule(cast, cast.api, title="New cables", begins_at=now + 24 * HOUR, ends_at=now + 26 * HOUR)
    work = schedule(cast, cast.cards, begins_at=now + HOUR, ends_at=now + 3 * HOUR)
    post(cast, work, "We have begun.", status=IncidentStatus.IN_PROGRESS)
    return work


def long(cast: Cast) -> Incident:
    """The longest words there may be, none of which can be broken."""
    Page.objects.update(name="p" * 100)
    Service.objects.filter(pk=cast.cards.pk).update(name="n" * 100, description="d" * 255)
    body = f"{'b' * 300}\n\n    {'code ' * 60}"
    return open_incident(cast, public_title="t" * 255, body=body, services=outage(cast.cards))


def bare(_cast: Cast) -> None:
    """A page without a service."""
    PageService.objects.all().delete()


def bilingual(cast: Cast) -> Incident:
    Page.objects.update(languages=["en", "de"])
    return trouble(cast)


Worlds = Mapping[str, World]
STATES: dict[str, Callable[[Cast], Incident | None]] = {
    state.__name__: state for state in (calm, trouble, works, long, bare, bilingual)
}


def build(root: Path, port: int) -> dict[str, World]:
    """Publish a page for each state below `root`, and leave the database as empty as it was."""
    worlds = {}
    with override_settings(PUBLISHED_DIR=root):
        for name, happen in STATES.items():
            cast = make_cast(name.title())
            with scope(organization=cast.organization):
                incident = happen(cast)
            publishing.publish(cast.page.pk)
            month = f"{clock.now():%Y-%m}"
            worlds[name] = World(Site(cast, root, port), month, incident.public_id if incident else "")
        worlds["calm"].site.confirm(clock.now())
    leave_as_migrated()
    connection.close()
    return worlds

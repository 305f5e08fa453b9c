"""Pages of every shape, made up from a number: the same number makes the same page.

Rows are written in bulk and straight into the tables, so that names and states come up that no form would let through.
"""

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from pytest_django.plugin import DjangoDbBlocker

from incidents import documents as incident_documents
from incidents.models import AffectedService, Incident, Update, UpdateService
from incidents.words import Impact, IncidentStatus, UpdateKind
from statuspage.kit import markdown
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import PlanRing
from statuspage.pages import documents as page_documents
from statuspage.pages.board import read_board
from statuspage.pages.models import Page, PageService, Service, ServiceGroup
from statuspage.pages.status import ServiceStatus
from tests.makers import Cast, make_cast, make_page

NASTY = (
    "API",
    "Payments & cards",
    '"><script>alert(1)</script>',
    "]]></title><!--",
    "Zahlungen – Übersicht",
    "決済サービス",
    "خدمة الدفع",
    "🔥 Checkout 👩‍🚒",
    "with\x0bcontrol\x08characters\ufffe",
    "=HYPERLINK(1)",
    "{{ 7|add:7 }} {% now %} %(count)d %s",
    "two\r\nlines; BEGIN:VEVENT, \\n",
    "   ",
    "n" * 90,
)
ZONES = ("Etc/UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "America/Sao_Paulo", "Europe/London")
STAGES = (IncidentStatus.INVESTIGATING, IncidentStatus.IDENTIFIED, IncidentStatus.MONITORING, IncidentStatus.RESOLVED)
IMPACTS = (Impact.NONE, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL)
PLANNED = (IncidentStatus.SCHEDULED, IncidentStatus.IN_PROGRESS, IncidentStatus.VERIFYING, IncidentStatus.COMPLETED)


@dataclass(frozen=True)
class Told:
    """An incident to be written: its columns, and what was said of it when. An empty body is nothing for the public."""

    columns: Mapping[str, object]
    stages: Sequence[IncidentStatus]
    posted: Sequence[datetime]
    bodies: Sequence[str]
    services: Sequence[Service] = ()


def write(page: Page, told: Sequence[Told], *, now: datetime, chance: random.Random) -> list[Incident]:
    """All of them on `page`."""
    organization = page.organization
    severity, first = organization.severities.all()[0], Incident.objects.count() + 1
    incidents = Incident.objects.bulk_create(
        Incident(
            organization=organization,
            number=number,
            title="inner",
            severity=severity,
            status=one.stages[-1].value,
            public_at=one.posted[0],
            clock_started_at=now,
            updated_at=now,
            plan={},
            submission_id=uuid.uuid4(),
            **one.columns,
        )
        for number, one in enumerate(told, first)
    )
    pairs = list(zip(incidents, told, strict=True))
    through = Incident.put_on_pages.through
    through.objects.bulk_create(through(incident=incident, page=page) for incident in incidents)
    updates = Update.objects.bulk_create(
        Update(
            organization=organization,
            incident=incident,
            number=number,
            kind=UpdateKind.CANCEL if incident.cancelled_at and stage.is_over else UpdateKind.MESSAGE,
            status=stage.value,
            severity_key="sev1",
            body=body,
            html=markdown.to_html(body),
            notify=chance.random() < 0.8,
            posted_at=at,
            submission_id=uuid.uuid4(),
        )
        for incident, one in pairs
        for number, (stage, at, body) in enumerate(zip(one.stages, one.posted, one.bodies, strict=True), 1)
    )
    AffectedService.objects.bulk_create(
        AffectedService(organization=organization, incident=incident, service=service, status="operational")
        for incident, one in pairs
        for service in one.services
    )
    touched = {incident.pk: one.services for incident, one in pairs}
    statuses = [status.value for status in ServiceStatus]
    UpdateService.objects.bulk_create(
        UpdateService(
            organization=organization,
            update_row=update,
            service=service,
            old=chance.choice(statuses),
            new=chance.choice(statuses),
        )
        for update in updates
        for service in touched[update.incident_id]
    )
    return incidents


@dataclass
class World:
    """A new page of `cast`'s organization, and everything on it. Nothing else of the cast's is."""

    cast: Cast
    chance: random.Random
    now: datetime
    page: Page = field(init=False)
    services: list[Service] = field(init=False)

    def __post_init__(self) -> None:
        self.page = self._make_page()
        self.services = self._make_services()
        incidents = [self._incident() for _ in range(self.chance.choice((0, 1, 3, 8)))]
        maintenance = [self._maintenance() for _ in range(self.chance.choice((0, 1, 3, 6)))]
        write(self.page, [*incidents, *maintenance], now=self.now, chance=self.chance)

    def _make_page(self) -> Page:
        number = Page.objects.count()
        page = make_page(self.cast.organization, f"world{number}.test", services=[])
        page.name, page.zone = self.name()[:100], self.chance.choice(ZONES)
        page.languages = self.chance.choice((["en"], ["de"], ["en", "de"], ["de", "en"]))
        page.incident_raises_indicator = self.chance.random() < 0.5
        page.save()
        return page

    def name(self) -> str:
        return f"{self.chance.choice(NASTY)} {self.chance.randrange(10**6)}"

    def _make_services(self) -> list[Service]:
        organization, choice = self.cast.organization, self.chance.choice
        groups: list[ServiceGroup | None] = list(
            ServiceGroup.objects.bulk_create(
                ServiceGroup(organization=organization, name=self.name(), position=self.chance.randrange(4))
                for _ in range(choice((0, 1, 3)))
            )
        )
        services = Service.objects.bulk_create(
            Service(
                organization=organization,
                group=choice([None, *groups]),
                name=self.name(),
                description=choice(("", self.name())),
                position=self.chance.randrange(4),
                status=choice(list(ServiceStatus)).value,
                created_at=self.now - timedelta(days=choice((0, 30, 400))),
                archived_at=choice((None, None, None, self.now)),
            )
            for _ in range(choice((0, 1, 2, 9)))
        )
        PageService.objects.bulk_create(
            PageService(organization=organization, page=self.page, service=service) for service in services
        )
        return services

    def _incident(self) -> Told:
        began = self.now - timedelta(days=self.chance.randrange(300), seconds=self.chance.randrange(80_000))
        stages = sorted(self.chance.choices(STAGES, k=self.chance.choice((1, 2, 5))), key=STAGES.index)
        posted = _posted(began, stages)
        is_over = stages[-1].is_over
        columns = {
            "public_title": self.name(),
            "impact": self.chance.choice(IMPACTS).value,
            "started_at": began,
            "resolved_at": posted[-1] if is_over else None,
            "next_update_at": None if is_over else self.now + timedelta(minutes=self.chance.choice((-5, 20))),
        }
        return Told(columns, stages, posted, self._bodies(stages), self._touched())

    def _maintenance(self) -> Told:
        stages = PLANNED[: self.chance.choice((1, 2, 3, 4))]
        begins = self.now + timedelta(hours=self.chance.randrange(2, 900) * (1 if len(stages) == 1 else -1))
        posted = _posted(min(begins, self.now) - timedelta(days=2), stages)
        over = posted[-1] if stages[-1].is_over else None
        columns = {
            "public_title": self.name(),
            "impact": Impact.MAINTENANCE.value,
            "started_at": begins,
            "resolved_at": over,
            "scheduled_for": begins,
            "scheduled_until": begins + timedelta(hours=self.chance.choice((1, 30))),
            "next_move_at": None if over else self.now,
            "cancelled_at": over if self.chance.random() < 0.5 else None,
        }
        return Told(columns, stages, posted, self._bodies(stages), self._touched())

    def _touched(self) -> list[Service]:
        """Some incidents say of no service that it is hit."""
        return self.chance.sample(self.services, k=self.chance.randint(0, min(3, len(self.services))))

    def _bodies(self, stages: Sequence[IncidentStatus]) -> list[str]:
        """Some updates have no public words. The first always has."""
        words = f"We look at **{self.name()}**.\n\n- one & two\n- [three](https://acme.test/?a=1&b=2)"
        return [words, *(self.chance.choice((words, "Short.", self.name(), "")) for _ in stages[1:])]


def _posted(first: datetime, stages: Sequence[IncidentStatus]) -> list[datetime]:
    return [first + timedelta(minutes=7 * place, milliseconds=place) for place in range(len(stages))]


def make_worlds(cast: Cast, number: int, *, now: datetime) -> list[World]:
    return [World(cast, random.Random(seed), now) for seed in range(number)]


def drawn(page: Page, *endings: str, now: datetime, eyes: PlanRing | None = None) -> dict[str, bytes]:
    """What the page would publish, or `eyes` would be shown, by name: those documents whose names end like this."""
    prefetch_related_objects([page], "hosts", "images")
    board = read_board(page, now=now, eyes=eyes)
    offered = [*page_documents.offer(board), *incident_documents.offer(board, lambda _name, _made_of: True)]
    return {document.name: document.body for document in offered if document.name.endswith(endings)}


@contextmanager
def made_up_pages(blocker: DjangoDbBlocker, number: int, *, now: datetime) -> Iterator[list[World]]:
    """For fixtures that serve many tests: in the organization's scope, and gone afterwards."""
    with blocker.unblock(), transaction.atomic():
        cast = make_cast("Acme")
        with scope(organization=cast.organization):
            yield make_worlds(cast, number, now=now)
        transaction.set_rollback(True)

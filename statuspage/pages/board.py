"""A page's services at one moment, read once and handed to everything that is published about them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import override

from statuspage.organizations.plan import PlanRing
from statuspage.pages.bars import Before, Past
from statuspage.pages.digests import digest
from statuspage.pages.look import Look, look_of
from statuspage.pages.models import Page, Service, ServiceGroup, StatusChange
from statuspage.pages.rows import block_of, group_of, row_of
from statuspage.pages.status import ServiceStatus, worst_of
from statuspage.pages.uptime import DAYS, Calendar, Step, days_of, midnight

FEW_GROUPS = 3
PASTS_KEPT = 20_000


@dataclass(frozen=True)
class ShownService:
    """`place` counts from the top of the page."""

    service: Service
    past: Past
    place: int

    @property
    def row(self) -> str:
        """Its part of the page, in the active language."""
        return row_of(self.service, self.status, self.past)

    @cached_property
    def status(self) -> ServiceStatus:
        return self.service.state


@dataclass(frozen=True)
class Block:
    """A group and its services, or services without a group that stand together."""

    group: ServiceGroup | None
    services: tuple[ShownService, ...]

    @cached_property
    def worst(self) -> ServiceStatus:
        return worst_of(shown.status for shown in self.services)

    @property
    def is_troubled(self) -> bool:
        return self.worst is not ServiceStatus.OPERATIONAL

    def drawn(self, *, is_open: bool) -> str:
        """Its part of the page, in the active language."""
        rows = tuple(shown.row for shown in self.services)
        if self.group is None:
            return block_of(rows)
        return group_of(rows, self.group.public_id, self.group.name, self.worst, is_open or self.is_troubled)


@dataclass(frozen=True)
class Board:
    """One edition of the page: these services, in this language, for these eyes, at these addresses.

    `blocks` are in the order in which visitors read them. `eyes` None is the public; a ring reads more. `root` stands
    before every address of an edition that is not found at the page's own.
    """

    page: Page
    blocks: tuple[Block, ...]
    now: datetime
    language: str
    naming: str
    """Stands for the names of its services, in their order."""
    eyes: PlanRing | None = None
    root: str = ""

    @cached_property
    def services(self) -> list[ShownService]:
        return [shown for block in self.blocks for shown in block.services]

    @cached_property
    def look(self) -> Look:
        return look_of(self.page)

    @property
    def drawn_blocks(self) -> list[str]:
        return [block.drawn(is_open=self.has_few_groups) for block in self.blocks]

    @property
    def zone(self) -> str:
        return self.page.zone

    @cached_property
    def has_few_groups(self) -> bool:
        """Then they are open from the start."""
        return sum(block.group is not None for block in self.blocks) <= FEW_GROUPS

    def editions(self) -> "list[Board]":
        """This one in each of the page's languages, its own first."""
        return [replace(self, language=language) for language in self.page.languages]

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """Words said inside are in the edition's language."""
        with override(self.language):
            yield

    @property
    def language_root(self) -> str:
        """ "" in the page's own language, "/de" in another."""
        return self.page.language_root(self.language)

    def name(self, path: str) -> str:
        """The document that answers an address of this edition: "/incidents/x" → "de/incidents/x.html"."""
        full = f"{self.language_root}{path.removesuffix('/')}"
        return f"{full[1:] or 'index'}.html"

    def file(self, name: str) -> str:
        """A document of this edition that is no page: "badge.svg" → "de/badge.svg"."""
        return f"{self.language_root}/{name}"[1:]

    def at(self, path: str) -> str:
        """The address itself, as links in this edition have it."""
        within = f"{self.language_root}{path.removesuffix('/')}"
        return f"{self.root}{within or '/'}"

    def url(self, path: str) -> str:
        """The address in full, for what is read elsewhere: feeds, calendars, programs."""
        return f"{self._origin}{self.at(path)}"

    @cached_property
    def _origin(self) -> str:
        return self.page.url


def read_board(page: Page, *, now: datetime, eyes: PlanRing | None = None, root: str = "") -> Board:
    """In the page's own language. Call in the organization's scope, where everything else of the page is read."""
    services = list(Service.objects.living().filter(shown_on__page=page).prefetch_related("group"))
    pasts = _pasts(page, services, calendar=Calendar.up_to(now, zone=page.zone, days=DAYS + 1))
    shown = [
        ShownService(service, pasts[service.pk], place) for place, service in enumerate(sorted(services, key=_order))
    ]
    blocks = tuple(
        Block(group, tuple(members)) for group, members in groupby(shown, key=lambda shown: shown.service.group)
    )
    naming = digest([(one.service.public_id, one.service.name, str(one.service.group or "")) for one in shown])
    return Board(page, blocks, now, page.languages[0], naming, eyes, root)


def _order(service: Service) -> tuple[int, int, int, int]:
    """Groups and services without one share the order of the page; a group's services follow it in their own."""
    group = service.group
    if group:
        return (group.position, group.pk, service.position, service.pk)
    return (service.position, 0, 0, service.pk)


def _pasts(page: Page, services: Sequence[Service], *, calendar: Calendar) -> dict[int, Past]:
    """Most services had no trouble for ninety days: equal steps are counted once, and complete days once a day."""
    changes: dict[int, list[tuple[datetime, str, str]]] = {service.pk: [] for service in services}
    happened = StatusChange.objects.filter(service__shown_on__page=page, service__archived_at=None)
    happened = happened.filter(at__gte=calendar.begins_at).order_by("at", "pk")
    for service_id, at, old, new in happened.values_list("service_id", "at", "old", "new"):
        changes[service_id].append((at, old, new))
    counted: dict[tuple[Step, ...], Past] = {}
    found = {}
    for service in services:
        steps = _steps(service, changes[service.pk], since=calendar.begins_at)
        if steps not in counted:
            counted[steps] = _past(steps, calendar=calendar, zone=page.zone)
        found[service.pk] = counted[steps]
    return found


def _past(steps: tuple[Step, ...], *, calendar: Calendar, zone: str) -> Past:
    earlier = tuple(step for step in steps if step.at < calendar.midnights[-1])
    (today,) = days_of([*earlier[-1:], *steps[len(earlier) :]], calendar=calendar.today())
    return Past(_before(earlier, calendar.dates[-1], zone), today)


@lru_cache(maxsize=PASTS_KEPT)
def _before(steps: tuple[Step, ...], today: date, zone: str) -> Before:
    return Before(days_of(steps, calendar=_calendar_before(today, zone)), digest(steps, today, zone))


@lru_cache(maxsize=100)
def _calendar_before(today: date, zone: str) -> Calendar:
    return Calendar.up_to(midnight(today, zone=ZoneInfo(zone)), zone=zone, days=DAYS + 1).before_today()


def _steps(service: Service, changes: Sequence[tuple[datetime, str, str]], *, since: datetime) -> tuple[Step, ...]:
    """What it was at the beginning is what its first change says it was before. A change: when, from, to."""
    first = ServiceStatus(changes[0][1]) if changes else service.state
    began = min([service.created_at, *(at for at, _old, _new in changes)])  # history may have been brought along
    return (Step(max(began, since), first), *(Step(at, ServiceStatus(new)) for at, _old, new in changes))

"""A page's services at one moment, read once and handed to everything that is published about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from statuspage.pages.bars import History, history_of
from statuspage.pages.models import Page, Service, ServiceGroup, StatusChange
from statuspage.pages.status import ServiceStatus, worst_of
from statuspage.pages.uptime import Calendar, Step, days_of

FEW_GROUPS = 3


@dataclass(frozen=True, slots=True)
class ShownService:
    """`place` counts from the top of the page."""

    service: Service
    history: History
    place: int

    @property
    def status(self) -> ServiceStatus:
        return self.service.state


@dataclass(frozen=True, slots=True)
class Block:
    """A group and its services, or services without a group that stand together."""

    group: ServiceGroup | None
    services: tuple[ShownService, ...]

    @property
    def worst(self) -> ServiceStatus:
        return worst_of(shown.status for shown in self.services)

    @property
    def is_troubled(self) -> bool:
        return self.worst is not ServiceStatus.OPERATIONAL


@dataclass(frozen=True, slots=True)
class Board:
    """`blocks` are in the order in which visitors read them."""

    page: Page
    blocks: tuple[Block, ...]
    now: datetime

    @property
    def services(self) -> list[ShownService]:
        return [shown for block in self.blocks for shown in block.services]

    @property
    def zone(self) -> str:
        return self.page.zone

    @property
    def has_few_groups(self) -> bool:
        """Then they are open from the start."""
        return sum(block.group is not None for block in self.blocks) <= FEW_GROUPS


def read_board(page: Page, *, now: datetime) -> Board:
    """Call in the organization's scope, in the transaction that everything else of the page is read in."""
    services = list(Service.objects.living().filter(shown_on__page=page).select_related("group"))
    histories = _histories(page, services, calendar=Calendar.up_to(now, zone=page.zone))
    shown = [
        ShownService(service, histories[service.pk], place)
        for place, service in enumerate(sorted(services, key=_order))
    ]
    blocks = tuple(
        Block(group, tuple(members)) for group, members in groupby(shown, key=lambda shown: shown.service.group)
    )
    return Board(page, blocks, now)


def _order(service: Service) -> tuple[int, int, int, int]:
    """Groups and services without one share the order of the page; a group's services follow it in their own."""
    group = service.group
    if group:
        return (group.position, group.pk, service.position, service.pk)
    return (service.position, 0, 0, service.pk)


def _histories(page: Page, services: Sequence[Service], *, calendar: Calendar) -> dict[int, History]:
    """Most services had no trouble for ninety days: equal steps are counted and drawn once."""
    changes: dict[int, list[StatusChange]] = {service.pk: [] for service in services}
    happened = StatusChange.objects.filter(service__shown_on__page=page, service__archived_at=None)
    for change in happened.filter(at__gte=calendar.begins_at).order_by("at", "pk"):
        changes[change.service_id].append(change)
    drawn: dict[tuple[Step, ...], History] = {}
    found = {}
    for service in services:
        steps = _steps(service, changes[service.pk], since=calendar.begins_at)
        if steps not in drawn:
            drawn[steps] = history_of(days_of(steps, calendar=calendar))
        found[service.pk] = drawn[steps]
    return found


def _steps(service: Service, changes: Iterable[StatusChange], *, since: datetime) -> tuple[Step, ...]:
    """What it was at the beginning is what its first change says it was before."""
    known = list(changes)
    first = ServiceStatus(known[0].old) if known else service.state
    began = min([service.created_at, *(change.at for change in known)])  # history may have been brought along
    return (Step(max(began, since), first), *(Step(change.at, ServiceStatus(change.new)) for change in known))

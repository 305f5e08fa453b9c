"""The words and shapes of Statuspage's public API: keys, order and types as its clients expect them. Pure.

Only here is a service called a component.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from statuspage.pages.board import Block, Board
from statuspage.pages.models import Service, ServiceGroup
from statuspage.pages.status import ServiceStatus, worst_of

Json = dict[str, Any]
STAMPS_KEPT = 20_000

ALL_WELL = ("none", "All Systems Operational")
ALL_ALIKE = {
    ServiceStatus.OPERATIONAL: ALL_WELL,
    ServiceStatus.UNDER_MAINTENANCE: ("maintenance", "Service Under Maintenance"),
    ServiceStatus.DEGRADED_PERFORMANCE: ("minor", "Degraded System Service"),
    ServiceStatus.PARTIAL_OUTAGE: ("major", "Partial System Outage"),
    ServiceStatus.MAJOR_OUTAGE: ("critical", "Major System Outage"),
}
MIXED_BY_WORST = {
    ServiceStatus.UNDER_MAINTENANCE: ("maintenance", "Service Under Maintenance"),
    ServiceStatus.DEGRADED_PERFORMANCE: ("minor", "Partially Degraded Service"),
    ServiceStatus.PARTIAL_OUTAGE: ("minor", "Minor Service Outage"),
    ServiceStatus.MAJOR_OUTAGE: ("major", "Partial System Outage"),
}


def rollup(statuses: Sequence[ServiceStatus]) -> tuple[str, str]:
    """The indicator and description of all services together, groups left out."""
    worst = worst_of(statuses)
    if set(statuses) <= {worst}:
        is_lone = len(statuses) == 1 and worst is ServiceStatus.DEGRADED_PERFORMANCE
        return MIXED_BY_WORST[worst] if is_lone else ALL_ALIKE[worst]
    return MIXED_BY_WORST[worst]


def encode(body: Json) -> bytes:
    return orjson.dumps(body)


@lru_cache(maxsize=STAMPS_KEPT)
def stamp(instant: datetime, zone: str) -> str:
    """ "2026-01-15T10:30:05.123Z", or with the zone's offset where the zone is not UTC."""
    local = instant.astimezone(ZoneInfo(zone))
    text = local.isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z" if local.tzname() == "UTC" else text


def stamp_or_none(instant: datetime | None, zone: str) -> str | None:
    return stamp(instant, zone) if instant else None


def page_json(board: Board) -> Json:
    page = board.page
    return {
        "id": page.public_id,
        "name": page.name,
        "url": page.url,
        "time_zone": page.zone,
        "updated_at": stamp(page.updated_at, page.zone),
    }


def components_json(board: Board) -> list[Json]:
    """Leaves and groups in one list. A group's row follows its first leaf, as Statuspage has it."""
    rows: list[Json] = []
    place = 0
    for block in board.blocks:
        leaves = list(_leaves(block, board, after=place))
        if block.group is None:
            place += len(leaves)
            rows += leaves
        else:
            place += 1
            rows += [leaves[0], _group_row(block.group, block, position=place, board=board), *leaves[1:]]
    return rows


def _leaves(block: Block, board: Board, *, after: int) -> Iterator[Json]:
    """Positions count within a group, or on the page."""
    start = 1 if block.group else after + 1
    for position, shown in enumerate(block.services, start):
        yield _leaf(shown.service, position=position, board=board)


def _leaf(service: Service, *, position: int, board: Board) -> Json:
    zone = board.zone
    return {
        "id": service.public_id,
        "name": service.name,
        "status": service.status,
        "created_at": stamp(service.created_at, zone),
        "updated_at": stamp(service.updated_at, zone),
        "position": position,
        "description": service.description or None,
        "showcase": True,
        "start_date": stamp(service.created_at, zone)[:10],
        "group_id": service.group.public_id if service.group else None,
        "page_id": board.page.public_id,
        "group": False,
        "only_show_if_degraded": False,
    }


def _group_row(group: ServiceGroup, block: Block, *, position: int, board: Board) -> Json:
    return {
        "id": group.public_id,
        "name": group.name,
        "status": _group_status(block).value,
        "created_at": stamp(group.created_at, board.zone),
        "updated_at": stamp(max(shown.service.updated_at for shown in block.services), board.zone),
        "position": position,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": board.page.public_id,
        "group": True,
        "only_show_if_degraded": False,
        "components": [shown.service.public_id for shown in block.services],
    }


def _group_status(block: Block) -> ServiceStatus:
    """Statuspage calls a group under maintenance only when all of it is."""
    statuses = {shown.status for shown in block.services}
    return worst_of(statuses if len(statuses) == 1 else statuses - {ServiceStatus.UNDER_MAINTENANCE})

"""Uptime as data: uptime.json and uptime.csv, for whoever would rather count for themselves.

Both tell the last 90 complete days in the page's zone, so they change at midnight and not with every second.
"""

import csv
import io
from collections.abc import Iterator
from functools import partial

from statuspage.pages import compatible
from statuspage.pages.board import Board, ShownService
from statuspage.pages.compatible import Json
from statuspage.pages.digests import digest
from statuspage.pages.status import ServiceStatus
from statuspage.pages.store import Document
from statuspage.pages.uptime import WEIGHT, Day, Tally

COLUMNS = ("service_id", "service", "group", "date", "known_seconds", *(status.value for status in ServiceStatus))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula when a cell begins with it (OWASP, CSV injection)."""


def offer(board: Board) -> Iterator[Document]:
    page = board.page
    told = [(shown.service.public_id, _group(shown), shown.service.name, shown.past.before) for shown in board.services]
    facts = [(*names, before.made_of) for *names, before in told]
    made_of = digest("uptime", page.public_id, page.name, page.url, page.zone, facts)
    yield Document("uptime.json", partial(_json, board), made_of=made_of)
    yield Document("uptime.csv", partial(_csv, board), made_of=made_of)


def _json(board: Board) -> bytes:
    page = board.page
    days = [day.on.isoformat() for day in board.services[0].past.before.days] if board.services else []
    return compatible.encode(
        {
            "page": {"id": page.public_id, "name": page.name, "url": page.url, "time_zone": page.zone},
            "first_day": days[0] if days else None,
            "last_day": days[-1] if days else None,
            "counts_as_down": {status.value: weight for status, weight in WEIGHT.items()},
            "services": [_service(shown) for shown in board.services],
        }
    )


def _service(shown: ShownService) -> Json:
    """Days on which all was normal, or of which nothing is known, are not listed."""
    before = shown.past.before
    return {
        "id": shown.service.public_id,
        "name": shown.service.name,
        "group": _group(shown) or None,
        "uptime": None if before.tally.share is None else round(before.tally.share, 6),
        "known_seconds": round(before.tally.known),
        "days": [
            {"date": day.on.isoformat(), "known_seconds": round(Tally.of([day]).known), "seconds": _seconds(day)}
            for day in before.days
            if day.troubles
        ],
    }


def _seconds(day: Day) -> dict[str, int]:
    return {status.value: round(length.total_seconds()) for status, length in day.spent.items()}


def _csv(board: Board) -> bytes:
    """A line for every service and day, known or not."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for shown in board.services:
        names = [shown.service.public_id, *map(_plain, (shown.service.name, _group(shown)))]
        for day in shown.past.before.days:
            spent = _seconds(day)
            counts = [spent.get(status.value, 0) for status in ServiceStatus]
            lines.writerow([*names, day.on.isoformat(), sum(counts), *counts])
    return text.getvalue().encode()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _group(shown: ShownService) -> str:
    return shown.service.group.name if shown.service.group else ""

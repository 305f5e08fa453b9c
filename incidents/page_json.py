"""What our page says at a glance, for programs: api/ripple/page.json, in each of the page's languages (docs/api.md).

Statuspage's bodies have no place for a promise, so what is ours stands here and they stay exactly as they are.
"""

from collections.abc import Sequence

from incidents.headline import Headline
from incidents.public_record import PublicIncident
from incidents.record import Record
from statuspage.kit.templatetags.ripple import iso
from statuspage.pages import compatible
from statuspage.pages.board import Board
from statuspage.pages.compatible import Json
from statuspage.pages.templatetags.moments import NO_BREAK, has_passed


def draw(board: Board, record: Record, headline: Headline) -> bytes:
    """In the active language. Every time is in UTC; what is not known or not promised is null."""
    told = record.for_everybody()
    return compatible.encode(
        {
            "page": _page(board),
            "headline": _headline(headline),
            "incidents": [_incident(incident, board) for incident in told.open_incidents],
            "maintenance": [_maintenance(one, board) for one in (*told.works, *told.ahead)],
            "published_at": iso(board.now),
            "heartbeat_url": f"{board.page.url}/heartbeat.json",
        }
    )


def _page(board: Board) -> Json:
    page = board.page
    return {
        "id": page.public_id,
        "name": page.name,
        "url": board.url("/"),
        "language": board.language,
        "time_zone": page.zone,
        "support_url": page.support_url or None,
    }


def _headline(headline: Headline) -> Json:
    sentences = (headline.sentence, headline.stage, headline.rest)
    return {
        "sentence": _words(headline.sentence),
        "text": _words(" ".join(filter(None, sentences))),
        "tone": headline.tone.value,
        "next_update_at": iso(headline.due_at) or None,
        "is_late": headline.is_late,
    }


def _incident(incident: PublicIncident, board: Board) -> Json:
    return {
        "id": incident.public_id,
        "title": incident.title,
        "status": incident.status.value,
        "impact": incident.impact.value,
        "started_at": iso(incident.started_at),
        "updated_at": iso(incident.updated_at),
        "next_update_at": iso(incident.next_update_at) or None,
        "is_late": has_passed(incident.next_update_at, board),
        "expected_fix_at": iso(incident.expected_fix_at) or None,
        "services": _services(incident),
        "url": board.url(incident.path),
        "feed_url": board.url(f"{incident.path}.atom"),
    }


def _maintenance(maintenance: PublicIncident, board: Board) -> Json:
    return {
        "id": maintenance.public_id,
        "title": maintenance.title,
        "status": maintenance.status.value,
        "scheduled_for": iso(maintenance.scheduled_for),
        "scheduled_until": iso(maintenance.scheduled_until),
        "is_late": has_passed(maintenance.scheduled_until, board),
        "updated_at": iso(maintenance.updated_at),
        "services": _services(maintenance),
        "url": board.url(maintenance.path),
        "feed_url": board.url(f"{maintenance.path}.atom"),
        "calendar_url": board.url(f"{maintenance.path}.ics"),
    }


def _services(incident: PublicIncident) -> Sequence[Json]:
    return [{"id": service.public_id, "name": service.name} for service in incident.affected]


def _words(text: str) -> str:
    return text.replace(NO_BREAK, " ")

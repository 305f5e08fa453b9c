"""Incidents in the shapes of Statuspage's public API. Pure."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from incidents.public_record import PublicIncident, PublicUpdate, ServiceChange
from incidents.words import Impact
from statuspage.kit import markdown
from statuspage.pages import compatible
from statuspage.pages.board import Board
from statuspage.pages.compatible import Json, stamp, stamp_or_none

TEXTS_KEPT = 1000
INDICATORS = ("none", "maintenance", "minor", "major", "critical")
AS_BAD_AS = {
    Impact.MINOR: ("minor", "Partially Degraded Service"),
    Impact.MAJOR: ("major", "Partial System Outage"),
    Impact.CRITICAL: ("critical", "Major System Outage"),
}


def status_json(board: Board, incidents: Sequence[PublicIncident]) -> Json:
    """Statuspage's roll-up of services. `incidents` are the open ones: they count when the page's owner wants it so."""
    told = [compatible.rollup([shown.status for shown in board.services])]
    if board.page.incident_raises_indicator:
        told += [AS_BAD_AS[incident.impact] for incident in incidents if incident.impact in AS_BAD_AS]
    indicator, description = max(told, key=lambda pair: INDICATORS.index(pair[0]))
    return {"indicator": indicator, "description": description}


def incident_json(incident: PublicIncident, board: Board, rows: Mapping[str, Json]) -> Json:
    """`rows` are the page's components by id."""
    zone = board.zone
    return {
        "id": incident.public_id,
        "name": incident.title,
        "status": incident.status.value,
        "created_at": stamp(incident.published_at, zone),
        "updated_at": stamp(incident.updated_at, zone),
        "monitoring_at": stamp_or_none(incident.monitoring_at, zone),
        "resolved_at": stamp_or_none(incident.resolved_at, zone),
        "impact": incident.impact.value,
        "shortlink": f"{board.page.url}{incident.path}",
        "started_at": stamp(incident.started_at, zone),
        "page_id": board.page.public_id,
        "incident_updates": [_update_json(update, incident, zone) for update in incident.updates],
        "components": [rows[service.public_id] for service in incident.affected],
        "reminder_intervals": None,
    }


def maintenance_json(incident: PublicIncident, board: Board, rows: Mapping[str, Json]) -> Json:
    """It started when it was announced: Statuspage has it so. The window comes last."""
    return incident_json(incident, board, rows) | {
        "started_at": stamp(incident.published_at, board.zone),
        "scheduled_for": stamp_or_none(incident.scheduled_for, board.zone),
        "scheduled_until": stamp_or_none(incident.scheduled_until, board.zone),
    }


def _update_json(update: PublicUpdate, incident: PublicIncident, zone: str) -> Json:
    posted_at = stamp(update.posted_at, zone)
    return {
        "id": update.public_id,
        "status": update.status.value,
        "body": _text(update.body),
        "incident_id": incident.public_id,
        "created_at": posted_at,
        "updated_at": posted_at,
        "display_at": posted_at,
        "affected_components": [_change_json(change) for change in update.changes] or None,
        "deliver_notifications": update.is_told,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _change_json(change: ServiceChange) -> Json:
    return {
        "code": change.public_id,
        "name": change.name,
        "old_status": change.old.value,
        "new_status": change.new.value,
    }


@lru_cache(maxsize=TEXTS_KEPT)
def _text(body: str) -> str:
    """Reading Markdown is slow, and most updates were there the last time, too."""
    return markdown.to_text(body)

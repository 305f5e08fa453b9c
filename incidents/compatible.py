"""Incidents in the shapes of Statuspage's public API. Pure."""

from collections.abc import Mapping, Sequence

from incidents.public_record import PublicIncident, PublicUpdate, ServiceChange
from statuspage.kit import markdown
from statuspage.pages import compatible
from statuspage.pages.board import Board
from statuspage.pages.compatible import Json, stamp, stamp_or_none


def summary_json(board: Board, incidents: Sequence[PublicIncident], _maintenances: Sequence[PublicIncident]) -> Json:
    """The whole page; `incidents` are the open ones, `maintenances` those going on or to come."""
    components = compatible.components_json(board)
    rows = {row["id"]: row for row in components}
    return {
        "page": compatible.page_json(board),
        "components": components,
        "incidents": [incident_json(incident, board, rows) for incident in incidents],
        "scheduled_maintenances": [],
        "status": compatible.status_json(board),
    }


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


def _update_json(update: PublicUpdate, incident: PublicIncident, zone: str) -> Json:
    posted_at = stamp(update.posted_at, zone)
    return {
        "id": update.public_id,
        "status": update.status.value,
        "body": markdown.to_text(update.body),
        "incident_id": incident.public_id,
        "created_at": posted_at,
        "updated_at": posted_at,
        "display_at": posted_at,
        "affected_components": [_change_json(change) for change in update.changes] or None,
        "deliver_notifications": True,
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

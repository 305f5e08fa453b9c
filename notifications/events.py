"""What a webhook is sent: events in the shape that Statuspage posts to its subscribers, and what it has no room for.

One broadcast is one event about the incident, and one for each service whose status changed with it. Words a ring may
not read are never gathered: an open ring's event is made of public messages alone. Only here is a service a component.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidents.models import Incident, Update, UpdateService
from incidents.models.note import readable_by
from notifications.channels.base import TOKEN_PLACEHOLDER
from notifications.reading import Reading, Telling
from notifications.rings import Kind
from statuspage.kit import markdown
from statuspage.organizations.plan import PlanRing
from statuspage.pages.compatible import Json, rollup, stamp, stamp_or_none
from statuspage.pages.models import Page, Service
from statuspage.pages.status import ServiceStatus

MOST_UPDATES = 50
COMPONENT_EVENT = "component.updated"
ENDINGS = {Kind.FIRST: "created", Kind.RESOLVED: "resolved", Kind.SUMMARY: "resolved"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    kind: str
    """What the type header says."""
    body: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One broadcast to one ring, from one page. Updates up to `after` have been heard."""

    telling: Telling
    reading: Reading
    ring: PlanRing
    page: Page | None
    after: int
    now: datetime

    @property
    def incident(self) -> Incident:
        return self.telling.incident

    @property
    def zone(self) -> str:
        return self.page.zone if self.page else "Etc/UTC"

    @property
    def updates(self) -> list[Update]:
        """Those that concern the ring, newest first."""
        found = [row for row, notes in self.telling.updates if row.is_public or readable_by(self.ring, notes)]
        return found[::-1][:MOST_UPDATES]

    def at(self, instant: datetime) -> str:
        return stamp(instant, self.zone)


def events_of(scene: Scene) -> list[Event]:
    """The incident's first: whoever stops listening after one has heard the most."""
    services = _services(scene)
    head = {"meta": _meta(scene), "page": _page(scene, services)}
    subject = "maintenance" if scene.incident.is_maintenance else "incident"
    kind = f"{subject}.{ENDINGS.get(scene.reading.kind, 'updated')}"
    told = {**head, "incident": _incident(scene, services), "ripple": _beside(scene, kind)}
    changes = [
        Event(kind=COMPONENT_EVENT, body={**head, **_change(scene, services[change.service_id], change)})
        for change in _changes(scene)
        if change.service_id in services
    ]
    return [Event(kind=kind, body=told), *changes]


def to_text(events: Sequence[Event]) -> str:
    """As a rendition keeps them: the bytes that will be signed, but for the token."""
    return json.dumps([[event.kind, json.dumps(event.body, ensure_ascii=False)] for event in events])


def _services(scene: Scene) -> dict[int, Service]:
    """Of the page, or all there are; in their order."""
    rows = Service.objects.select_related("group")
    if scene.page:
        rows = rows.filter(shown_on__page=scene.page)
    return {row.pk: row for row in rows}


def _meta(scene: Scene) -> Json:
    page_url = scene.page.url if scene.page else ""
    console = scene.incident.organization.console_url("endpoints")
    return {
        "unsubscribe": f"{page_url}/u/{TOKEN_PLACEHOLDER}" if page_url and scene.ring.is_open else console,
        "documentation": f"{page_url}/data" if page_url else console,
        "generated_at": scene.at(scene.now),
    }


def _page(scene: Scene, services: dict[int, Service]) -> Json:
    living = [service.state for service in services.values() if service.archived_at is None]
    indicator, description = rollup(living or [ServiceStatus.OPERATIONAL])
    page_id = scene.page.public_id if scene.page else None
    return {"id": page_id, "status_indicator": indicator, "status_description": description}


def _incident(scene: Scene, services: dict[int, Service]) -> Json:
    """The keys of a real capture, in its order."""
    incident, at, zone, updates = scene.incident, scene.at, scene.zone, scene.updates
    touched = [services[pk] for pk, _name, _status in scene.telling.services if pk in services]
    newest = updates[0].posted_at if updates else incident.started_at
    is_planned = incident.is_maintenance
    return {
        "name": scene.reading.title,
        "status": _status(scene, updates),
        "created_at": at(updates[-1].posted_at if updates else incident.started_at),
        "updated_at": at(newest),
        "monitoring_at": stamp_or_none(incident.monitoring_at, zone),
        "resolved_at": stamp_or_none(incident.resolved_at, zone),
        "impact": incident.impact,
        "shortlink": scene.reading.url,
        **dict.fromkeys(("postmortem_ignored",), False),
        **dict.fromkeys(("postmortem_body", "postmortem_body_last_updated_at", "postmortem_published_at")),
        **dict.fromkeys(("postmortem_notified_subscribers", "postmortem_notified_twitter", "backfilled"), False),
        "scheduled_for": stamp_or_none(incident.scheduled_for, zone),
        "scheduled_until": stamp_or_none(incident.scheduled_until, zone),
        "scheduled_remind_prior": bool(incident.remind_before),
        "scheduled_reminded_at": None,
        "impact_override": None,
        "scheduled_auto_in_progress": is_planned,
        "scheduled_auto_completed": is_planned,
        "id": incident.public_id,
        "page_id": scene.page.public_id if scene.page else None,
        "incident_updates": [_update(scene, row, services) for row in updates],
        "components": [_component(scene, service) for service in touched],
    }


def _status(scene: Scene, updates: Sequence[Update]) -> str:
    if scene.incident.resolved_at or not updates:
        return scene.incident.status
    return updates[0].status


def _update(scene: Scene, row: Update, services: dict[int, Service]) -> Json:
    at = scene.at(row.posted_at)
    changes = [change for change in row.services.all() if change.service_id in services]
    return {
        "status": row.status,
        "body": markdown.to_text(row.body),
        "created_at": at,
        "wants_twitter_update": False,
        "twitter_updated_at": None,
        "updated_at": at,
        "display_at": at,
        "affected_components": [_affected(services[change.service_id], change) for change in changes],
        "custom_tweet": None,
        "deliver_notifications": row.notify,
        "id": row.public_id,
        "incident_id": scene.incident.public_id,
    }


def _affected(service: Service, change: UpdateService) -> Json:
    name = f"{service.group.name} - {service.name}" if service.group else service.name
    return {"code": service.public_id, "name": name, "old_status": change.old, "new_status": change.new}


def _component(scene: Scene, service: Service) -> Json:
    return {
        "status": service.status,
        "name": service.name,
        "created_at": scene.at(service.created_at),
        "updated_at": scene.at(service.updated_at),
        "position": service.position,
        "description": service.description or None,
        "showcase": True,
        "id": service.public_id,
        "page_id": scene.page.public_id if scene.page else None,
        "group_id": service.group.public_id if service.group else None,
    }


@dataclass(slots=True, kw_only=True)
class Change:
    """What became of a service over all that one broadcast covers."""

    service_id: int
    old: str
    new: str
    at: datetime
    update_id: str


def _changes(scene: Scene) -> Iterator[Change]:
    found: dict[int, Change] = {}
    for row in reversed(scene.updates):
        for change in row.services.all() if row.number > scene.after else ():
            one = found.setdefault(
                change.service_id,
                Change(
                    service_id=change.service_id,
                    old=change.old,
                    new=change.new,
                    at=row.posted_at,
                    update_id=row.public_id,
                ),
            )
            one.new, one.at, one.update_id = change.new, row.posted_at, row.public_id
    return (change for change in found.values() if change.old != change.new)


def _change(scene: Scene, service: Service, change: Change) -> Json:
    told: dict[str, Any] = {
        "old_status": change.old,
        "new_status": change.new,
        "created_at": scene.at(change.at),
        "component_type": "Component",
        "id": f"{change.update_id}-{service.public_id}",
        "component_id": service.public_id,
    }
    return {"component": _component(scene, service) | {"status": change.new}, "component_update": told}


def _beside(scene: Scene, kind: str) -> Json:
    """Ours alone: Statuspage has nothing of the kind."""
    reading, inner = scene.reading, scene.reading.inner
    return {
        "event": kind,
        "ring": scene.ring.key,
        "headline": reading.status,
        "next_update_at": stamp_or_none(reading.next_update_at, scene.zone),
        "expected_fix_at": stamp_or_none(reading.expected_fix_at, scene.zone),
        **(
            {"severity": inner.severity, "notes": [_note(note.reader, note.text) for note in reading.notes]}
            if inner
            else {}
        ),
    }


def _note(reader: str, text: str) -> Json:
    return {"for": reader, "text": text}

"""Work that is planned: announced before the demo began, so that the page has something to show and the room to do."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents import maintaining
from incidents.drafts import MaintenanceDraft, NoteDraft, UpdateDraft
from incidents.models import Incident
from incidents.windows import Window
from notifications import planning
from statuspage.organizations.models import Organization, User

BEGINS_IN = timedelta(days=2)
LASTS = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """`note` is for support and further in."""

    title: str
    service: str
    body: str
    note: str


WEBHOOKS_MOVE = Planned(
    title="Webhook delivery moves to new hardware",
    service="Webhooks",
    body=(
        "We are moving webhook delivery to faster machines. Webhooks wait up to ten minutes while we switch over, and"
        " are then delivered in their order. None are lost, and payments are not affected."
    ),
    note="If somebody misses a webhook: it waits, and comes by itself. Replaying from the dashboard is not needed.",
)


def announce(organization: Organization, planned: Planned, *, by: User, now: datetime) -> Incident:
    """Call in the organization's scope. The rings count as told: nobody is sent anything for it today."""
    begins_at = (now + BEGINS_IN).replace(minute=0, second=0, microsecond=0)
    window = Window(
        begins_at=begins_at,
        ends_at=begins_at + LASTS,
        verify_for=timedelta(minutes=20),
        remind_before=(timedelta(hours=24), timedelta(hours=1)),
    )
    first = UpdateDraft(
        submission_id=uuid.uuid4(), body=planned.body, notes=(NoteDraft(body=planned.note, up_to_position=1),)
    )
    services = [organization.services.get(name=planned.service)]
    draft = MaintenanceDraft(title=planned.title, window=window, services=services, first=first)
    maintenance = maintaining.schedule(organization, draft, by=by)
    planning.fold(maintenance, now=now)
    Incident.objects.filter(pk=maintenance.pk).update(planned_number=maintenance.last_number)
    return maintenance

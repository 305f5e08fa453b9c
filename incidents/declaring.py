"""The story of declaring what a service is by itself, apart from any incident."""

from django.db import transaction

from incidents import affecting
from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import User
from statuspage.pages.models import Page, Service
from statuspage.pages.status import ServiceStatus


@transaction.atomic
def declare(service: Service, status: ServiceStatus, *, by: User) -> Service:
    """Set the base status. What is shown stays the worst of it and of every open incident. Returns the service."""
    (service,) = affecting.lock([service.pk])
    if service.base_status == status.value:
        return service
    now = clock.now()
    before, service.base_status, service.updated_at = service.base_status, status.value, now
    service.save(update_fields=["base_status", "updated_at"])
    affecting.roll_up([service], cause=f"set by {by}"[:80], by=by, at=now)
    Page.objects.showing([service]).touch()
    audit.record(
        service.organization,
        by=by,
        verb="declared",
        target=f"service {service}"[:80],
        before={"base_status": before},
        after={"base_status": status.value},
    )
    return service

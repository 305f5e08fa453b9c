"""The story of declaring what a service is by itself, apart from any incident."""

from django.db import transaction

from incidents.models import AffectedService
from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import User
from statuspage.pages.models import Page, Service, StatusChange
from statuspage.pages.status import ServiceStatus, worst_of


@transaction.atomic
def declare(service: Service, status: ServiceStatus, *, by: User) -> Service:
    """Set the base status. What is shown stays the worst of it and of every open incident. Returns the service."""
    service = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    if service.base_status == status.value:
        return service
    now = clock.now()
    caused = AffectedService.objects.filter(service=service).exclude(incident__status="resolved")
    shown = worst_of([status, *(row.state for row in caused)])
    before, service.base_status = service.base_status, status.value
    if shown is not service.state:
        StatusChange.objects.create(
            organization_id=service.organization_id,
            service=service,
            at=now,
            by=by,
            old=service.status,
            new=shown.value,
            cause=f"set by {by}"[:80],
        )
        service.status = shown.value
    service.updated_at = now
    service.save(update_fields=["base_status", "status", "updated_at"])
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

"""What an incident makes of services. A service is never better than the worst open incident on it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from incidents.models import AffectedService, Incident, Update, UpdateService
from incidents.models.incident import OVER
from statuspage.organizations.models import User
from statuspage.pages.models import Service, StatusChange
from statuspage.pages.status import ServiceStatus, worst_of


def affect(incident: Incident, update: Update, statuses: Mapping[Service, ServiceStatus]) -> ServiceStatus:
    """Write what `update` makes of services; returns the worst status the incident causes now.

    Unmentioned services keep what they had, and are listed as unchanged. Call under the incident's lock.
    """
    affected = {row.service_id: row for row in incident.affected.select_related("service")}
    locked = lock({*affected, *(service.pk for service in statuses)})
    wanted = {service.pk: status for service, status in statuses.items()}
    rows = []
    for service in locked:
        row = affected.get(service.pk)
        old = row.state if row else ServiceStatus.OPERATIONAL
        new = wanted.get(service.pk, old)
        AffectedService.objects.update_or_create(
            incident=incident,
            service=service,
            defaults={"status": new.value},
            create_defaults={"status": new.value, "organization_id": incident.organization_id},
        )
        rows.append(
            UpdateService(
                organization_id=incident.organization_id,
                update_row=update,
                service=service,
                old=old.value,
                new=new.value,
            )
        )
    UpdateService.objects.bulk_create(rows)
    roll_up(locked, cause=str(incident), by=update.posted_by, at=update.posted_at)
    return worst_of(ServiceStatus(row.new) for row in rows)


def put_under_maintenance(incident: Incident, update: Update) -> None:
    """The work begins: whatever it was announced for is worked on."""
    rows = incident.affected.select_related("service")
    affect(incident, update, {row.service: ServiceStatus.UNDER_MAINTENANCE for row in rows})


def release(incident: Incident, update: Update) -> None:
    """The incident is over: its services are as good as everything else lets them be."""
    services = {row.service: ServiceStatus.OPERATIONAL for row in incident.affected.select_related("service")}
    affect(incident, update, services)


def lock(ids: Iterable[int]) -> list[Service]:
    """In id order, so that two incidents on the same services cannot wait for each other for ever."""
    rows: QuerySet[Service] = Service.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id")
    return list(rows)


def roll_up(services: list[Service], *, cause: str, by: User | None, at: datetime) -> None:
    """Show each service as the worst of what it is by itself and of every open incident on it. They are locked."""
    open_rows = AffectedService.objects.filter(service__in=services).exclude(incident__status__in=OVER)
    caused: dict[int, list[ServiceStatus]] = {}
    for row in open_rows:
        caused.setdefault(row.service_id, []).append(row.state)
    for service in services:
        new = worst_of([ServiceStatus(service.base_status), *caused.get(service.pk, [])])
        if new is service.state:
            continue
        StatusChange.objects.create(
            organization_id=service.organization_id,
            service=service,
            at=at,
            by=by,
            old=service.status,
            new=new.value,
            cause=cause,
        )
        service.status, service.updated_at = new.value, at
        service.save(update_fields=["status", "updated_at"])

"""The story of arranging services: what there is, in which group, on which pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import Organization, User
from statuspage.pages.models import Page, PageService, Service, ServiceGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDraft:
    """`group_name` of a group that does not exist yet makes it."""

    name: str
    description: str = ""
    group_name: str = ""
    pages: tuple[Page, ...] = ()


@transaction.atomic
def add_service(organization: Organization, draft: ServiceDraft, *, by: User) -> Service:
    """At the end of its group. Raises ValidationError when the name is taken."""
    _refuse_taken_name(draft.name, Service.objects.living())
    last = Service.objects.aggregate(last=Max("position"))["last"] or 0
    service = Service.objects.create(
        organization=organization,
        name=draft.name,
        description=draft.description,
        group=_group(organization, draft.group_name),
        position=last + 1,
    )
    _show_on(service, draft.pages)
    audit.record(organization, by=by, verb="added", target=f"service {service}"[:80], after={"name": draft.name})
    return service


@transaction.atomic
def change_service(service: Service, draft: ServiceDraft, *, by: User) -> None:
    """Raises ValidationError when the name is taken."""
    _refuse_taken_name(draft.name, Service.objects.living().exclude(pk=service.pk))
    before = {"name": service.name, "group": str(service.group or ""), "description": service.description}
    service.name, service.description = draft.name, draft.description
    service.group = _group(service.organization, draft.group_name)
    service.updated_at = clock.now()
    service.save(update_fields=["name", "description", "group", "updated_at"])
    _show_on(service, draft.pages)
    after = {"name": service.name, "group": draft.group_name, "description": service.description}
    audit.record(
        service.organization, by=by, verb="changed", target=f"service {service}"[:80], before=before, after=after
    )


@transaction.atomic
def archive_service(service: Service, *, by: User) -> None:
    """It leaves its pages and can no longer be chosen. Its history stays."""
    service.archived_at = clock.now()
    service.save(update_fields=["archived_at"])
    _show_on(service, ())
    audit.record(
        service.organization, by=by, verb="archived", target=f"service {service}"[:80], before={"name": service.name}
    )


@transaction.atomic
def rename_group(group: ServiceGroup, name: str, *, by: User) -> None:
    """Raises ValidationError when the name is taken."""
    _refuse_taken_name(name, ServiceGroup.objects.exclude(pk=group.pk))
    before, group.name = group.name, name
    group.save(update_fields=["name"])
    Page.objects.showing(group.services.all()).touch()
    audit.record(
        group.organization,
        by=by,
        verb="renamed",
        target=f"service group {group}"[:80],
        before={"name": before},
        after={"name": name},
    )


def _group(organization: Organization, name: str) -> ServiceGroup | None:
    if not name:
        return None
    known = ServiceGroup.objects.filter(name__iexact=name).first()
    if known:
        return known
    last = ServiceGroup.objects.aggregate(last=Max("position"))["last"] or 0
    return ServiceGroup.objects.create(organization=organization, name=name, position=last + 1)


def _show_on(service: Service, pages: Iterable[Page]) -> None:
    """Pages it leaves are published again, and so are those it joins or stays on."""
    Page.objects.showing([service]).touch()
    wanted = {page.pk for page in pages}
    PageService.objects.filter(service=service).exclude(page__in=wanted).delete()
    shown = set(PageService.objects.filter(service=service).values_list("page_id", flat=True))
    PageService.objects.bulk_create(
        PageService(organization_id=service.organization_id, page_id=page, service=service) for page in wanted - shown
    )
    Page.objects.showing([service]).touch()


def _refuse_taken_name(name: str, among: QuerySet[Service] | QuerySet[ServiceGroup]) -> None:
    if among.filter(name__iexact=name).exists():
        raise ValidationError({"name": f"There is already one called “{name}”. Choose another name."})

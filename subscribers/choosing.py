"""What somebody wants to hear of on a page, as a plain value, and the story of choosing it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from statuspage.pages.models import Page, Service
from subscribers.models import Address, FromImpact, MutedIncident, Person, SubscribedService, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`services` are public ids, None for all of them. `only_incident`: this one, whatever else is said."""

    services: tuple[str, ...] | None = None
    is_for_incidents: bool = True
    is_for_maintenance: bool = True
    from_impact: int = FromImpact.ANY.value
    only_incident: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Choice":
        services = data["services"]
        return cls(**{**data, "services": None if services is None else tuple(services)})


@transaction.atomic
def choose(address: Address, page: Page, choice: Choice) -> None:
    """From the next look on this is what the address hears of the page. Services of other pages are read over."""
    if choice.only_incident:
        _follow(address, page, choice.only_incident)
        return
    wanted = {
        "is_for_everything": choice.services is None,
        "is_for_incidents": choice.is_for_incidents,
        "is_for_maintenance": choice.is_for_maintenance,
        "from_impact": choice.from_impact,
    }
    row, _is_new = Subscription.objects.update_or_create(
        address=address,
        page=page,
        only_incident="",
        defaults=wanted,
        create_defaults={"organization_id": address.organization_id, **wanted},
    )
    _choose_services(row, choice.services or ())


def chosen(address: Address, page: Page) -> Choice | None:
    """What it hears of the page now, but for single incidents. None: nothing, or single incidents only."""
    row = address.subscriptions.filter(page=page, only_incident="").first()
    if row is None:
        return None
    services = tuple(row.services.order_by("id").values_list("public_id", flat=True))
    return Choice(
        services=None if row.is_for_everything else services,
        is_for_incidents=row.is_for_incidents,
        is_for_maintenance=row.is_for_maintenance,
        from_impact=row.from_impact,
    )


def speak(person: Person, *, language: str, zone: str) -> None:
    """In which language and zone they want to read."""
    person.language, person.zone = language, zone
    person.save(update_fields=["language", "zone"])


def mute(address: Address, incident: str) -> None:
    """No more of this one incident. Twice is once."""
    address.subscriptions.filter(only_incident=incident).delete()
    MutedIncident.objects.get_or_create(
        address=address, incident=incident, defaults={"organization_id": address.organization_id}
    )


def unmute(address: Address, incident: str) -> None:
    address.muted.filter(incident=incident).delete()


def _follow(address: Address, page: Page, incident: str) -> None:
    unmute(address, incident)
    Subscription.objects.get_or_create(
        address=address, page=page, only_incident=incident, defaults={"organization_id": address.organization_id}
    )


def _choose_services(row: Subscription, public_ids: tuple[str, ...]) -> None:
    wanted = set(
        Service.objects.filter(public_id__in=public_ids, shown_on__page=row.page_id).values_list("pk", flat=True)
    )
    row.chosen.exclude(service_id__in=wanted).delete()
    SubscribedService.objects.bulk_create(
        [
            SubscribedService(organization_id=row.organization_id, subscription=row, service_id=service_id)
            for service_id in sorted(wanted)
        ],
        ignore_conflicts=True,
    )

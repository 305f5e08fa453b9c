"""Making rows the way the product makes them, with as few words as a test needs."""

import io
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from PIL import Image

from incidents import maintaining, opening, posting
from incidents.drafts import IncidentDraft, MaintenanceDraft, NoteDraft, UpdateDraft
from incidents.models import Incident, Update
from incidents.windows import Window
from incidents.words import IncidentStatus, UpdateKind
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Member, Organization, Role, User
from statuspage.organizations.plan import Channel, Plan
from statuspage.pages.models import Page, Service, ServiceGroup
from statuspage.pages.opening import open_page
from statuspage.pages.status import ServiceStatus
from statuspage.welcoming import welcome
from subscribers.models import Address, Person, SubscribedService, Subscription

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Cast:
    """An organization and everybody in it. `people[ring]` are e-mail addresses, `numbers[ring]` phone numbers."""

    organization: Organization
    owner: User
    commander: User
    responder: User
    viewer: User
    page: Page
    checkout: Service
    cards: Service
    api: Service


@cache
def encoded_password() -> str:
    """Hashing is slow on purpose: once is enough for all the cast."""
    return make_password(PASSWORD)


def make_user(email: str, name: str) -> User:
    return User.objects.create(email=email, name=name, password=encoded_password())


def make_cast(name: str, *, plan: Plan | None = None) -> Cast:
    slug = name.lower()
    users = {role: make_user(f"{role.value}@{slug}.test", f"{role.label} of {name}") for role in Role}
    organization = welcome(name, slug=slug, owner=users[Role.OWNER], plan=plan)
    with scope(organization=organization):
        for role in (Role.COMMANDER, Role.RESPONDER, Role.VIEWER):
            Member.objects.create(organization=organization, user=users[role], role=role)
        group = ServiceGroup.objects.create(organization=organization, name=f"{name} payments", position=1)
        services = [
            Service.objects.create(organization=organization, name=f"{name} checkout", group=group, position=1),
            Service.objects.create(organization=organization, name=f"{name} cards", group=group, position=2),
            Service.objects.create(organization=organization, name=f"{name} API", position=2),
        ]
        page = make_page(organization, f"status.{slug}.test", services=services)
    return Cast(
        organization,
        users[Role.OWNER],
        users[Role.COMMANDER],
        users[Role.RESPONDER],
        users[Role.VIEWER],
        page,
        *services,
    )


def make_page(organization: Organization, host: str, *, services: Iterable[Service]) -> Page:
    return open_page(organization, name=f"{organization.name} status", host=host, services=services)


def make_person(
    organization: Organization,
    *addresses: str,
    ring: str | None = None,
    name: str = "",
    confirmed_at: datetime | None = None,
) -> Person:
    """Addresses that begin with + are phone numbers."""
    row = organization.rings.get(key=ring) if ring else None
    person = Person.objects.create(organization=organization, ring=row, name=name)
    for value in addresses:
        channel = Channel.SMS if value.startswith("+") else Channel.EMAIL
        Address.objects.create(
            organization=organization,
            person=person,
            channel=channel.value,
            value=value,
            normalised=value.lower(),
            confirmed_at=confirmed_at or clock.now(),
        )
    return person


def subscribe(person: Person, page: Page, *services: Service) -> None:
    """Every address of the person, to the chosen services or to everything."""
    for address in person.addresses.all():
        row = Subscription.objects.create(
            organization=page.organization, address=address, page=page, is_for_everything=not services
        )
        SubscribedService.objects.bulk_create(
            SubscribedService(organization=page.organization, subscription=row, service=service) for service in services
        )


def make_subscribers(page: Page, number: int) -> None:
    """`number` people who follow everything on the page, by e-mail: n1@many.example, n2@…"""
    organization, now = page.organization, clock.now()
    people = Person.objects.bulk_create(Person(organization=organization) for _ in range(number))
    addresses = Address.objects.bulk_create(
        Address(
            organization=organization,
            person=person,
            channel=Channel.EMAIL.value,
            value=f"n{n}@many.example",
            normalised=f"n{n}@many.example",
            confirmed_at=now,
        )
        for n, person in enumerate(people, 1)
    )
    Subscription.objects.bulk_create(
        Subscription(organization=organization, address=address, page=page) for address in addresses
    )


def open_incident(cast: Cast, severity: str = "sev1", **words: Any) -> Incident:
    """Opened by the commander. `words` are fields of IncidentDraft or of its first update."""
    own = {
        name: words.pop(name)
        for name in ("title", "public_title", "started_at", "bridge_url", "is_told_anyway")
        if name in words
    }
    row = cast.organization.severities.get(key=severity)
    first = UpdateDraft(submission_id=uuid.uuid4(), **words)
    title = own.pop("title", "Payments are failing")
    draft = IncidentDraft(
        title=title, public_title=own.pop("public_title", "Trouble with payments"), severity=row, first=first, **own
    )
    return opening.open_incident(cast.organization, draft, by=cast.commander)


def schedule(
    cast: Cast,
    *services: Service,
    begins_at: datetime,
    ends_at: datetime,
    title: str = "Database upgrade",
    verify_for: timedelta = timedelta(0),
    remind_before: tuple[timedelta, ...] = (),
    **words: Any,
) -> Incident:
    """Scheduled by the commander. `words` are fields of its first update."""
    given = {"submission_id": uuid.uuid4(), "body": "Writing is not possible meanwhile.", **words}
    window = Window(begins_at=begins_at, ends_at=ends_at, verify_for=verify_for, remind_before=remind_before)
    draft = MaintenanceDraft(title=title, window=window, services=services, first=UpdateDraft(**given))
    return maintaining.schedule(cast.organization, draft, by=cast.commander)


def draft_of(incident: Incident, body: str = "", **fields: Any) -> UpdateDraft:
    """Written by somebody who has seen everything so far."""
    incident.refresh_from_db()
    draft = UpdateDraft(
        submission_id=uuid.uuid4(), base_number=incident.last_number, status=IncidentStatus(incident.status), body=body
    )
    return replace(draft, **fields)


def post(cast: Cast, incident: Incident, body: str = "", **fields: Any) -> Update:
    """Posted by the commander, who has seen everything so far."""
    return posting.post_update(incident, draft_of(incident, body, **fields), by=cast.commander)


def begin(cast: Cast, maintenance: Incident, body: str = "") -> Update:
    return posting.post_update(maintenance, maintaining.beginning(draft_of(maintenance, body)), by=cast.commander)


def complete(cast: Cast, maintenance: Incident, body: str = "") -> Update:
    return posting.post_update(maintenance, maintaining.completion(draft_of(maintenance, body)), by=cast.commander)


def cancel(cast: Cast, maintenance: Incident, body: str = "") -> Update:
    return posting.post_update(maintenance, maintaining.cancellation(draft_of(maintenance, body)), by=cast.commander)


def reschedule(cast: Cast, maintenance: Incident, window: Window, body: str = "") -> Update:
    draft = maintaining.rescheduling(draft_of(maintenance, body), window)
    return posting.post_update(maintenance, draft, by=cast.commander)


def resolve(cast: Cast, incident: Incident, body: str = "It works again.", **fields: Any) -> Update:
    return post(cast, incident, body, kind=UpdateKind.RESOLVE, status=IncidentStatus.RESOLVED, **fields)


def change_severity(cast: Cast, incident: Incident, severity: str, body: str = "", **fields: Any) -> Update:
    row = cast.organization.severities.get(key=severity)
    return post(cast, incident, body, kind=UpdateKind.SEVERITY, severity=row, **fields)


def note(body: str, up_to: int | None = None, *side_rings: str) -> NoteDraft:
    return NoteDraft(body=body, up_to_position=up_to, side_rings=side_rings)


def picture(width: int, height: int, colour: str = "crimson") -> bytes:
    """A PNG of one colour."""
    body = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(body, "PNG")
    return body.getvalue()


def outage(*services: Service, status: ServiceStatus = ServiceStatus.PARTIAL_OUTAGE) -> Mapping[Service, ServiceStatus]:
    return dict.fromkeys(services, status)

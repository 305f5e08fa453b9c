"""The story of endpoints: machines and chat rooms, told like people, with secrets and a health of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from statuspage.kit import clock
from statuspage.kit.sealing import resealed, seal, unseal
from statuspage.kit.standard_webhooks import new_secret
from statuspage.kit.targets import ForbiddenTargetError, read_target
from statuspage.organizations import audit
from statuspage.organizations.models import Organization, Ring, User
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page
from subscribers.models import Address, Endpoint, Person, Subscription
from subscribers.reaching import Reachable

BOTH_VALID_FOR = timedelta(hours=24)
"""After a rotation: as long as receivers have to learn the new secret."""
BY_HAND = "switched off by hand"


@dataclass(frozen=True, slots=True)
class Added:
    """`secret` is said this once; empty where nothing is signed."""

    endpoint: Endpoint
    secret: str


@transaction.atomic
def add(
    organization: Organization,
    name: str,
    *,
    channel: Channel,
    url: str,
    ring: Ring,
    pages: Iterable[Page] = (),
    contact: str = "",
    token: str = "",
    by: User | None = None,
) -> Added:
    """It hears what `ring` hears from now on; of an open ring, what concerns `pages` (none: every page there is).

    `by` None: the demo. `token` is what a social network lets us in with.
    Raises ValidationError for an address that is not called, or is there already.
    """
    reachable = _reachable(channel, url)
    if channel.is_social:
        _refuse_secrets_in_public(ring, token)
    if Address.objects.filter(channel=channel.value, normalised=reachable.normalised).exists():
        raise ValidationError("This address is there already. Change that entry instead.")
    address = _write(organization, name, reachable, ring)
    added = fit_out(address, contact=contact, token=token.strip() if channel.is_social else "")
    if ring.is_open:
        followed = list(pages) or Page.objects.all()
        Subscription.objects.bulk_create(
            Subscription(organization=organization, address=address, page=page) for page in followed
        )
    after = {"name": name, "channel": channel.value, "ring": ring.key}
    audit.record(organization, by=by, verb="added", target=str(added.endpoint), after=after)
    return added


def fit_out(address: Address, *, contact: str, token: str = "") -> Added:
    """What a machine or a room has beside its address: a secret where it is signed for, and whom to tell."""
    secret = new_secret() if address.channel == Channel.WEBHOOK else ""
    kept = secret or token
    endpoint = Endpoint.objects.create(
        organization_id=address.organization_id,
        address=address,
        sealed_secret=seal(kept) if kept else "",
        contact=contact,
    )
    return Added(endpoint, secret)


def _reachable(channel: Channel, url: str) -> Reachable:
    try:
        return Reachable.endpoint(channel, read_target(url))
    except ForbiddenTargetError as refusal:
        raise ValidationError(str(refusal)) from None


def _write(organization: Organization, name: str, reachable: Reachable, ring: Ring) -> Address:
    """Its person and its address, which is confirmed: whoever typed it owns it."""
    person = Person.objects.create(
        organization=organization, name=name, ring=None if ring.is_open else ring, is_endpoint=True
    )
    return Address.objects.create(
        organization=organization,
        person=person,
        channel=reachable.channel.value,
        value=reachable.value,
        normalised=reachable.normalised,
        confirmed_at=clock.now(),
    )


def _refuse_secrets_in_public(ring: Ring, token: str) -> None:
    if not ring.is_open:
        raise ValidationError("Everybody reads a profile: it can only hear what an open ring hears.")
    if not token.strip():
        raise ValidationError("Ripple needs the profile's token or app password to post there.")


@transaction.atomic
def rotate(endpoint: Endpoint, *, by: User) -> str:
    """A new secret, said this once. The one of before signs too, for a day."""
    row = _locked(endpoint)
    secret = new_secret()
    row.sealed_previous, row.previous_until = row.sealed_secret, clock.now() + BOTH_VALID_FOR
    row.sealed_secret = seal(secret)
    row.save(update_fields=["sealed_secret", "sealed_previous", "previous_until"])
    audit.record(row.organization, by=by, verb="rotated the secret of", target=str(row))
    return secret


def secrets_of(address_ids: Iterable[int], *, now: datetime) -> dict[int, tuple[str, ...]]:
    """What to sign with, by address: the newest first, the one of before while it is valid."""
    rows = Endpoint.objects.filter(address_id__in=list(address_ids))
    return {row.address_id: tuple(filter(None, map(unseal, _valid(row, now)))) for row in rows}


@transaction.atomic
def reseal() -> int:
    """Seal every secret under the newest RIPPLE_SECRET_KEY; returns of how many endpoints."""
    rows = list(Endpoint.objects.exclude(sealed_secret="").select_for_update())
    for row in rows:
        row.sealed_secret, row.sealed_previous = resealed(row.sealed_secret), resealed(row.sealed_previous)
    Endpoint.objects.bulk_update(rows, ["sealed_secret", "sealed_previous"], batch_size=500)
    return len(rows)


def _valid(row: Endpoint, now: datetime) -> list[str]:
    is_double = row.previous_until is not None and row.previous_until > now
    return [row.sealed_secret, row.sealed_previous] if is_double else [row.sealed_secret]


@transaction.atomic
def switch_off(endpoint: Endpoint, *, because: str, by: User | None) -> None:
    """Nothing more is handed over to it from the next look on. `by` None: Ripple itself, and people are told."""
    row, now = _locked(endpoint), clock.now()
    if row.switched_off_at is not None:
        return
    row.switched_off_at, row.switched_off_because = now, because
    row.notice_at = None if by else now
    row.save(update_fields=["switched_off_at", "switched_off_because", "notice_at"])
    Address.objects.filter(pk=row.address_id).update(stopped_at=now)
    audit.record(row.organization, by=by, verb="switched off", target=str(row), after={"because": because})


@transaction.atomic
def switch_on(endpoint: Endpoint, *, by: User) -> None:
    """It hears again what is said from now on, and its failures are forgotten."""
    row = _locked(endpoint)
    row.switched_off_at, row.switched_off_because, row.notice_at = None, "", None
    row.failing_since, row.failing_because = None, ""
    row.save()
    Address.objects.filter(pk=row.address_id).update(stopped_at=None)
    audit.record(row.organization, by=by, verb="switched on", target=str(row))


@transaction.atomic
def change(endpoint: Endpoint, name: str, *, contact: str, by: User) -> None:
    person = endpoint.address.person
    before = {"name": person.name, "contact": endpoint.contact}
    Person.objects.filter(pk=person.pk).update(name=name)
    Endpoint.objects.filter(pk=endpoint.pk).update(contact=contact)
    after = {"name": name, "contact": contact}
    audit.record(endpoint.organization, by=by, verb="changed", target=str(endpoint), before=before, after=after)


@transaction.atomic
def remove(endpoint: Endpoint, *, by: User) -> None:
    """It and its secrets are gone; what was sent to it stays counted."""
    audit.record(endpoint.organization, by=by, verb="removed", target=str(endpoint))
    endpoint.address.person.delete()


def _locked(endpoint: Endpoint) -> Endpoint:
    rows = Endpoint.objects.select_for_update(of=("self",)).select_related("organization", "address__person")
    return rows.get(pk=endpoint.pk)

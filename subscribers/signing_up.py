"""The story of signing up: somebody asks on a page, shows that the address is theirs, and is told from then on.

Asking is the same for everybody: one row is written, whatever we know of the address, and nothing is looked up. Who
takes the row writes the mail (notifications/answering.py), or finds that there is nothing to write.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.functional import cached_property

from statuspage.kit import clock, limits, links
from statuspage.kit.fingerprints import fingerprint
from statuspage.kit.limits import Limit
from statuspage.organizations.models import Member, Organization
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page
from subscribers import choosing, countries, endpoints, spending
from subscribers.choosing import Choice
from subscribers.models import Address, Person, SignUp, Wish
from subscribers.reaching import Reachable
from subscribers.suppressing import lift

OF_A_BLOCK = Limit("sign-ups-block", most=5, per=timedelta(minutes=10))
SMS_OF_AN_ORGANIZATION = Limit("sign-ups-sms", most=10, per=timedelta(hours=4))
CODES_OF_A_BLOCK = Limit("sign-up-codes", most=20, per=timedelta(minutes=10))
LASTS = timedelta(hours=24)
FORGOTTEN_AFTER = timedelta(days=2)
MOST_TRIES = 5
"""Of a million codes: nobody guesses one in five tries, and each sign-up has a code of its own."""


class Closed(Exception):  # noqa: N818 - a reason, not an error
    """No sign-up now, for anybody and any address. `reason` names the sentence (templates/public/subscribe.html)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Confirmed:
    """`secret` is what messages to a new endpoint are signed with, said this once; empty for everybody else."""

    address: Address
    secret: str


@dataclass(frozen=True)
class Asking:
    """What a form or a program asked for. `contact` is who confirms for an endpoint."""

    to: Reachable
    choice: Choice
    language: str
    contact: str = ""
    is_shared: bool = False

    @cached_property
    def addressee(self) -> bytes:
        """Who will be written to, over all tenants."""
        return addressee_of(
            Channel.EMAIL if self.contact else self.to.channel, self.contact.lower() or self.to.normalised
        )


def ask(page: Page, asking: Asking, *, block: str) -> SignUp:
    """Somebody asks to be told. Raises Closed, for reasons that are the same for every address."""
    take_place(page.organization, asking.to, block=block)
    return write(page, asking, wish=Wish.UPDATES)


def ask_for_link(page: Page, to: Reachable, *, language: str, block: str) -> SignUp:
    """Somebody asks for the link by which they change what they hear. Raises Closed."""
    take_place(page.organization, to, block=block)
    return write(page, Asking(to=to, choice=Choice(), language=language), wish=Wish.LINK)


def addressee_of(channel: Channel, normalised: str) -> bytes:
    return fingerprint(f"addressee.{channel.value}", normalised)


def proof_of_token(token: str) -> bytes:
    return fingerprint("sign-up token", token)


def proof_of_code(sign_up: SignUp, code: str) -> bytes:
    """Keyed, because a code is short: whoever read the table could try them all."""
    return fingerprint("sign-up code", f"{sign_up.pk}:{code}")


def new_token() -> str:
    """As long as our other tokens."""
    return secrets.token_urlsafe(links.TOKEN_LENGTH * 3 // 4)


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06}"


def find(page: Page, token: str) -> SignUp | None:
    """The sign-up a mailed link is for, if it can still be confirmed. Looking uses nothing up."""
    return living(page=page).filter(proof=proof_of_token(token)).first()


def find_by_code(page: Page, number: str, code: str, *, block: str) -> SignUp | None:
    """The newest sign-up of this number whose code was typed back; None: it was wrong, used, too old, or too many."""
    waiting = living(page=page, wish=Wish.UPDATES).filter(channel=Channel.SMS.value, normalised=number)
    return matching(waiting, code, block=block)


def living(**asked: Any) -> QuerySet[SignUp]:
    """Those of `asked` that can still be confirmed."""
    rows = SignUp.objects.filter(confirmed_at=None, created_at__gt=clock.now() - LASTS, **asked)
    return rows.select_related("page", "organization")


def matching(waiting: QuerySet[SignUp], code: str, *, block: str) -> SignUp | None:
    """The newest of them, if its code was typed back. Each try counts before it is looked at."""
    if not limits.take(CODES_OF_A_BLOCK, block):
        return None
    newest = waiting.order_by("-pk").first()
    if newest is None or not SignUp.objects.filter(pk=newest.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        return None
    return newest if newest.proof and bytes(newest.proof) == proof_of_code(newest, code) else None


@transaction.atomic
def confirm(sign_up: SignUp) -> Confirmed | None:
    """They showed that the address is theirs: from now on it is told. None: somebody was faster, or pressed twice.

    What they once stopped themselves begins again; what bounced or complained does not.
    """
    now = clock.now()
    if not SignUp.objects.filter(pk=sign_up.pk, confirmed_at=None).update(confirmed_at=now):
        return None
    if sign_up.wish == Wish.IMPORTED:
        return _keep(sign_up, now)
    address, is_new = _address_of(sign_up, now)
    secret = endpoints.fit_out(address, contact=sign_up.contact).secret if is_new and _is_endpoint(sign_up) else ""
    if address.stopped_at or address.confirmed_at is None:
        address.confirmed_at, address.stopped_at = now, None
        address.save(update_fields=["confirmed_at", "stopped_at"])
    lift(sign_up.organization, channel=Channel(sign_up.channel), normalised=sign_up.normalised)
    choosing.choose(address, sign_up.on_page, Choice.from_json(sign_up.choice))
    address.questions.all().say_yes(now)
    clock.wake()
    return Confirmed(address, secret)


def _keep(sign_up: SignUp, now: datetime) -> Confirmed | None:
    """Somebody who was imported says yes: they hear what the file said. None: forgotten meanwhile, or they left."""
    rows = Address.objects.filter(channel=sign_up.channel, normalised=sign_up.normalised, stopped_at=None)
    address = rows.select_related("person").first()
    if address is None:
        return None
    if address.confirmed_at is None:
        address.confirmed_at = now
        address.save(update_fields=["confirmed_at"])
        address.questions.all().say_yes(now)
        clock.wake()
    return Confirmed(address, "")


def _is_endpoint(sign_up: SignUp) -> bool:
    return Channel(sign_up.channel).is_endpoint


def _address_of(sign_up: SignUp, now: datetime) -> tuple[Address, bool]:
    """And whether it was unknown until now."""
    known = Address.objects.select_related("person").filter(channel=sign_up.channel, normalised=sign_up.normalised)
    found = known.first()
    if found:
        return found, False
    is_endpoint = _is_endpoint(sign_up)
    person = Person.objects.create(
        organization_id=sign_up.organization_id,
        public_id=sign_up.public_id,
        language=sign_up.language,
        is_endpoint=is_endpoint,
        name=(urlsplit(sign_up.normalised).hostname or "")[:100] if is_endpoint else "",
    )
    address, is_new = Address.objects.select_related("person").get_or_create(
        organization_id=sign_up.organization_id,
        channel=sign_up.channel,
        normalised=sign_up.normalised,
        defaults={"person": person, "value": sign_up.value, "is_shared": sign_up.is_shared, "confirmed_at": now},
    )
    if not is_new:
        person.delete()
    return address, is_new


def take_place(organization: Organization, to: Reachable, *, block: str) -> None:
    """Raises Closed when too many asked already."""
    if not limits.take(OF_A_BLOCK, block):
        raise Closed("often")
    if to.channel is Channel.SMS:
        _take_place_for_sms(organization, to.normalised)


def _take_place_for_sms(organization: Organization, number: str) -> None:
    """SMS cost money, and numbers of some countries earn it for whoever signs them up."""
    if not countries.is_allowed(number, organization.sms_countries):
        raise Closed("country")
    if not spending.is_open(organization):
        raise Closed("spent")
    if not limits.take_strictly(SMS_OF_AN_ORGANIZATION, organization.public_id):
        raise Closed("sms")


def write(page: Page, asking: Asking, *, wish: Wish) -> SignUp:
    """Somebody is to be written to about a page. Whoever calls this has seen to the limits."""
    return write_for(page.organization, asking, wish=wish, page=page)


@transaction.atomic
def write_for(
    organization: Organization, asking: Asking, *, wish: Wish, page: Page | None = None, member: Member | None = None
) -> SignUp:
    """About a page, or about what is a member's own."""
    sign_up = SignUp.objects.create(
        organization=organization,
        page=page,
        member=member,
        wish=wish.value,
        channel=asking.to.channel.value,
        value=asking.to.value,
        normalised=asking.to.normalised,
        contact=asking.contact,
        is_shared=asking.is_shared,
        language=asking.language,
        choice=asking.choice.to_json(),
        addressee=asking.addressee,
        created_at=clock.now(),
    )
    clock.wake()
    return sign_up

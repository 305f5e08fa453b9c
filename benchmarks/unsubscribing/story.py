"""Many who follow a page, an incident that is told to them, and some who leave meanwhile."""

import random
import time
from datetime import timedelta

from django.db.models import CharField, Value
from django.db.models.functions import Cast as AsType
from django.db.models.functions import Concat, LPad

from benchmarks.unsubscribing.leaving import Leaver
from notifications.models import Chunk, ChunkState, Delivery
from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.models import Organization, PlanCell
from statuspage.organizations.plan import Channel
from subscribers import unsubscribing
from subscribers.models import Address
from tests.makers import Cast, make_cast, make_subscribers, open_incident, outage

AT_ONCE = {"delay": timedelta(0), "min_gap": timedelta(0)}


def prepare(people: int, leavers: int, *, by: str) -> tuple[Cast, list[Leaver]]:
    """Those who will leave, in random order, from among those who are written to last."""
    cast = make_cast("Acme")
    with scope(organization=cast.organization):
        PlanCell.objects.filter(ring__key="customers").update(**AT_ONCE)
        make_subscribers(cast.page, people)
        if by == Channel.SMS.value:
            _give_them_phones(cast)
        later = Address.objects.order_by("-id")[: max(leavers, people * 9 // 10)]
        chosen = random.sample(list(later), leavers)
        return cast, [Leaver(address.value, f"/u/{unsubscribing.token_of(address)}") for address in chosen]


def _give_them_phones(cast: Cast) -> None:
    """In place of their mailboxes; and the organization may spend what that costs. To no number that ends in 5 does the
    provider misbehave."""
    number = Concat(Value("+4915"), LPad(AsType("id", CharField()), 8, Value("0")), Value("5"))
    Address.objects.update(channel=Channel.SMS.value, value=number, normalised=number)
    Organization.objects.filter(pk=cast.organization.pk).update(most_sms_a_day=1_000_000)


def open_it(cast: Cast) -> None:
    with scope(organization=cast.organization):
        open_incident(cast, body="Some payments fail.", services=outage(cast.checkout))
        clock.wake()


def wait_until_sent(*, seconds: float = 1200) -> None:
    """Until nothing of the fan-out is left to do."""
    end = time.monotonic() + seconds
    with across_organizations():
        while (
            not Delivery.objects.exists()
            or Chunk.objects.filter(state__in=[ChunkState.WAITING, ChunkState.LEASED]).exists()
        ):
            if time.monotonic() > end:
                raise RuntimeError("The fan-out did not come to its end.")
            time.sleep(0.2)

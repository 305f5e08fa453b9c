"""Who could not be reached lately: why, what to do, page by page, and never somebody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications import failing
from notifications.models import Chunk, Delivery, DeliveryState
from notifications.reasons import MEANINGS, Remedy, meaning_of
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from subscribers import endpoints
from subscribers.suppressing import suppress
from tests.console.browsing import enter, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident

ROOM = "https://hooks.slack.com/services/T0000/B0000/secretpart0123456789"


def fail(state: DeliveryState = DeliveryState.FAILED, reason: str = "no such mailbox (550)", every: int = 1) -> None:
    """As providers would have answered."""
    rows = list(Delivery.objects.order_by("broadcast_id", "address_id"))[::every]
    for row in rows:
        Delivery.objects.filter(pk=row.pk).update(state=state, reason=reason, settled_at=clock.now())
    for chunk in Chunk.objects.all():
        theirs = Delivery.objects.filter(chunk_id=chunk.pk, state__in=failing.NOT_REACHED).count()
        Chunk.objects.filter(pk=chunk.pk).update(failed=theirs)


def tell(cast: Cast, engine: Engine, *addresses: str, ring: str = "on_call") -> None:
    with scope(organization=cast.organization):
        for address in addresses:
            make_person(cast.organization, address, ring=ring, name=address.partition("@")[0])
        open_incident(cast)
    engine.settle()


def screen(client: Client, query: str = "") -> str:
    return text_of(client.get(f"/o/acme/subscribers/failures/{query}").content.decode())


def test_an_owner_reads_who_was_not_reached_why_and_what_to_do(acme: Cast, neighbour: Cast, engine: Engine) -> None:
    tell(neighbour, engine, "gina@globex.test")
    tell(acme, engine, "otto@acme.test", "olga@acme.test")
    fail()
    suppress(acme.organization, channel=Channel.EMAIL, normalised="otto@acme.test", reason="bounced")
    owner, viewer = enter(acme.owner), enter(acme.viewer)
    said = screen(owner)
    assert "otto@acme.test E-mail · On-call" in said
    assert "Nobody has this mailbox, or nobody has it any more." in said
    assert "Answer: no such mailbox (550)" in said
    assert "Incident 1: Payments are failing" in said
    assert said.count("Not written to any more: look why") == 1
    assert said.count("Change the address") == 2
    assert "globex" not in said
    assert "Change the address" not in screen(viewer)
    assert [one.shown for one in failing.page_of(None, "", now=clock.now()).failures] == [
        "otto@acme.test",
        "olga@acme.test",
    ]
    assert failing.page_of(None, "", now=clock.now() + timedelta(days=31)).failures == [], "that is long ago"


def test_a_room_is_named_and_its_address_is_not(acme: Cast, engine: Engine) -> None:
    ring = acme.organization.rings.get(key="on_call")
    endpoints.add(acme.organization, "Room", channel=Channel.SLACK, url=ROOM, ring=ring, by=acme.owner)
    tell(acme, engine, "otto@acme.test")
    fail(reason="the other side refuses the message (403)")
    html = enter(acme.owner).get("/o/acme/subscribers/failures/").content.decode()
    assert "hooks.slack.com/…" in html
    assert "secretpart" not in html
    assert "Open the endpoint" in html
    said = screen(enter(acme.owner), "?channel=slack")
    assert "otto@acme.test" not in said
    assert "hooks.slack.com/…" in said
    assert "otto@acme.test" in screen(enter(acme.owner), "?channel=no-such-channel")


def test_what_was_set_aside_and_what_is_erased_is_told(acme: Cast, engine: Engine) -> None:
    tell(acme, engine, "otto@acme.test")
    fail(DeliveryState.POISONED, "")
    Delivery.objects.update(reason=None)
    acme.organization.people.all().delete()
    said = screen(enter(acme.owner))
    assert "An address that is not kept any more" in said
    assert "was set aside" in said


@pytest.mark.parametrize("after", ["x", "9-", "-9", "²-²", "99999-0"])
def test_a_mark_that_is_none_begins_anew(acme: Cast, engine: Engine, after: str) -> None:
    tell(acme, engine, "otto@acme.test")
    fail()
    assert "otto@acme.test" in screen(enter(acme.owner), f"?after={after}")


def test_nobody_stands_on_two_pages_and_a_page_costs_a_few_looks(
    acme: Cast, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failing, "A_PAGE_OF", 4)
    tell(acme, engine, *(f"n{number}@acme.test" for number in range(11)))
    fail()
    seen: list[str] = []
    after, pages = "", 0
    while pages == 0 or after:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = failing.page_of(None, after, now=clock.now())
        assert len(queries) <= 5 + 2 + 6
        seen += [one.shown for one in page.failures]
        after, pages = page.after, pages + 1
    assert sorted(seen) == sorted(f"n{number}@acme.test" for number in range(11))
    assert pages == 3


def test_every_meaning_says_what_happened_and_what_to_do() -> None:
    for reason, meaning in MEANINGS.items():
        assert meaning_of(f"{reason} (550)", is_endpoint=False) is meaning
        assert meaning.says.endswith(".")
        assert meaning.advice.endswith(".")
    assert meaning_of("the mailbox is full (452)", is_endpoint=False).remedy is Remedy.WAIT
    assert meaning_of("something new", is_endpoint=False).says

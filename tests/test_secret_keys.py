"""The secret key is changed, or lost: nobody who unsubscribed is written to, and what was mailed goes on working."""

import io

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from notifications import holding
from statuspage.kit import clock, sealing
from statuspage.organizations.plan import Channel
from subscribers import endpoints, unsubscribing
from subscribers.models import Address, Endpoint
from subscribers.suppressing import reason_for, suppress
from tests.console.browsing import enter
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident

OTTO = "otto@acme.test"


@pytest.fixture
def otto(acme: Cast) -> Address:
    return make_person(acme.organization, OTTO, ring="on_call").addresses.get()


def why_silent(cast: Cast) -> str:
    return reason_for(cast.organization, channel=Channel.EMAIL, normalised="left@acme.test")


def test_it_is_changed_and_everything_goes_on(acme: Cast, otto: Address, settings: Settings) -> None:
    old, ring = settings.SECRET_KEY, acme.organization.rings.get(key="support")
    suppress(acme.organization, channel=Channel.EMAIL, normalised="left@acme.test", reason="unsubscribed")
    url = "https://hooks.acme.example/status"
    added = endpoints.add(acme.organization, "Hook", channel=Channel.WEBHOOK, url=url, ring=ring, by=acme.owner)
    mailed, owner = unsubscribing.token_of(otto), enter(acme.owner)

    def what_it_signs_with() -> list[tuple[str, ...]]:
        return list(endpoints.secrets_of([added.endpoint.address_id], now=clock.now()).values())

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "one that nobody has seen", [old]
    assert not holding.is_held()
    assert why_silent(acme) == "unsubscribed"
    assert what_it_signs_with() == [(added.secret,)]
    assert unsubscribing.find(mailed) == otto
    assert owner.get("/o/acme/incidents/").status_code == 200, "still logged in"
    call_command("reseal", stdout=(said := io.StringIO()))
    assert "the secrets of 1 endpoints" in said.getvalue()

    settings.SECRET_KEY_FALLBACKS = []
    assert not holding.is_held()
    assert why_silent(acme) == "unsubscribed"
    assert what_it_signs_with() == [(added.secret,)]
    assert unsubscribing.find(mailed) is None, "whoever stole the old key can forge nothing any more"
    assert unsubscribing.find(unsubscribing.token_of(otto)) == otto


def test_with_another_key_nothing_leaves_until_it_is_put_right(
    acme: Cast, otto: Address, engine: Engine, settings: Settings
) -> None:
    right = settings.SECRET_KEY
    settings.SECRET_KEY = "another database's"
    open_incident(acme)
    engine.settle()
    assert engine.caught() == []
    standing = holding.standing()
    assert standing is not None
    assert "who unsubscribed" in standing.why
    with pytest.raises(CommandError, match="is not the one"):
        call_command("reseal")
    said = enter().get("/readyz?exclude=dispatcher")
    assert (said.status_code, said.json()["secret_key"]) == (503, holding.WRONG_KEY)
    settings.SECRET_KEY = right
    engine.settle()
    assert len(engine.to(OTTO)) == 1


def test_a_secret_nobody_can_open_stays_as_it_is(acme: Cast, otto: Address, settings: Settings) -> None:
    right = settings.SECRET_KEY
    settings.SECRET_KEY = "a third one"
    Endpoint.objects.create(organization=acme.organization, address=otto, sealed_secret=(lost := sealing.seal("lost")))
    settings.SECRET_KEY = right
    call_command("reseal", stdout=io.StringIO())
    assert Endpoint.objects.get().sealed_secret == lost

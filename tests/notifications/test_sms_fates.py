"""What became of an SMS, told afterwards by the provider at the address that went along with the message."""

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from notifications.channels import registry
from notifications.channels.sms import FATE
from notifications.models import Chunk, Delivery, DeliveryState
from statuspage.kit import links
from tests.console.browsing import enter, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

CONSOLE = "https://console.test"
FINE, CUT = "+15550000010", "+15550000001"


@pytest.fixture(autouse=True)
def console(settings: Settings, engine: Engine) -> None:
    settings.CONSOLE_URL = CONSOLE
    registry.forget()


def tell(address: str, status: str, code: str = "", *, key: bytes = b"for the tests only") -> "Answer":
    form = {"MessageSid": "SM1", "MessageStatus": status, "To": FINE} | ({"ErrorCode": code} if code else {})
    signed = address + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.digest(key, signed.encode(), hashlib.sha1)).decode()
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost", "x-twilio-signature": signature})
    kind = "application/x-www-form-urlencoded"
    return client.post(urlsplit(address).path, urlencode(form), content_type=kind)


def sent(cast: Cast, engine: Engine, number: str = FINE) -> str:
    """The address that went along with an SMS."""
    make_person(cast.organization, number, ring="on_call")
    open_incident(cast)
    engine.settle()
    return engine.to(number)[0].headers["StatusCallback"]


def test_one_that_did_not_arrive_is_shown_with_its_reason(acme: Cast, engine: Engine) -> None:
    where = sent(acme, engine)
    assert where.startswith(f"{CONSOLE}/hooks/sms/")
    assert tell(where, "delivered").status_code == 204
    assert Delivery.objects.get().state == DeliveryState.ACCEPTED
    for _ in range(2):
        assert tell(where, "undelivered", "30005").status_code == 204
    row = Delivery.objects.get()
    assert (row.state, row.reason) == (DeliveryState.FAILED, "no such number (30005)")
    assert Chunk.objects.get().failed == 1
    shown = text_of(enter(acme.owner).get("/o/acme/subscribers/failures/").content.decode())
    assert "Nobody has this number." in shown
    assert tell(where, "delivered").status_code == 204
    assert Delivery.objects.get().state == DeliveryState.FAILED, "told in whatever order"


def test_one_of_unknown_fate_that_arrived_is_not_sent_again(acme: Cast, engine: Engine) -> None:
    where = sent(acme, engine, CUT)
    assert Delivery.objects.get().state == DeliveryState.AMBIGUOUS
    assert tell(where, "sent").status_code == 204
    Chunk.objects.update(due_at="2020-01-01T00:00Z")
    engine.settle()
    assert Delivery.objects.get().state == DeliveryState.ACCEPTED
    assert Chunk.objects.get().state == "done"
    assert len(engine.to(CUT)) == 1


def test_whoever_is_not_the_provider_is_refused(acme: Cast, engine: Engine) -> None:
    where = sent(acme, engine)
    assert tell(where, "failed", key=b"another").status_code == 403
    for foreign in (f"{CONSOLE}/hooks/sms/nonsense", f"{CONSOLE}/hooks/sms/{links.sign('unsubscribe', 1, 2)}"):
        assert tell(foreign, "failed").status_code == 404
    assert tell(f"{CONSOLE}/hooks/sms/{links.sign(FATE, 1, 2)}", "failed").status_code == 204, "it is not kept any more"
    assert Delivery.objects.get().state == DeliveryState.ACCEPTED


def test_where_nobody_could_call_nobody_is_asked_to(acme: Cast, engine: Engine, settings: Settings) -> None:
    settings.CONSOLE_URL = "http://localhost:8000"
    registry.forget()
    assert sent(acme, engine) == ""

"""Admins see to endpoints: add one by pasting its address, try it out, rotate its secret, switch it off and on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from standardwebhooks.webhooks import Webhook

from notifications.channels import registry
from notifications.endpoint_forms import recognise
from statuspage.demo.sinks import HttpSink
from statuspage.kit.targets import REFUSAL
from statuspage.organizations.models import AuditEntry
from statuspage.organizations.plan import Channel
from subscribers.models import Endpoint
from tests.console.browsing import enter, text_of
from tests.makers import Cast

HOOK = "https://hooks.acme.example/x"
SLACK = "https://hooks.slack.com/services/T0/B0/secretpath"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[HttpSink]:
    with HttpSink(ledger=tmp_path / "ledger.jsonl") as running, override_settings(SINK=running.place):
        registry.forget()
        yield running
        registry.forget()


def add(cast: Cast, url: str, ring: str = "support", *, status: int = 201) -> str:
    key = cast.organization.rings.get(key=ring).pk
    answer = enter(cast.owner).post("/o/acme/endpoints/", {"url": url, "name": "Our tool", "ring": key})
    assert answer.status_code == status
    return answer.content.decode()


def address(rest: str = "") -> str:
    return f"/o/acme/endpoints/{Endpoint.objects.get().address.person.public_id}/{rest}"


def test_a_pasted_address_is_known_by_its_host() -> None:
    assert recognise(SLACK) is Channel.SLACK
    assert recognise("https://acme.webhook.office.com/webhookb2/x") is Channel.TEAMS
    assert recognise("https://prod-1.westeurope.logic.azure.com:443/workflows/x?sig=y") is Channel.TEAMS
    assert recognise("https://default1.ab.environment.api.powerplatform.com:443/powerautomate/x") is Channel.TEAMS
    assert recognise("https://discord.com/api/webhooks/1/x") is Channel.DISCORD
    assert recognise("https://chat.googleapis.com/v1/spaces/x/messages?key=k") is Channel.GOOGLE_CHAT
    assert recognise("https://hooks.slack.com.evil.example/") is Channel.WEBHOOK
    assert recognise("nonsense") is Channel.WEBHOOK


def test_a_webhooks_secret_is_shown_once_and_signs_the_test_message(acme: Cast, sink: HttpSink) -> None:
    shown = add(acme, HOOK)
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", shown)
    client = enter(acme.owner)
    assert "whsec_" not in client.get(address()).content.decode()
    answer = client.post(address("test/"), follow=True)
    assert "The other side took the test message." in text_of(answer.content.decode())
    (caught,) = sink.messages()
    assert caught.subject == "endpoint.test"
    Webhook(secret).verify(caught.text.encode(), {name.lower(): value for name, value in caught.headers.items()})
    (new,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", client.post(address("secret/")).content.decode())
    client.post(address("test/"))
    again = sink.messages()[1]
    for each in (secret, new):
        Webhook(each).verify(again.text.encode(), {name.lower(): value for name, value in again.headers.items()})
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))[-4:] == [
        *("added", "tried out", "rotated the secret of", "tried out")
    ]


def test_a_rooms_address_is_a_key_and_no_screen_shows_all_of_it(acme: Cast, sink: HttpSink) -> None:
    assert "secretpath" not in add(acme, SLACK)
    for who in (acme.owner, acme.viewer):
        for where in ("/o/acme/endpoints/", "/o/acme/people/?ring=support"):
            assert "secretpath" not in enter(who).get(where).content.decode()
    assert "secretpath" not in str(list(AuditEntry.objects.values_list("target", "before", "after")))


@pytest.mark.parametrize(
    "url", ["http://hooks.acme.example/", "https://10.0.0.1/", "https://localhost/", "ftp://x", ""]
)
def test_an_address_that_is_never_called_is_refused_and_what_was_typed_is_kept(acme: Cast, url: str) -> None:
    shown = add(acme, url, status=422)
    assert "Our tool" in shown
    assert Endpoint.objects.count() == 0
    if url:
        assert REFUSAL in text_of(shown)


def test_the_same_address_twice_is_refused(acme: Cast) -> None:
    add(acme, HOOK)
    assert "there already" in add(acme, HOOK, status=422)


def test_off_and_on_and_gone(acme: Cast, sink: HttpSink) -> None:
    add(acme, "https://hooks.acme.example/gone")
    client = enter(acme.owner)
    answer = client.post(address("test/"), follow=True)
    assert "no more" in text_of(answer.content.decode())
    assert Endpoint.objects.get().switched_off_at, "it says of itself that it is gone"
    client.post(address("return/"))
    assert not Endpoint.objects.get().switched_off_at
    client.post(address("pause/"))
    row = Endpoint.objects.get()
    assert (row.switched_off_because, row.notice_at) == ("switched off by hand", None)
    client.post(address("removal/"))
    assert Endpoint.objects.count() == 0

"""/api/v2/subscribers.json: as Statuspage's own script speaks to it, from any site, and with nothing to be learnt."""

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from statuspage.kit.tenancy import scope
from subscribers.choosing import Choice
from subscribers.models import Address, SignUp, Subscription
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage, resolve, subscribe
from tests.subscribers.asking import seen
from tests.timeline import Timeline
from tests.visiting import HOST, visitor

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

WHERE = "/api/v2/subscribers.json"
ANNA = "anna@x.example"


def create(**fields: str) -> "Answer":
    form = {f"subscriber[{name}]": value for name, value in fields.items()}
    return visitor().post(WHERE, urlencode(form), content_type="application/x-www-form-urlencoded")


def remove(public_id: str) -> "Answer":
    body = urlencode({"subscriber[id]": public_id})
    return visitor().delete(WHERE, body, content_type="application/x-www-form-urlencoded")


def test_the_answer_has_statuspages_shape(acme: Cast, timeline: Timeline) -> None:
    answer = create(email=ANNA)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (201, "*")
    told = json.loads(answer.content)["subscriber"]
    assert list(told) == [
        "created_at",
        "skip_confirmation_notification",
        "quarantined_at",
        "id",
        "mode",
        "purge_at",
        "email",
    ]
    assert re.fullmatch(r"[a-z0-9]{12}", told["id"])
    assert told | {"id": ""} == {
        "created_at": "2026-03-02T10:00:00.000Z",
        "skip_confirmation_notification": False,
        "quarantined_at": None,
        "id": "",
        "mode": "email",
        "purge_at": None,
        "email": ANNA,
    }


@pytest.mark.parametrize(
    ("fields", "channel", "choice"),
    [
        ({"email": ANNA}, "email", Choice()),
        ({"email_sms": "+4915123456789"}, "sms", Choice()),
        ({"endpoint": "https://hooks.example/in", "email": ANNA}, "webhook", Choice()),
    ],
)
def test_every_way_of_the_script_is_understood(
    acme: Cast, fields: dict[str, str], channel: str, choice: Choice
) -> None:
    assert create(**fields).status_code == 201
    row = SignUp.objects.get()
    assert (row.channel, Choice.from_json(row.choice)) == (channel, choice)


@pytest.mark.parametrize("field", ["incident_id", "incident"])
def test_one_incident_is_followed_if_the_page_tells_of_it(acme: Cast, neighbour: Cast, field: str) -> None:
    """What another page tells of, and what none tells of yet, is answered like what nobody ever heard of."""
    known = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    hidden = open_incident(acme, services=outage(acme.api))
    with scope(organization=neighbour.organization):
        theirs = open_incident(neighbour, body="Slow.", services=outage(neighbour.api))
    refused = [
        create(**{"email": ANNA, field: public_id})
        for public_id in ("abcdefghij12", "x'y", hidden.public_id, theirs.public_id)
    ]
    assert {(answer.status_code, answer.content) for answer in refused} == {
        (422, b'{"message": "This page has no incident with this id."}')
    }
    assert not SignUp.objects.exists()
    assert create(**{"email": ANNA, field: known.public_id}).status_code == 201
    assert Choice.from_json(SignUp.objects.get().choice) == Choice(only_incident=known.public_id)
    resolve(acme, known)
    over = create(**{"email": "otto@x.example", field: known.public_id})
    assert (over.status_code, "is over" in json.loads(over.content)["message"]) == (422, True)


def test_what_cannot_be_is_refused_with_a_sentence(acme: Cast) -> None:
    answer = create(email="anna")
    assert answer.status_code == 422
    assert "not an e-mail address" in json.loads(answer.content)["message"]


def test_whoever_knows_an_id_can_only_have_a_link_mailed(acme: Cast, engine: Engine) -> None:
    person = make_person(acme.organization, ANNA)
    subscribe(person, acme.page)
    known, unknown = remove(person.public_id), remove("nobodyatall0")
    assert known.status_code == 202
    assert seen(known) == seen(unknown)
    assert Subscription.objects.exists()
    engine.send()
    (letter,) = engine.caught()
    assert letter.to == ANNA
    path = letter.text.partition(f"http://{HOST}")[2].split()[0]
    visitor().post(path.removesuffix("/choices"))
    assert not Subscription.objects.exists()


def test_the_id_of_a_sign_up_goes_on_being_the_subscribers(acme: Cast, engine: Engine) -> None:
    public_id = json.loads(create(email=ANNA).content)["subscriber"]["id"]
    engine.send()
    visitor().post(engine.to(ANNA)[0].text.partition(f"http://{HOST}")[2].split()[0])
    SignUp.objects.all().delete()
    assert Address.objects.get().person.public_id == public_id
    remove(public_id)
    engine.send()
    assert len(engine.to(ANNA)) == 2


def test_other_sites_may_ask_first(acme: Cast) -> None:
    answer = visitor().options(WHERE)
    assert (answer.status_code, answer["Access-Control-Allow-Methods"]) == (204, "POST, DELETE")
    assert visitor().get(WHERE).status_code == 405

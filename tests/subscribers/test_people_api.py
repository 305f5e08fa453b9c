"""Programs keep people up to date: what a token may do, and how soon it may not any more."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from statuspage.kit import clock
from statuspage.kit.limits import Limit
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations import token_access, tokens
from statuspage.organizations.models import ApiToken, AuditEntry, Member, Scope
from statuspage.pages.models import Page
from subscribers.models import Person
from tests.console.browsing import enter, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage

PEOPLE = "/api/ripple/people"
OTTO = {"name": "Otto", "ring": "on_call", "addresses": ["Otto@acme.test", "+49 151 2345678"]}
EVERYTHING = tuple(Scope)


def make(cast: Cast, *scopes: Scope) -> tuple[ApiToken, str]:
    lasts = timedelta(days=30)
    return tokens.make(
        cast.organization, "HR", scopes=scopes or EVERYTHING, lasts=lasts, now=clock.now(), by=cast.owner
    )


class Program:
    """Somebody else's script."""

    def __init__(self, token: str) -> None:
        headers = {"host": settings.CONSOLE_HOST, "authorization": f"Bearer {token}"}
        self._client = Client(headers=headers, enforce_csrf_checks=True)

    def ask(self, verb: str, path: str = PEOPLE, body: Any = None) -> Any:
        given = {"data": body, "content_type": "application/json"} if body is not None else {}
        return getattr(self._client, verb)(path, **given)


@pytest.fixture
def program(acme: Cast) -> Program:
    return Program(make(acme)[1])


def test_a_person_is_added_changed_and_removed(acme: Cast, program: Program, engine: Engine) -> None:
    made = program.ask("post", body=OTTO)
    assert made.status_code == 201, made.content
    otto = made.json()
    assert otto["addresses"][0] == {"channel": "email", "value": "Otto@acme.test", "hears": True}
    assert AuditEntry.objects.get(verb="enlisted").by == acme.owner
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    engine.settle()
    assert "Otto@acme.test" in {caught.to for caught in engine.caught()}
    here = f"{PEOPLE}/{otto['id']}"
    changed = program.ask("put", here, {**OTTO, "ring": "support", "addresses": ["otto@acme.test"]})
    assert (changed.json()["ring"], len(changed.json()["addresses"])) == ("support", 1)
    assert program.ask("get", here).json() == changed.json()
    assert program.ask("delete", here).status_code == 204
    assert program.ask("get", here).status_code == 404
    assert Person.objects.count() == 0


def test_how_a_person_wants_to_be_told_stays_unless_it_is_told(acme: Cast, program: Program) -> None:
    habits = {"language": "de", "zone": "Europe/Berlin", "preferred_channel": "sms"}
    night = {"from": "22:00", "until": "07:00"}
    here = f"{PEOPLE}/{program.ask('post', body={**OTTO, **habits, 'quiet_hours': night}).json()['id']}"
    kept = program.ask("put", here, OTTO).json()
    assert {name: kept[name] for name in habits} == habits
    assert kept["quiet_hours"] == night
    changed = program.ask("put", here, {**OTTO, "quiet_hours": None, "preferred_channel": None}).json()
    assert (changed["quiet_hours"], changed["preferred_channel"], changed["language"]) == (None, None, "de")


def test_somebody_new_reads_what_the_first_page_speaks_first(acme: Cast, program: Program) -> None:
    Page.objects.filter(pk=acme.page.pk).update(languages=["de", "en"])
    made = program.ask("post", body=OTTO).json()
    assert made["language"] == "de"
    assert program.ask("put", f"{PEOPLE}/{made['id']}", {**OTTO, "language": "en"}).json()["language"] == "en"
    assert program.ask("put", f"{PEOPLE}/{made['id']}", OTTO).json()["language"] == "en", "what is left out stays"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({**OTTO, "addresses": ["nonsense"]}, 422, "neither an e-mail address"),
        ({**OTTO, "addresses": ["taken@acme.test"]}, 422, "already belongs to Tina"),
        ({**OTTO, "ring": "pirates"}, 422, "ring"),
        ({**OTTO, "name": ""}, 422, "name"),
        ({**OTTO, "addresses": []}, 422, "addresses"),
        ({**OTTO, "language": "klingon"}, 422, "language"),
        ({**OTTO, "quiet_hours": {"from": "22:00"}}, 422, "quiet_until"),
        ({**OTTO, "quiet_hours": "night"}, 400, "quiet_hours"),
        ({**OTTO, "addresses": "otto@acme.test"}, 400, "Send"),
        ([1, 2], 400, "Send"),
        ("words", 400, "is no JSON"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(
    acme: Cast, program: Program, body: Any, status: int, words: str
) -> None:
    make_person(acme.organization, "taken@acme.test", ring="support", name="Tina")
    answer = program.ask("post", body=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.content.decode()
    assert Person.objects.count() == 1


def test_people_are_read_a_hundred_at_a_time(acme: Cast, neighbour: Cast, program: Program) -> None:
    for number in range(130):
        make_person(acme.organization, f"n{number}@acme.test", ring="on_call" if number < 120 else "support")
    with scope(organization=neighbour.organization):
        gina = make_person(neighbour.organization, "gina@globex.test", ring="on_call", name="Gina")
    first = program.ask("get", f"{PEOPLE}?ring=on_call").json()
    second = program.ask("get", f"{PEOPLE}?ring=on_call&after={first['after']}").json()
    assert (len(first["people"]), len(second["people"]), second["after"]) == (100, 20, None)
    assert not {row["id"] for row in first["people"]} & {row["id"] for row in second["people"]}
    assert program.ask("get", f"{PEOPLE}?after={gina.public_id}").status_code == 400
    for verb in ("get", "delete"):
        assert program.ask(verb, f"{PEOPLE}/{gina.public_id}").status_code == 404
    keys = [ring["key"] for ring in program.ask("get", "/api/ripple/rings").json()["rings"]]
    assert "on_call" in keys


def test_a_token_does_what_it_is_for_and_nothing_else(acme: Cast) -> None:
    reader = Program(make(acme, Scope.READ_PEOPLE)[1])
    assert reader.ask("get").status_code == 200
    refused = reader.ask("post", body=OTTO)
    assert (refused.status_code, "people:write" in refused.content.decode()) == (403, True)
    writer = Program(make(acme, Scope.WRITE_PEOPLE)[1])
    assert writer.ask("get").status_code == 403


def test_whoever_has_none_learns_nothing(acme: Cast) -> None:
    member = enter(acme.owner)
    for client_answer in (member.get(PEOPLE), Program("").ask("get"), Program("rpl_" + "x" * 43).ask("get")):
        assert client_answer.status_code == 401
        assert client_answer.headers["www-authenticate"] == 'Bearer realm="Ripple"'
    public = Client(headers={"host": "status.acme.test", "authorization": f"Bearer {make(acme)[1]}"})
    assert public.get(PEOPLE).status_code == 404, "not on a page's own host"


def test_a_token_ends_when_it_is_taken_back_or_old_or_its_maker_left(acme: Cast) -> None:
    row, token = make(acme)
    assert tokens.find(token, now=clock.now()) == row
    assert tokens.find(token, now=row.expires_at) is None
    Member.objects.filter(user=acme.owner).update(role="viewer")
    assert Program(token).ask("get").status_code == 401, "its maker may not do this any more"
    Member.objects.filter(user=acme.owner).update(role="owner")
    assert Program(token).ask("get").status_code == 200
    tokens.revoke(row, now=clock.now(), by=acme.owner)
    tokens.revoke(row, now=clock.now(), by=acme.owner)
    assert Program(token).ask("get").status_code == 401
    assert AuditEntry.objects.filter(verb="revoked").count() == 1


def test_too_many_requests_are_told_to_wait(acme: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row, token = make(acme)
    few = Limit(f"api-{row.public_id}", 2, timedelta(minutes=1))
    monkeypatch.setattr(token_access, "A_MINUTE", few)
    answers = [Program(token).ask("get") for _request in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "60"


def test_a_token_is_shown_once_and_only_its_hash_is_kept(acme: Cast) -> None:
    owner = enter(acme.owner)
    here = "/o/acme/tokens/"
    assert "No tokens yet" in owner.get(here).content.decode()
    made = owner.post(here, {"name": "HR", "scopes": ["people:read"], "days": "30"})
    assert made.status_code == 201
    token = next(word for word in text_of(made.content.decode()).split() if word.startswith("rpl_"))
    assert Program(token).ask("get").status_code == 200
    shown = owner.get(here).content.decode()
    assert token not in shown
    assert "HR" in shown
    with across_organizations():
        row = ApiToken.objects.get()
        assert token.encode() not in bytes(row.digest)
        assert token not in str(list(AuditEntry.objects.values()))
    assert owner.post(f"{here}{row.public_id}/revocation/").status_code == 303
    assert Program(token).ask("get").status_code == 401

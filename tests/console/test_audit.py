"""What was done in an organization, by whom and when: owners and admins read it, and nobody can change it."""

import pytest
from django.test import Client

from statuspage.organizations import audit
from tests.console.browsing import enter, text_of
from tests.makers import Cast, open_incident

HERE = "/o/acme/audit/"


@pytest.fixture
def owner(acme: Cast) -> Client:
    return enter(acme.owner)


def read(client: Client, query: str = "") -> str:
    answer = client.get(HERE + query)
    assert answer.status_code == 200
    return text_of(answer.content.decode())


def test_what_was_done_stands_there_newest_first(acme: Cast, owner: Client) -> None:
    open_incident(acme, title="Payments are failing")
    owner.post("/o/acme/services/", {"name": "Search"})
    said = read(owner)
    assert f"{acme.owner.name} added service Search" in said
    assert f"{acme.commander.name} opened incident 1 severity: sev1 title: Payments are failing" in said
    assert said.index("added service Search") < said.index("opened incident 1")


def test_a_change_says_what_it_was_before(acme: Cast, owner: Client) -> None:
    before: dict[str, object] = {"name": "Till", "pages": ["a", "b"], "group": None}
    after: dict[str, object] = {"name": "Cash", "pages": [], "group": None}
    audit.record(acme.organization, by=None, verb="changed", target="service Cash", before=before, after=after)
    said = read(owner)
    assert "Ripple changed service Cash name: Till → Cash pages: a, b → nothing" in said
    assert "group" not in said, "what stayed as it was is not told"


def test_words_are_cut_and_never_become_markup(acme: Cast, owner: Client) -> None:
    audit.record(acme.organization, by=None, verb="worded", target="message", after={"body": "<b>" + "long " * 300})
    answer = owner.get(HERE).content.decode()
    assert "&lt;b&gt;long long" in answer
    assert "long " * 60 not in answer


def test_it_is_searched_and_paged(acme: Cast, owner: Client) -> None:
    for number in range(120):
        audit.record(acme.organization, by=acme.owner, verb="added", target=f"service number {number}")
    audit.record(acme.organization, by=acme.commander, verb="archived", target="service Old")
    assert "Page 1 of 2" in read(owner)
    assert "service number 3 " in read(owner, "?page=2")
    found = read(owner, "?sought=old")
    assert "archived service Old" in found
    assert "service number" not in found
    assert "archived service Old" in read(owner, f"?sought={acme.commander.name[:9]}")
    assert "Nothing like that" in read(owner, "?sought=never")


def test_it_is_for_owners_and_admins_and_of_their_own_organization(acme: Cast, neighbour: Cast, owner: Client) -> None:
    audit.record(neighbour.organization, by=neighbour.owner, verb="added", target="service Theirs")
    assert "Theirs" not in read(owner)
    assert enter(acme.viewer).get(HERE).status_code == 403
    assert enter(neighbour.owner).get(HERE).status_code == 404
    assert HERE in owner.get("/o/acme/members/").content.decode()
    assert HERE not in enter(acme.viewer).get("/o/acme/members/").content.decode()

"""The same address at the right depth: every ring reads its own notes, all further out, and nothing else, anywhere."""

import re
from dataclasses import replace

import pytest
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from incidents.models import Note
from statuspage.front import Front
from statuspage.kit import clock
from statuspage.organizations.models import Ring
from statuspage.organizations.plan import PlanRing
from statuspage.pages import ring_links
from statuspage.pages.admission import Admission, By, for_cookie
from statuspage.pages.models import Page, RingLink
from statuspage.pages.store import MANIFEST
from tests.makers import Cast, make_page, note, open_incident, outage
from tests.publishing.conftest import Published
from tests.publishing.serving import ask
from tests.timeline import START
from tests.visiting import COOKIE, INNER, NOTES, READS, Rich, address_of, documents, is_served, send, visitor

pytestmark = pytest.mark.usefixtures("published")


def ring(cast: Cast, key: str) -> PlanRing | None:
    return cast.organization.rings.get(key=key).planned if key else None


def link_for(cast: Cast, key: str, page: Page | None = None) -> RingLink:
    return ring_links.make(
        page or cast.page, ring=cast.organization.rings.get(key=key), label="For the tests", by=cast.owner
    )


def canaries_in(body: bytes) -> set[str]:
    return set(re.findall(r"note-\w+-canary", body.decode(errors="replace")))


def test_each_ring_reads_exactly_its_notes_in_every_document(acme: Cast, rich: Rich) -> None:
    inner = [INNER["title"], INNER["bridge"], *INNER["severities"].split(), acme.commander.name, acme.commander.email]
    for key, may_read in READS.items():
        drawn = documents(rich.page, ring(acme, key))
        assert {name for name, body in drawn.items() if canaries_in(body) - may_read} == set(), key
        assert set().union(*map(canaries_in, drawn.values())) == may_read, key
        for name, body in drawn.items():
            assert [word for word in inner if word.encode() in body] == [], (key, name)


def test_who_may_read_a_note_of_an_incident_the_world_does_not_know_sees_it(acme: Cast, rich: Rich) -> None:
    path = f"incidents/{rich.hidden.public_id}.html"
    for key in READS:
        drawn = documents(rich.page, ring(acme, key))
        is_shown = key in {"on_call", "legal", "hr"}
        assert (path in drawn) is is_shown, key
        told = [
            name
            for name, body in drawn.items()
            if b"A title for later" in body or rich.hidden.public_id.encode() in body
        ]
        assert bool(told) is is_shown, (key, told)


def test_a_public_page_and_an_open_ring_read_the_same_words(acme: Cast, rich: Rich) -> None:
    """Of the documents that programs read, byte by byte; those for people say whose eyes they are for.

    What stands on other people's sites is for everybody, and drawn for nobody in person.
    """
    clock.make_movable(START)
    public, open_ring = documents(rich.page), documents(rich.page, ring(acme, "customers"))
    assert {name for name in public.keys() ^ open_ring.keys() if "embed/" not in name} == set()
    for name in (name for name in open_ring if not name.endswith(".html")):
        assert public[name] == open_ring[name], name


def test_feeds_tell_a_ring_its_notes_and_calendars_everybody_the_same(acme: Cast, rich: Rich) -> None:
    drawn = documents(rich.page, ring(acme, "support"), "/d/token")
    for name in ("history.atom", "history.rss", "de/history.atom", f"incidents/{rich.known.public_id}.atom"):
        assert "note-1-canary" in canaries_in(drawn[name]), name
        assert canaries_in(drawn[name]) <= READS["support"], name
        assert b"http://status.acme.test/d/token/" in drawn[name], "its links lead to the same depth"
    assert b"BEGIN:VEVENT" in drawn["maintenance.ics"]
    assert canaries_in(drawn["maintenance.ics"]) == set()


# Rings may change while an incident is open; what was written under the old order was written for those people.


def read_by(cast: Cast, key: str) -> set[str]:
    return set().union(*map(canaries_in, documents(cast.page, ring(cast, key)).values()))


def test_rings_that_change_places_read_what_they_would_have_read_before(acme: Cast, rich: Rich) -> None:
    """Support moves out and employees in, mid-incident."""
    Ring.objects.update(position=F("position") + 10)
    for position, key in enumerate(["on_call", "employees", "execs", "support", "customers"]):
        Ring.objects.filter(key=key).update(position=position)
    assert {key: read_by(acme, key) for key in READS} == READS
    open_incident(acme, body="Later.", services=outage(acme.cards), notes=(note("note-later-canary", 1),))
    assert read_by(acme, "employees") == READS["employees"] | {"note-later-canary"}
    assert read_by(acme, "support") == READS["support"]


def test_a_ring_that_is_opened_to_everybody_reads_no_notes_from_before_either(acme: Cast, rich: Rich) -> None:
    Ring.objects.filter(key="employees").update(is_open=True)
    assert read_by(acme, "employees") == set()


def test_a_ring_that_was_open_then_reads_nothing_of_then(acme: Cast, rich: Rich) -> None:
    Ring.objects.filter(key="customers").update(is_open=False)
    assert read_by(acme, "customers") == set()


def test_a_ring_that_came_later_reads_nothing_of_before(acme: Cast, rich: Rich) -> None:
    Ring.objects.update(position=F("position") + 10)
    Ring.objects.create(organization=acme.organization, key="board", name="Board", position=0)
    assert read_by(acme, "board") == set()
    invented = PlanRing(key="board", name="Board", position=0, is_open=False)
    assert canaries_in(documents(rich.page, replace(invented, key="on_call"))["index.html"]) <= READS["on_call"]


def test_a_ring_that_is_removed_takes_its_links_with_it(acme: Cast, rich: Rich) -> None:
    root = ring_links.root_of(link_for(acme, "execs"))
    assert visitor().get(f"{root}/").status_code == 200
    Ring.objects.filter(key="execs").delete()
    assert visitor().get(f"{root}/").status_code == 404
    assert read_by(acme, "support") == READS["support"], "what was written for others stays readable to them"


def test_a_side_ring_reads_what_names_it_and_nothing_from_the_line(acme: Cast, rich: Rich) -> None:
    assert Note.objects.filter(body=NOTES[4]).exists(), "the widest note there is"
    assert read_by(acme, "legal") == {NOTES["legal"]}


# The link.


def test_a_link_opens_nothing_until_its_button_is_pressed_and_then_the_same_address_is_deeper(
    acme: Cast, rich: Rich, published: Published
) -> None:
    published.publish(rich.page)
    browser, root = visitor(), ring_links.root_of(link_for(acme, "support"))
    opened = browser.get(root)
    assert (opened.status_code, "as Support reads it" in opened.content.decode()) == (200, True)
    assert not opened.cookies
    assert canaries_in(browser.get("/").content) == set()

    admitted = send(browser, root)
    assert (admitted.status_code, admitted["Location"]) == (303, "/")
    cookie = admitted.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert cookie["max-age"] == 30 * 24 * 3600
    shown = browser.get("/").content
    assert canaries_in(shown) == READS["support"]
    assert b"<strong>You see what Support sees.</strong> Do not pass it on." in shown
    assert "Sie sehen, was" in browser.get("/de").content.decode()

    left = send(browser, "/look/end")
    assert (left.status_code, left["Location"], left.cookies[COOKIE].value) == (303, "/", "")
    assert browser.get("/").content == published.text(rich.page).encode()


def test_the_whole_tree_can_be_read_without_cookies_below_the_links_own_address(acme: Cast, rich: Rich) -> None:
    """Whatever leads anywhere leads to a place below it that is there, and nothing sets a cookie."""
    link = link_for(acme, "support")
    root, browser = ring_links.root_of(link), visitor()
    drawn = documents(rich.page, link.ring.planned, root)
    found = set()
    for name, body in drawn.items():
        answer = browser.get(f"{root}{address_of(name)}")
        assert (answer.status_code == 200) is is_served(name) or name == "404.html", name
        assert not answer.cookies, name
        found |= canaries_in(answer.content)
        if name.endswith(".html"):
            leading = set(re.findall(r'(?:href|src)="(/[^"]*)"', body.decode()))
            assert all(address.startswith(f"{root}/") for address in leading), name
            assert b"<form" not in body, name
    assert found == READS["support"]
    assert browser.get(f"{root}/de/history").content.decode().count('lang="de"')


def test_what_is_shown_to_somebody_is_kept_nowhere(acme: Cast, rich: Rich) -> None:
    root, browser = ring_links.root_of(link_for(acme, "support")), visitor()
    send(browser, root)
    for path in ("/", "/de", "/nothing", "/api/v2/summary.json", f"{root}/", f"{root}/nothing", root):
        for answer in (browser.get(path), browser.head(path)):
            headers = answer.headers
            assert headers["Cache-Control"] == "private, no-store", path
            assert headers["X-Robots-Tag"] == "noindex", path
            assert headers["Vary"] == "Cookie", path
            assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}, path
            assert headers["X-Content-Type-Options"] == "nosniff", path
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; ") and policy.endswith("frame-ancestors 'none'"), path
            assert "ETag" not in headers, path
            assert "Access-Control-Allow-Origin" not in headers, path
    assert browser.get("/").headers["Referrer-Policy"] == "no-referrer"


def test_a_link_is_worth_nothing_when_revoked_or_taken_back_or_elsewhere(
    acme: Cast, neighbour: Cast, rich: Rich
) -> None:
    link = link_for(acme, "support")
    root = ring_links.root_of(link)
    other = make_page(acme.organization, "other.acme.test", services=[acme.cards])

    def opens(host: str = "status.acme.test", root: str = root) -> bool:
        asked = [visitor(host).get(address) for address in (root, f"{root}/", f"{root}/api/v2/summary.json")]
        asked.append(send(visitor(host), root, host=host))
        assert len({answer.status_code == 404 for answer in asked}) == 1
        assert not any(answer.cookies for answer in asked[:3])
        return asked[0].status_code == 200

    assert opens()
    assert not opens("other.acme.test"), "another page of the same organization"
    assert not opens("status.globex.test"), "another organization's page"
    assert not opens(root=f"{root[:-1]}{'A' if root[-1] != 'A' else 'B'}"), "changed by a letter"
    assert not opens(root="/d/x")
    assert not opens(root=ring_links.root_of(link_for(acme, "support", other))), "the other page's link, here"
    Page.objects.filter(pk=rich.page.pk).update(key_number=2)
    assert not opens(), "everything was taken back"
    Page.objects.filter(pk=rich.page.pk).update(key_number=1)
    assert opens()
    ring_links.revoke(link, by=acme.owner)
    assert not opens()


def test_a_cookie_ends_with_what_it_was_given_for(acme: Cast, rich: Rich, published: Published) -> None:
    """With the very next request, and the public page is there again as everybody sees it."""
    published.publish(rich.page)
    link, browser = link_for(acme, "support"), visitor()
    send(browser, ring_links.root_of(link))
    assert canaries_in(browser.get("/").content) == READS["support"]
    ring_links.revoke(link, by=acme.owner)
    ended = browser.get("/")
    assert ended.content == published.text(rich.page).encode()
    assert ended.cookies[COOKIE].value == "", "a cookie that is worth nothing is taken away"


def test_what_is_shown_can_only_be_read(acme: Cast, rich: Rich) -> None:
    browser, root = visitor(), ring_links.root_of(link_for(acme, "support"))
    send(browser, root)
    for path in ("/", f"{root}/", f"{root}/api/v2/summary.json"):
        for verb in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "NONSENSE"):
            answer = browser.generic(verb, path)
            assert (answer.status_code, answer.content) == (405, b""), (verb, path)


def test_a_form_is_taken_from_the_page_itself_only(acme: Cast, rich: Rich) -> None:
    root = ring_links.root_of(link_for(acme, "support"))
    here = "http://status.acme.test"
    for said, is_taken in (
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "cross-site", "origin": here}, False),
        ({"sec-fetch-site": "same-site", "origin": here}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": here}, True),
        ({"origin": "https://status.acme.test"}, False),
        ({"origin": "http://status.acme.test.evil.example"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ):
        answer = visitor().post(root, headers=said)
        assert (answer.status_code, COOKIE in answer.cookies) == ((303, True) if is_taken else (403, False)), said


def test_a_public_page_sets_no_cookie_and_asks_no_database(
    acme: Cast, rich: Rich, published: Published, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    published.publish(rich.page)
    front = Front(published=published.root, is_tls=False)
    with django_assert_num_queries(0):
        for name in published.names(rich.page) - {MANIFEST}:
            if not name.endswith(".gz"):
                answer = ask(front, address_of(name))
                assert "Set-Cookie" not in answer.headers, name
                assert canaries_in(answer.body) == set(), name


def test_the_door_before_django_lets_a_cookie_through_and_nothing_else(
    acme: Cast, rich: Rich, published: Published
) -> None:
    published.publish(rich.page)
    front = Front(published=published.root, is_tls=False)
    page = Admission(By.RING, link_for(acme, "support").public_id)
    cookie = f"{COOKIE}={for_cookie(page, rich.page, now=clock.now())}"
    assert canaries_in(ask(front, cookie=cookie).body) == READS["support"]
    assert canaries_in(ask(front).body) == set()
    for worth_nothing in (f"{COOKIE}=forged", f"__Host-{COOKIE}=forged", f"{COOKIE}="):
        assert ask(front, cookie=worth_nothing).body == ask(front).body
        assert ask(front, "/nothing", cookie=worth_nothing).body == ask(front, "/nothing").body
    style = next(name for name in published.names(rich.page) if name.startswith("assets/") and name.endswith(".css"))
    assert "immutable" in ask(front, f"/{style}", cookie=cookie).headers["Cache-Control"]

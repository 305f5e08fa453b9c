"""Pages that not everybody may see: who is let in and how deep they see, and that nobody else reads a word."""

import re
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from pytest_django.fixtures import Settings

from statuspage.kit import clock
from statuspage.kit.networks import read_network
from statuspage.kit.tenancy import across_organizations
from statuspage.organizations.models import Member, Role
from statuspage.pages import ring_links
from statuspage.pages.admission import COOKIE_LASTS, Admission, By, for_cookie
from statuspage.pages.admitting import mark_of_password
from statuspage.pages.audience import Audience
from statuspage.pages.models import Page
from statuspage.pages.store import the_store
from tests.makers import Cast, make_page, make_person
from tests.timeline import START
from tests.visiting import COOKIE, HOST, READS, Rich, address_of, documents, guard, is_served, visitor

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.usefixtures("fresh")

NEAR, FAR = "192.0.2.9", "198.51.100.9"
PRIVATE = [audience for audience in Audience if audience is not Audience.PUBLIC]
ODD_PATHS = ["/favicon.ico", "/.well-known/security.txt", "/heartbeat.json", "/embed/frame.html", "/badges/page.svg"]
ODD_PATHS += ["/nothing", "//", "/../", "/%00", "/ü", "/index.html.gz", "/.manifest", "/admin/", "/accounts/login/"]
ODD_PATHS += ["/api/v2/subscribers.json", "/assets/logo.png", "/d", "/d/", "/d/x/", "/look", "/look/x", "/u/x", "/\n"]


def holding(admission: Admission, page: Page, *, host: str = HOST) -> Client:
    """A browser with this cookie, whoever gave it."""
    browser = visitor(host)
    browser.cookies[COOKIE] = for_cookie(admission, page, now=clock.now())
    return browser


def by_member(cast: Cast, role: Role = Role.VIEWER) -> Admission:
    with across_organizations():
        return Admission(By.MEMBER, str(Member.objects.get(organization=cast.organization, role=role.value).pk))


def notes_in(answer: "Answer") -> set[str]:
    return set(re.findall(r"note-\w+-canary", answer.content.decode()))


def words_of(page: Page) -> list[bytes]:
    """What nobody may read before they are let in: names, titles, ids, addresses, and every note."""
    services = [word for one in page.services.all() for word in (one.name, one.public_id)]
    told = ["Trouble with payments", "Cards fail", "A title for later", "canary", "support.example", "payments"]
    return [word.encode() for word in [*services, *told]]


# Nothing without authority.


def test_nobody_reads_a_byte_of_a_private_page_without_being_let_in(acme: Cast, rich: Rich, committed: None) -> None:
    names = documents(rich.page).keys()
    assert {"index.html", "api/v2/summary.json", "404.html", f"de/incidents/{rich.known.public_id}.html"} <= names
    secret, browser = words_of(rich.page), visitor()
    asking = [("GET", ""), ("HEAD", ""), ("OPTIONS", ""), ("GET", "*")]
    for audience in PRIVATE:
        guard(rich.page, audience)
        for path in [*map(address_of, names), *ODD_PATHS]:
            for verb, tag in asking if audience is Audience.MEMBERS else asking[:1]:
                answer = browser.generic(verb, path, headers={"if-none-match": tag} if tag else {}, REMOTE_ADDR=FAR)
                where = f"{audience} {verb} {path}: {answer.status_code}"
                assert answer.status_code in {403, 404, 405}, where
                assert [word for word in secret if word in answer.content] == [], where
                assert not answer.cookies, where
                assert "ETag" not in answer.headers, where
                assert "Last-Modified" not in answer.headers, where


def test_people_are_told_by_which_door_and_programs_for_which_reason(acme: Cast) -> None:
    for audience, words in (
        (Audience.MEMBERS, "Log in at the console"),
        (Audience.PASSWORD, "Password of this page"),
        (Audience.EMAIL, "Send me a link"),
        (Audience.NETWORK, f"you come from another one: {FAR}"),
    ):
        guard(acme.page, audience)
        for path in ("/", "/de/history", "/incidents/nothing", "/nothing"):
            answer = visitor().get(path, REMOTE_ADDR=FAR)
            assert (answer.status_code, words in answer.content.decode()) == (403, True), (audience, path)
            assert acme.page.name in answer.content.decode()
            assert answer["Cache-Control"] == "private, no-store"
        for path in ("/api/v2/summary.json", "/history.atom", "/maintenance.ics", "/assets/page.css"):
            answer = visitor().get(path, REMOTE_ADDR=FAR)
            assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
            assert answer.json()["reason"] == audience.value
            assert acme.page.name not in answer.content.decode()


def test_the_gate_speaks_the_visitors_language_if_the_page_does(acme: Cast) -> None:
    guard(acme.page, Audience.MEMBERS)
    german = {"accept-language": "fr, de-AT;q=0.8, en;q=0.5"}
    assert "This page is not for everybody" in visitor().get("/", headers=german).content.decode()
    Page.objects.update(languages=["en", "de"])
    answer = visitor().get("/", headers=german).content.decode()
    assert ("Diese Seite ist nicht für alle" in answer, '<html lang="de">' in answer) == (True, True)


def test_at_a_german_address_the_gate_speaks_german_whatever_the_browser_asks_for(acme: Cast) -> None:
    Page.objects.update(languages=["en", "de"])
    guard(acme.page, Audience.PASSWORD)
    english = {"accept-language": "en", "host": HOST, "origin": f"http://{HOST}"}
    assert '<html lang="de">' in visitor().get("/de/history", headers=english).content.decode()
    form = {"password": "wrong", "to": "/de/history"}
    assert '<html lang="de">' in visitor().post("/look/password", form, headers=english).content.decode()
    assert '<html lang="en">' in visitor().get("/deutsch", headers=english).content.decode()


# Who holds what: for each audience, who is let in, and how deep.


def test_each_admission_opens_exactly_what_it_was_given_for(
    acme: Cast, rich: Rich, neighbour: Cast, committed: None
) -> None:
    page = rich.page
    link = ring_links.make(page, ring=acme.organization.rings.get(key="support"), label="x", by=acme.owner)
    guard(page, Audience.PASSWORD)
    old = Admission(By.PASSWORD, mark_of_password(page))
    Page.objects.filter(pk=page.pk).update(password=make_password("something else"))
    opened = {Audience.PASSWORD: "the password", Audience.EMAIL: "a domain"}
    for audience in PRIVATE:
        guard(page, audience)
        held = {
            "a viewer": (by_member(acme), "employees"),
            "a commander": (by_member(acme, Role.COMMANDER), "on_call"),
            "a ring link": (Admission(By.RING, link.public_id), "support"),
            "the password": (Admission(By.PASSWORD, mark_of_password(page)), ""),
            "a domain": (Admission(By.EMAIL, "acme.example"), ""),
            "an old password": (old, None),
            "a subdomain": (Admission(By.EMAIL, "mail.acme.example"), None),
            "no member": (Admission(By.MEMBER, "0"), None),
            "the neighbour's owner": (by_member(neighbour, Role.OWNER), None),
            "no ring link": (Admission(By.RING, "x" * 12), None),
        }
        for who, (admission, depth) in held.items():
            is_let_in = depth is not None and (depth or opened.get(audience) == who)
            answer = holding(admission, page).get("/", REMOTE_ADDR=FAR)
            assert answer.status_code == (200 if is_let_in else 403), (audience, who)
            assert notes_in(answer) <= (READS[depth or ""] if is_let_in else set()), (audience, who)
            assert bool(notes_in(answer)) is bool(is_let_in and depth), (audience, who)
            assert (COOKIE in answer.cookies) is not bool(is_let_in), "a cookie that is worth nothing is taken away"


def test_a_cookie_is_worth_nothing_on_another_page(acme: Cast, neighbour: Cast, committed: None) -> None:
    """Nor on another organization's. Both have the same password, the same domain and the same member."""
    other = make_page(acme.organization, "other.acme.test", services=[acme.cards])
    link = ring_links.make(acme.page, ring=acme.organization.rings.get(key="support"), label="x", by=acme.owner)
    for audience in PRIVATE:
        for page, host in ((other, "other.acme.test"), (neighbour.page, "status.globex.test")):
            with across_organizations():
                guard(page, audience)
            for by, whose in (
                (By.MEMBER, by_member(acme).whose),
                (By.RING, link.public_id),
                (By.PASSWORD, mark_of_password(page)),
                (By.EMAIL, "acme.example"),
            ):
                cookie = for_cookie(Admission(by, whose), acme.page, now=clock.now())
                answer = visitor(host).get("/", headers={"cookie": f"{COOKIE}={cookie}"}, REMOTE_ADDR=FAR)
                assert answer.status_code == 403, (audience, host, by)


def test_whoever_is_let_in_reads_what_a_public_page_would_say(acme: Cast, rich: Rich, committed: None) -> None:
    guard(rich.page, Audience.PASSWORD)
    clock.make_movable(START)
    browser = holding(Admission(By.PASSWORD, mark_of_password(rich.page)), rich.page)
    drawn = documents(rich.page)
    for name in (name for name in drawn if is_served(name) and name != "404.html"):
        answer = browser.get(address_of(name))
        assert (answer.status_code, answer.content) == (200, drawn[name]), name
    assert browser.get("/heartbeat.json").status_code == 404
    the_store().confirm(b"{}")
    assert (browser.get("/heartbeat.json").content, visitor().get("/heartbeat.json").status_code) == (b"{}", 403)
    missing = browser.get("/nothing")
    assert (missing.status_code, missing.content) == (404, drawn["404.html"])


def test_somebody_in_a_ring_reads_as_their_ring_whatever_their_role(acme: Cast, rich: Rich, committed: None) -> None:
    page = guard(rich.page, Audience.MEMBERS)
    person = make_person(acme.organization, acme.commander.email, ring="execs")
    browser = holding(by_member(acme, Role.COMMANDER), page)
    assert notes_in(browser.get("/")) <= READS["execs"]
    assert notes_in(browser.get("/"))
    person.addresses.update(confirmed_at=None)
    assert "note-0-canary" in notes_in(browser.get("/")), "an address nobody confirmed may be anybody's"
    person.addresses.update(confirmed_at=clock.now())
    acme.organization.rings.filter(key="execs").delete()
    assert "note-0-canary" in notes_in(browser.get("/")), "without a ring, as their role"


def test_taking_something_back_works_with_the_next_request(acme: Cast, committed: None) -> None:
    page = guard(acme.page, Audience.MEMBERS)
    link = ring_links.make(page, ring=acme.organization.rings.get(key="support"), label="x", by=acme.owner)
    member, bearer = holding(by_member(acme), page), holding(Admission(By.RING, link.public_id), page)
    assert (member.get("/").status_code, bearer.get("/").status_code) == (200, 200)
    Member.objects.filter(user=acme.viewer).delete()
    ring_links.revoke(link, by=acme.owner)
    assert (member.get("/").status_code, bearer.get("/").status_code) == (403, 403)
    owner = holding(by_member(acme, Role.OWNER), page)
    assert owner.get("/").status_code == 200
    acme.owner.is_active = False
    acme.owner.save()
    assert owner.get("/").status_code == 403
    commander = holding(by_member(acme, Role.COMMANDER), page)
    assert commander.get("/").status_code == 200
    Page.objects.update(key_number=2)
    assert commander.get("/").status_code == 403


@pytest.mark.parametrize("by", list(COOKIE_LASTS))
def test_a_cookie_is_good_for_its_time_and_for_nothing_that_was_changed(acme: Cast, committed: None, by: By) -> None:
    clock.make_movable(START)
    page = guard(acme.page, {By.EMAIL: Audience.EMAIL, By.PASSWORD: Audience.PASSWORD}.get(by, Audience.MEMBERS))
    link = ring_links.make(page, ring=acme.organization.rings.get(key="support"), label="x", by=acme.owner)
    whose = {
        By.MEMBER: by_member(acme).whose,
        By.RING: link.public_id,
        By.PASSWORD: mark_of_password(page),
        By.EMAIL: "acme.example",
    }[by]
    browser = holding(Admission(by, whose), page)
    given = browser.cookies[COOKIE].value
    clock.move_to(START + COOKIE_LASTS[by] * 0.99)
    assert browser.get("/").status_code == 200
    clock.move_to(START + COOKIE_LASTS[by])
    browser.cookies[COOKIE] = given
    assert browser.get("/").status_code == 403
    fresh = for_cookie(Admission(by, whose), page, now=clock.now())
    head, _colon, mac = fresh.rpartition(":")
    for forged in (f"{head[:-2]}AA:{mac}", f"{head}:{mac[:-1]}", f"{head}:", mac, ":", "x", f"{fresh}x", fresh * 50):
        assert visitor().get("/", headers={"cookie": f"{COOKIE}={forged}"}).status_code == 403, forged
    assert visitor().get("/", headers={"cookie": f"{COOKIE}={fresh}"}).status_code == 200


def test_under_tls_only_a_cookie_that_this_host_has_set_counts(acme: Cast, settings: Settings, committed: None) -> None:
    settings.PAGE_SCHEME = "https"
    page = guard(acme.page, Audience.MEMBERS)
    cookie = for_cookie(by_member(acme), page, now=clock.now())
    assert visitor().get("/", headers={"cookie": f"__Host-{COOKIE}={cookie}"}).status_code == 200
    assert visitor().get("/", headers={"cookie": f"{COOKIE}={cookie}"}).status_code == 403


def test_nothing_is_said_of_a_tenants_other_hosts(acme: Cast, settings: Settings) -> None:
    """The console's own domain is told to use TLS everywhere; of a tenant's domain only this host is ours."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD = 1, True, True
    guard(acme.page, Audience.MEMBERS)
    for path in ("/", "/u/x", "/nothing"):
        assert visitor().get(path, secure=True)["Strict-Transport-Security"] == "max-age=31536000", path


# Networks.


def test_a_network_lets_in_who_comes_from_it_and_leaves_nothing_behind(
    acme: Cast, committed: None, settings: Settings
) -> None:
    guard(acme.page, Audience.NETWORK)
    for address, is_near in ((NEAR, True), (f"::ffff:{NEAR}", True), ("2001:db8::7", True), (FAR, False), ("", False)):
        answer = visitor().get("/", REMOTE_ADDR=address)
        assert (answer.status_code, dict(answer.cookies)) == (200 if is_near else 403, {}), address
    forged = {"x-forwarded-for": NEAR}
    assert visitor().get("/", REMOTE_ADDR=FAR, headers=forged).status_code == 403, "anybody can say that"
    settings.TRUSTED_PROXIES = (read_network("198.51.100.0/24"),)
    assert visitor().get("/", REMOTE_ADDR=FAR, headers=forged).status_code == 200

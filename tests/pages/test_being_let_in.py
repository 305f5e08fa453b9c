"""The doors of a page that not everybody may see: a password, a mailed link, the console. None opens by looking."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage

from statuspage.kit import clock
from statuspage.organizations.models import Member
from statuspage.pages import admitting, ring_links
from statuspage.pages.admission import Admission, By, Link, for_cookie, for_link
from statuspage.pages.admitting import TRIES_OF_A_BLOCK
from statuspage.pages.audience import Audience
from statuspage.pages.models import Page, UsedLink
from tests.console.browsing import enter, forms_in
from tests.makers import Cast, make_page
from tests.timeline import START
from tests.visiting import COOKIE, HOST, PASSWORD, Rich, ask_for_link, guard, link_in, send, visitor

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.usefixtures("fresh")

PostOffice = Callable[[], list[EmailMessage]]
NEAR, FAR = "192.0.2.9", "198.51.100.9"


# A password.


def try_password(given: str, *, client: str = FAR, to: str = "/", host: str = HOST) -> "Answer":
    headers = {"host": host, "origin": f"http://{host}"}
    return visitor(host).post("/look/password", {"password": given, "to": to}, headers=headers, REMOTE_ADDR=client)


def test_the_password_opens_the_page_at_the_address_that_was_wanted(acme: Cast, rich: Rich, committed: None) -> None:
    guard(rich.page, Audience.PASSWORD)
    browser, wanted = visitor(), f"/incidents/{rich.known.public_id}"
    form = forms_in(browser.get(wanted).content.decode())["/look/password"]
    assert form["to"] == wanted
    answer = send(browser, "/look/password", form | {"password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (303, wanted)
    assert answer.cookies[COOKIE]["max-age"] == timedelta(days=7).total_seconds()
    shown = browser.get(wanted).content
    assert b"Trouble with payments" in shown
    assert b"You see what" not in shown, "nothing deeper than a public page"
    Page.objects.update(password=make_password("another one"))
    assert browser.get(wanted).status_code == 403, "who knew the old password"


NOWHERE = ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\r\nSet-Cookie: x=1", ""]
NOWHERE += ["javascript:alert(1)", "/api/v2/summary.json", "/%2f/evil.example", "/look/..//evil.example", "/?to=x", "x"]


def test_being_let_in_leads_nowhere_but_to_the_page(acme: Cast, post_office: PostOffice) -> None:
    page = guard(acme.page, Audience.PASSWORD)
    console = enter(acme.viewer)
    for to in NOWHERE:
        assert try_password(PASSWORD, to=to)["Location"] == "/", to
        leading = console.post(f"/o/acme/pages/{page.public_id}/visit/", {"to": to})["Location"]
        assert leading.startswith(f"{page.url}/look/"), to
        assert send(visitor(), leading.removeprefix(page.url))["Location"] == "/", to
    guard(acme.page, Audience.EMAIL)
    for n, to in enumerate(NOWHERE):
        ask_for_link(f"n{n}@acme.example", to=to, client=f"203.0.{n}.1")
    for letter in post_office():
        assert send(visitor(), link_in(letter))["Location"] == "/"


def test_a_wrong_password_opens_nothing_and_ten_of_them_close_the_gate_for_a_while(acme: Cast) -> None:
    guard(acme.page, Audience.PASSWORD)
    guard(make_page(acme.organization, "other.acme.test", services=[]), Audience.PASSWORD)
    answers = [try_password(f"wrong {n}") for n in range(TRIES_OF_A_BLOCK.most)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(403, answers[0].content)}
    assert not any(answer.cookies for answer in answers)
    assert try_password(PASSWORD).status_code == 429, "not even the right one, now"
    assert try_password(PASSWORD, client="198.51.100.77").status_code == 429, "nor from next door"
    assert try_password(PASSWORD, client=NEAR).status_code == 303, "others are not kept out"
    assert try_password(PASSWORD, host="other.acme.test").status_code == 303, "nor from another page"


def test_right_passwords_are_not_counted(acme: Cast) -> None:
    guard(acme.page, Audience.PASSWORD)
    assert {try_password(PASSWORD).status_code for _ in range(TRIES_OF_A_BLOCK.most * 2)} == {303}


def test_a_hundred_guesses_at_once_are_ten(acme: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    page, looked_at = guard(acme.page, Audience.PASSWORD), []

    def guess(n: int) -> None:
        try:
            admitting.by_password(page, f"wrong {n}", block="198.51.100.0/24")
        except admitting.TooManyTriesError:
            return
        looked_at.append(n)

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(guess, range(100)))
    assert len(looked_at) == TRIES_OF_A_BLOCK.most


# The console.


def test_a_member_comes_in_through_the_console(acme: Cast, rich: Rich, committed: None) -> None:
    guard(rich.page, Audience.MEMBERS)
    wanted, browser = f"/incidents/{rich.known.public_id}", visitor()
    gate = browser.get(wanted).content.decode()
    door = f"/o/acme/pages/{rich.page.public_id}/visit/?to={wanted}"
    assert f'href="{django_settings.CONSOLE_URL}{door}"' in gate
    console = enter(acme.commander)
    asked = console.get(door)
    assert f"form-action 'self' {rich.page.url};" in asked["Content-Security-Policy"] + ";"
    (form,) = (form for action, form in forms_in(asked.content.decode()).items() if "visit" in action)
    sent_on = console.post(f"/o/acme/pages/{rich.page.public_id}/visit/", form)
    assert sent_on.status_code == 303
    link = sent_on["Location"].removeprefix(f"http://{HOST}")
    opened = browser.get(link)
    assert (opened.status_code, opened.cookies) == (200, {})
    admitted = send(browser, link)
    assert (admitted["Location"], admitted.cookies[COOKIE]["max-age"]) == (wanted, 12 * 3600)
    shown = browser.get(wanted).content.decode()
    assert "note-0-canary" in shown
    assert "You see what On-call sees." in shown
    assert send(visitor(), link).status_code == 404, "it lets in once"


def test_a_link_is_good_for_its_time_its_page_and_its_purpose(acme: Cast, neighbour: Cast) -> None:
    clock.make_movable(START)
    page, other = guard(acme.page, Audience.EMAIL), make_page(acme.organization, "other.acme.test", services=[])
    guard(other, Audience.EMAIL)
    member = Admission(By.MEMBER, str(Member.objects.get(user=acme.viewer).pk))
    domain = Admission(By.EMAIL, "acme.example")

    def opens(token: str, host: str = HOST) -> bool:
        looked = visitor(host).get(f"/look/{token}")
        assert looked.status_code in {200, 404}
        assert not looked.cookies
        return looked.status_code == 200

    for admission in (member, domain):
        token = for_link(Link(admission, "/"), page, now=START)
        assert opens(token)
        assert not opens(token, "other.acme.test")
        assert not opens(token, "status.globex.test")
        assert not opens(f"{token}x")
        assert not opens(token[:-1])
        assert not opens(for_cookie(admission, page, now=START)), "a cookie is no link"
    link = ring_links.make(page, ring=acme.organization.rings.get(key="support"), label="x", by=acme.owner)
    assert not opens(for_link(Link(Admission(By.RING, link.public_id), "/"), page, now=clock.now()))
    assert not opens(ring_links.token_for(link)), "a ring's link opens at its own address"
    fresh = for_link(Link(member, "/"), page, now=clock.now())
    Member.objects.filter(user=acme.viewer).delete()
    assert not opens(fresh), "who is no member any more"
    fresh = for_link(Link(domain, "/"), page, now=clock.now())
    Page.objects.filter(pk=page.pk).update(key_number=2)
    assert not opens(fresh), "everything was taken back"


def test_links_grow_too_old(acme: Cast) -> None:
    clock.make_movable(START)
    page = guard(acme.page, Audience.EMAIL)
    member = Admission(By.MEMBER, str(Member.objects.get(user=acme.viewer).pk))
    tokens = {
        by: for_link(Link(who, "/"), page, now=START)
        for by, who in ((By.MEMBER, member), (By.EMAIL, Admission(By.EMAIL, "acme.example")))
    }
    for seconds, working in ((59, {By.MEMBER, By.EMAIL}), (60, {By.EMAIL}), (899, {By.EMAIL}), (900, set())):
        clock.move_to(START + timedelta(seconds=seconds))
        assert {by for by, token in tokens.items() if visitor().get(f"/look/{token}").status_code == 200} == working


def test_reading_never_writes_and_forms_are_taken_from_the_page_itself_only(acme: Cast) -> None:
    page = guard(acme.page, Audience.EMAIL)
    token = for_link(Link(Admission(By.EMAIL, "acme.example"), "/"), page, now=clock.now())
    elsewhere = {"origin": "https://evil.example"}
    for path in (f"/look/{token}", "/look/password", "/look/email", "/look/end"):
        for verb in ("GET", "HEAD", "OPTIONS"):
            answer = visitor().generic(verb, path)
            assert not answer.cookies, (verb, path)
        if path != "/look/end":
            refused = visitor().post(path, {"password": PASSWORD, "email": "jo@acme.example"}, headers=elsewhere)
            assert (refused.status_code, refused.cookies) == (403, {}), path
            assert b"was not sent from this page" in refused.content
    assert UsedLink.objects.count() == 0

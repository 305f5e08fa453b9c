"""No line that any process writes holds somebody's address or anything that opens something; and lines that belong
together carry the same id, from the commander's click to the worker that hands a message over."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests

from statuspage.kit import clock
from statuspage.organizations.models import User
from statuspage.pages import ring_links
from statuspage.pages.audience import Audience
from subscribers.models import Address
from subscribers.unsubscribing import token_for
from tests.console.browsing import forms_in
from tests.makers import PASSWORD, Cast, make_page, make_person, make_subscribers, open_incident, outage, subscribe
from tests.processes import Processes
from tests.visiting import guard
from tooling.servers import answers

pytestmark = pytest.mark.slow

OURS, PRIVATE = "status.acme.test", "private.acme.test"
VISITOR = "vera@acme.example"
CLICK = "the-click.1"


class Browser:
    """Keeps cookies, and speaks to any host of the one web server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, host: str, path: str) -> requests.Response:
        return self._ask("GET", host, path, {})

    def post(self, host: str, path: str, form: dict[str, str], **headers: str) -> requests.Response:
        return self._ask("POST", host, path, headers, form)

    def _ask(
        self, verb: str, host: str, path: str, headers: dict[str, str], form: dict[str, str] | None = None
    ) -> requests.Response:
        named = {"Host": f"{host}:{self._port}", "Origin": f"http://{host}:{self._port}", **headers}
        address = f"http://localhost:{self._port}{path}"
        return self._session.request(verb, address, headers=named, data=form, allow_redirects=False, timeout=20)

    def log_in(self, email: str, password: str) -> int:
        page = self.get("localhost", "/accounts/login/").text
        (form,) = [form for form in forms_in(page).values() if "login" in form]
        sent = {**form, "login": email, "password": password}
        return self.post("localhost", "/accounts/login/", sent).status_code


def tokens_in(*texts: str) -> set[str]:
    return {token for text in texts for token in re.findall(r"/(?:u|d|look)/([\w:.=-]{20,})", text)}


def wait(processes: Processes, is_done: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not is_done():
        assert time.monotonic() < end, processes.logs()
        time.sleep(0.1)


def the_commander_posts(browser: Browser, acme: Cast, room: str) -> None:
    assert browser.log_in(acme.commander.email, "not my password") == 200
    assert browser.log_in(acme.commander.email, PASSWORD) == 302
    form = forms_in(browser.get("localhost", room).text)[f"{room}updates/"]
    told = browser.post("localhost", f"{room}updates/", {**form, "body": "We know more."}, **{"X-Request-Id": CLICK})
    assert (told.status_code, told.headers["X-Request-Id"]) == (303, CLICK)
    browser.get("localhost", "/o/acme/people/?q=otto@acme.test")
    browser.get("localhost", "/nobody/otto@acme.test/")


def a_visitor_is_let_in_by_mail(browser: Browser, processes: Processes) -> str:
    """Gives the token of the mailed link."""
    assert browser.post(PRIVATE, "/look/email", {"email": VISITOR}).status_code == 200
    wait(processes, lambda: any(mail.to == VISITOR for mail in processes.caught()))
    (magic,) = tokens_in(*(mail.text for mail in processes.caught() if mail.to == VISITOR))
    for token in (magic, f"{magic}x"):
        browser.get(PRIVATE, f"/look/{token}")
        browser.post(PRIVATE, f"/look/{token}", {})
    return magic


def a_subscriber_leaves(browser: Browser, acme: Cast) -> str:
    """Gives the token they left with."""
    leaving = Address.objects.get(value="n3@many.example")
    leave = token_for(address_id=leaving.pk, organization_id=acme.organization.pk)
    for token in (leave, f"A{leave[1:]}"):
        browser.get(OURS, f"/u/{token}")
        browser.post(OURS, f"/u/{token}", {"List-Unsubscribe": "One-Click"})
    leaving.refresh_from_db()
    assert leaving.stopped_at
    return leave


def a_ring_reads(browser: Browser, acme: Cast) -> str:
    """Gives the token of the ring's link."""
    ring = acme.organization.rings.get(key="support")
    depth = ring_links.token_for(ring_links.make(acme.page, ring=ring, label="x", by=acme.owner))
    assert browser.get(OURS, f"/d/{depth}/").status_code == 200
    browser.get(OURS, f"/d/{depth}/nothing/here")
    return depth


def test_a_day_of_work_leaves_no_address_and_no_token_in_any_log(acme: Cast, processes: Processes) -> None:
    make_person(acme.organization, "otto@acme.test", "+4915100000001", ring="on_call")
    subscribe(make_person(acme.organization, "5xx-rcpt@x.example"), acme.page)
    make_subscribers(acme.page, 30)
    guard(make_page(acme.organization, PRIVATE, services=[acme.checkout]), Audience.EMAIL)
    processes.start("serve", "dispatch", "inner", "bulk")
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    wait(processes, lambda: answers(processes.port))
    processes.settle()
    browser, room = Browser(processes.port), f"/o/acme/incidents/{incident.number}/"
    the_commander_posts(browser, acme, room)
    opens = {a_visitor_is_let_in_by_mail(browser, processes), PASSWORD, "not my password"}
    opens |= {a_subscriber_leaves(browser, acme), a_ring_reads(browser, acme)}
    clock.make_movable(clock.now() + timedelta(minutes=11))  # everybody else hears
    clock.wake()
    processes.settle()
    processes.stop()

    logs = {path.stem: path.read_text() for path in processes.folder.glob("*.log")}
    assert set(logs) == {"serve", "dispatch", "inner", "bulk"}
    addresses = {*Address.objects.values_list("value", flat=True), *User.objects.values_list("email", flat=True)}
    mailed = tokens_in(*(mail.text for mail in processes.caught()))
    assert len(mailed) >= 29, "every mail to the world has one"
    secrets = {VISITOR, *addresses, *opens, *mailed}
    assert {(name, secret) for name, said in logs.items() for secret in secrets if secret in said} == set()

    assert f"msg=answered request={CLICK} method=POST path={room}updates/ status=303" in logs["serve"]
    assert f"msg=released woken_by={CLICK}" in logs["dispatch"]
    assert f"woken_by={CLICK} broadcast=" in logs["inner"], "down to the worker that hands it over"
    assert 'msg="handed over"' in logs["bulk"]

"""The inbox page shows what really arrived, to whom and when, and follows along."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from incidents.models import Incident
from statuspage.demo import mailbag
from statuspage.demo.inbox import briefly
from statuspage.demo.mailbag import Mailbag
from statuspage.demo.sink_http import words_of
from statuspage.demo.sink_ledger import Caught, Ledger
from statuspage.organizations.models import Organization
from tests.demo.conftest import InboxEngine
from tests.timeline import Timeline

pytestmark = pytest.mark.urls("tests.demo.console_urls")
AT = "2026-03-02T10:00:00+00:00"


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost"})


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def column(html: str, ring: str) -> str:
    return html.partition(f'id="heard-{ring}"')[2].partition("</ol>")[0]


def caught(broadcast: int, to: str, *, channel: str = "email") -> Caught:
    return Caught(at=AT, channel=channel, to=to, key=f"{broadcast}.{to}", message_id="", text="Words")


@pytest.mark.usefixtures("example", "engine")
def test_an_empty_inbox_says_what_to_do(browser: Client) -> None:
    html = read(browser, "/inbox/")
    assert "Open an incident in the console" in html
    assert html.count("Nothing heard yet.") == 5
    assert "104 people" in html


@pytest.mark.usefixtures("sev1", "engine")
def test_each_column_shows_what_its_ring_received(timeline: Timeline, browser: Client) -> None:
    timeline.to("10:00:30")
    html = read(browser, "/inbox/")
    on_call, customers = column(html, "on_call"), column(html, "customers")
    assert "E-mail to 8 people" in on_call
    assert "SMS to 8 people" in on_call
    assert "Roll back 4711." in on_call
    assert "amina.abbott@acme.example" in on_call
    assert "Trouble with &lt;payments&gt;" in customers
    assert re.search(r"E-mail to \d\d people", customers)
    assert re.search(r"and \d\d more", customers)
    assert "First word" in customers
    assert "4711" not in customers
    assert "<payments>" not in html


@pytest.mark.usefixtures("sev1", "engine")
def test_the_neighbours_inbox_holds_nothing_of_ours(timeline: Timeline, browser: Client) -> None:
    timeline.to("10:00:30")
    html = read(browser, "/inbox/globex/")
    assert "Trouble with" not in html
    assert "acme.example" not in html
    broadcast = re.search(r"/inbox/acme/(\d+)/", read(browser, "/inbox/"))
    assert broadcast
    assert browser.get(f"/inbox/acme/{broadcast[1]}/").status_code == 200
    assert browser.get(f"/inbox/globex/{broadcast[1]}/").status_code == 404


@pytest.mark.usefixtures("sev1", "engine")
def test_a_page_that_looks_again_gets_only_the_new_pieces(timeline: Timeline, browser: Client) -> None:
    timeline.to("10:00:01")
    html = read(browser, "/inbox/")
    (look_again,) = re.findall(r'hx-get="([^"]+)"', html)
    assert browser.get(look_again).status_code == 204
    timeline.to("10:00:10")
    news = read(browser, look_again)
    assert 'hx-swap-oob="afterbegin:#heard-support"' in news
    assert 'hx-swap-oob="afterbegin:#heard-execs"' in news
    assert "heard-on_call" not in news
    (again,) = re.findall(r'hx-get="([^"]+)"', news)
    assert again != look_again
    assert browser.get(again).status_code == 204


def test_a_fan_out_seen_half_way_grows_in_place(
    engine: InboxEngine, sev1: Incident, timeline: Timeline, browser: Client
) -> None:
    timeline.to("10:00:01")
    lines = engine.ledger.read_bytes().splitlines(keepends=True)
    mails = [line for line in lines if b'"email"' in line]
    texts = [line for line in lines if b'"sms"' in line]
    engine.ledger.write_bytes(b"".join(mails[:5]))
    html = read(browser, "/inbox/")
    assert "E-mail to 5 people" in html
    with engine.ledger.open("ab") as ledger:
        ledger.write(b"".join(mails[5:] + texts))
    (look_again,) = re.findall(r'hx-get="([^"]+)"', html)
    news = read(browser, look_again)
    assert re.search(r'id="to-\d+-email"\s+hx-swap-oob="true"\s*>E-mail to 8 people', news)
    assert re.search(r'hx-swap-oob="beforeend:#copies-\d+"', news)
    assert "SMS to 8 people" in news
    assert "afterbegin" not in news


@pytest.mark.usefixtures("example", "engine")
def test_a_page_older_than_the_ledger_begins_anew(browser: Client) -> None:
    assert browser.get("/inbox/acme/news/?after=999999")["HX-Refresh"] == "true"


@pytest.mark.parametrize("after", ["", "-1", "x", "²"])
@pytest.mark.usefixtures("example", "engine")
def test_a_wrong_place_is_not_found(browser: Client, after: str) -> None:
    assert browser.get("/inbox/acme/news/", {"after": after}).status_code == 404


@pytest.mark.usefixtures("sev1", "engine")
def test_a_mail_is_shown_as_it_looks_and_may_do_nothing(timeline: Timeline, browser: Client) -> None:
    timeline.to("10:00:01")
    path = re.search(r"/inbox/acme/\d+/", read(browser, "/inbox/"))
    assert path
    answer = browser.get(path[0])
    assert "<h1" in answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_an_unknown_organization_has_no_inbox(browser: Client, example: Organization) -> None:
    assert browser.get("/inbox/nobody/").status_code == 404


def test_one_address_told_twice_is_one_person(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "inbox.jsonl")
    for to in ("ann@example.com", "ann@example.com", "bo@example.com"):
        ledger.append(caught(7, to))
    _place, (message,) = Mailbag(ledger.path).read_on()
    assert message.addresses == ["ann@example.com", "bo@example.com"]


def test_torn_lines_and_mail_that_is_no_broadcast_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "inbox.jsonl"
    path.write_text('\n{"at": "2026\n' + json.dumps({"at": AT}) + '\n{"half": ')
    ledger = Ledger(path)
    ledger.append(Caught(at=AT, channel="email", to="ann@example.com", key="password-reset", message_id="", text=""))
    ledger.append(caught(7, "bo@example.com"))
    _place, messages = Mailbag(path).read_on()
    assert [message.addresses for message in messages] == [["bo@example.com"]]


def test_two_processes_that_read_at_different_times_agree_on_places(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "inbox.jsonl")
    early, late = Mailbag(ledger.path), Mailbag(ledger.path)
    for broadcast in (1, 2, 1, 3):
        ledger.append(caught(broadcast, f"{broadcast}@example.com"))
        early.read_on()
    place, messages = early.read_on()
    assert (place, messages) == late.read_on()


def test_of_a_ledger_that_has_grown_long_only_the_end_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path / "inbox.jsonl")
    for broadcast in range(1, 500):
        ledger.append(caught(broadcast, "ann@example.com"))
    monkeypatch.setattr(mailbag, "MOST_READ", 5_000)
    _place, messages = Mailbag(ledger.path).read_on()
    assert messages[-1].broadcast_id == 499
    assert 10 < len(messages) < 50


def test_of_a_chat_message_the_inbox_shows_what_a_person_reads_there() -> None:
    text = {"type": "plain_text", "text": "[Acme] It burns"}
    body = {"text": "[Acme] It burns", "blocks": [{"type": "header", "text": text}, {"type": "section", "text": "Why"}]}
    heard = replace(caught(1, "https://hooks.slack.com/x", channel="slack"), text=json.dumps(body))
    assert words_of(heard) == "[Acme] It burns\nWhy"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-0.2, "0.0 s"),
        (0.34, "0.3 s"),
        (59.94, "59.9 s"),
        (60, "1 min 0 s"),
        (125.2, "2 min 5 s"),
        (11_520, "3 h 12 min"),
    ],
)
def test_lengths_are_said_briefly(seconds: float, words: str) -> None:
    assert briefly(timedelta(seconds=seconds)) == words

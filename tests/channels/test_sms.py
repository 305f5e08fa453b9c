"""What is particular to SMS: which answer of the provider means what, and how long it asks us to wait."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.channels.base import Outcome, Recipient, Verdict, Words
from notifications.channels.retrying import retry_after
from notifications.channels.sms import Provider, SmsTransport
from statuspage.demo.sinks import SmsSink
from statuspage.kit.outbound import Answer
from tests.channels.contract import PATIENCE, SLOWNESS, token

LOGIN = ("AC123", "a secret")
OK_NUMBER = "+4915112345678"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmsSink]:
    with SmsSink(ledger=tmp_path / "ledger.jsonl", slowness=SLOWNESS, login=LOGIN) as running:
        yield running


def sent(url: str, *numbers: str, password: str = LOGIN[1], sender: str = "") -> list[Outcome]:
    provider = Provider(
        url=url,
        account=LOGIN[0],
        password=password,
        sender="+4930111",
        connect_timeout=PATIENCE,
        read_timeout=PATIENCE,
    )
    transport = SmsTransport(provider)
    recipients = [Recipient(key=f"5.{n}", address=number, token=token(n)) for n, number in enumerate(numbers)]
    outcomes = list(transport.send(Words(text="Logins fail.", sender=sender), recipients, until=time.monotonic() + 60))
    transport.close()
    return outcomes


@pytest.mark.parametrize(
    ("end", "verdict", "reason", "retry_after"),
    [
        ("0429", Verdict.TRY_AGAIN, "the provider asks us to slow down (20429)", timedelta(seconds=7)),
        ("0500", Verdict.TRY_AGAIN, "the provider has trouble (500)", None),
        ("0400", Verdict.NEVER, "no such number (21211)", None),
        ("0610", Verdict.NEVER, "this number asked us to stop (21610)", None),
        ("0401", Verdict.TRY_AGAIN, "the provider refuses our account or password (20003)", None),
        ("0307", Verdict.TRY_AGAIN, "the provider's address has moved (307)", None),
        ("0001", Verdict.UNKNOWN, "no answer came after the message was sent", None),
        ("0002", Verdict.UNKNOWN, "the provider's answer cannot be read", None),
        ("0003", Verdict.UNKNOWN, "no answer came after the message was sent", None),
        ("0004", Verdict.UNKNOWN, "no answer came after the message was sent", None),
    ],
)
def test_every_answer_has_a_meaning_and_a_reason(
    sink: SmsSink, end: str, verdict: Verdict, reason: str, retry_after: timedelta | None
) -> None:
    outcome, after = sent(sink.url, f"+491510000{end}", OK_NUMBER)
    assert (outcome.verdict, outcome.reason, outcome.retry_after) == (verdict, reason, retry_after)
    assert after.verdict is Verdict.ACCEPTED
    assert len(sink.messages()) == (2 if verdict is Verdict.UNKNOWN else 1)


def test_the_providers_own_id_comes_back(sink: SmsSink) -> None:
    (outcome,) = sent(sink.url, OK_NUMBER)
    (message,) = sink.messages()
    assert outcome.provider_id == message.message_id
    assert message.message_id.startswith("SM")


def test_a_date_to_wait_for_becomes_a_duration(sink: SmsSink) -> None:
    (outcome,) = sent(sink.url, "+4915100000428")
    assert outcome.verdict is Verdict.TRY_AGAIN
    assert outcome.retry_after is not None
    assert timedelta(seconds=50) < outcome.retry_after <= timedelta(seconds=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", timedelta()),
        ("3599", timedelta(seconds=3599)),
        ("999999999999999999999", timedelta(hours=1)),
        ("Mon, 01 Jan 2001 00:00:00 GMT", timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=1)),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("²", None),
    ],
)
def test_a_wait_is_never_negative_and_never_more_than_an_hour(text: str, expected: timedelta | None) -> None:
    assert retry_after(Answer(429, {"Retry-After": text}, b"")) == expected


def test_the_message_comes_from_the_sender_of_its_words_or_else_the_providers(sink: SmsSink) -> None:
    sent(sink.url, OK_NUMBER, sender="ACME")
    sent(sink.url, OK_NUMBER)
    assert [message.headers["From"] for message in sink.messages()] == ["ACME", "+4930111"]


def test_a_wrong_password_is_for_the_operator_to_mend_so_nobody_is_given_up(sink: SmsSink) -> None:
    outcomes = sent(sink.url, OK_NUMBER, OK_NUMBER, password="wrong")
    assert {outcome.verdict for outcome in outcomes} == {Verdict.TRY_AGAIN}
    assert sink.messages() == []


@pytest.mark.parametrize(
    "number", ["", "0151 2345678", "004915112345678", "+0151", "+49151234567890123", "+49151\n2345678"]
)
def test_what_is_no_number_never_reaches_the_wire(sink: SmsSink, number: str) -> None:
    assert [outcome.verdict for outcome in sent(sink.url, number, OK_NUMBER)] == [Verdict.NEVER, Verdict.ACCEPTED]
    assert [message.to for message in sink.messages()] == [OK_NUMBER]


def test_without_a_provider_every_message_waits_and_says_why() -> None:
    (outcome,) = sent("", OK_NUMBER)
    assert (outcome.verdict, outcome.reason) == (Verdict.TRY_AGAIN, "no SMS provider is set up")


@pytest.mark.parametrize(
    "url", ["http://no-such-host.invalid/", "nonsense", "ftp://127.0.0.1/", "http://127.0.0.1:99999/"]
)
def test_an_address_that_leads_nowhere_means_nothing_was_sent(url: str) -> None:
    (outcome,) = sent(url, OK_NUMBER)
    assert (outcome.verdict, outcome.reason) == (Verdict.TRY_AGAIN, "the provider cannot be reached")


def test_a_provider_that_does_not_listen_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    (outcome,) = sent(f"http://127.0.0.1:{port}/", OK_NUMBER)
    assert (outcome.verdict, outcome.reason) == (Verdict.TRY_AGAIN, "the provider cannot be reached")


def test_a_password_never_shows() -> None:
    assert "secret" not in repr(Provider(url="https://sms.example/", account="AC123", password="a secret"))

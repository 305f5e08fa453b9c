"""What is particular to e-mail: which answer means what, and when a connection is given up."""

import ssl
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.channels.base import Outcome, Recipient, Verdict, Words
from notifications.channels.email import EmailTransport
from notifications.channels.smtp import Relay
from statuspage.demo.sink_smtp import Security, SmtpSink
from tests.certificates import make_certificate
from tests.channels.contract import PATIENCE, SLOWNESS, token

WORDS = Words(subject="Logins fail", sender="Acme <status@acme.example>", text="Logins fail.")


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    with SmtpSink(ledger=tmp_path / "ledger.jsonl", slowness=SLOWNESS) as running:
        yield running


def transport_to(port: int, *, idle_limit: timedelta = timedelta(minutes=1)) -> EmailTransport:
    return EmailTransport(Relay(host="127.0.0.1", port=port, answer_timeout=PATIENCE, idle_limit=idle_limit))


def sent(transport: EmailTransport, *addresses: str) -> list[Outcome]:
    recipients = [Recipient(key=f"5.{n}", address=to, token=token(n)) for n, to in enumerate(addresses)]
    return list(transport.send(WORDS, recipients, until=time.monotonic() + 60))


@pytest.mark.parametrize(
    ("address", "verdict", "reason"),
    [
        ("ok@acme.example", Verdict.ACCEPTED, ""),
        ("4xx@acme.example", Verdict.TRY_AGAIN, "the mailbox cannot take mail now (451)"),
        ("421@acme.example", Verdict.TRY_AGAIN, "the mail relay closed the connection"),
        ("5xx-rcpt@acme.example", Verdict.NEVER, "no such mailbox (550)"),
        ("cut-rcpt@acme.example", Verdict.TRY_AGAIN, "the mail relay broke off the connection"),
        ("slow-rcpt@acme.example", Verdict.TRY_AGAIN, "the mail relay did not answer in time"),
        ("4xx-data@acme.example", Verdict.TRY_AGAIN, "the message cannot be taken now (452)"),
        ("421-data@acme.example", Verdict.TRY_AGAIN, "the message cannot be taken now (421)"),
        ("5xx-data@acme.example", Verdict.NEVER, "refused by the receiver's rules (554)"),
        ("cut@acme.example", Verdict.UNKNOWN, "no answer came after the message was sent"),
        ("slow@acme.example", Verdict.UNKNOWN, "no answer came after the message was sent"),
    ],
)
def test_every_answer_has_a_meaning_and_a_reason(sink: SmtpSink, address: str, verdict: Verdict, reason: str) -> None:
    transport = transport_to(sink.port)
    (outcome,) = sent(transport, address)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    (outcome,) = sent(transport, "after@acme.example")
    assert outcome.verdict is Verdict.ACCEPTED
    kept = [address] if verdict in {Verdict.ACCEPTED, Verdict.UNKNOWN} else []
    assert [message.to for message in sink.messages()] == [*kept, "after@acme.example"]
    transport.close()


@pytest.mark.parametrize("fault", ["421-once", "cut-rcpt-once", "slow-rcpt-once"])
def test_a_kept_connection_that_fails_before_the_message_is_replaced_at_once(sink: SmtpSink, fault: str) -> None:
    transport = transport_to(sink.port)
    outcomes = sent(transport, "ok@acme.example", f"{fault}@acme.example")
    assert [outcome.verdict for outcome in outcomes] == [Verdict.ACCEPTED] * 2
    assert [message.key for message in sink.messages()] == ["5.0", "5.1"]
    transport.close()


def test_a_new_connection_that_fails_is_not_tried_again_at_once(sink: SmtpSink) -> None:
    (outcome,) = sent(transport_to(sink.port), "cut-rcpt-once@acme.example")
    assert outcome.verdict is Verdict.TRY_AGAIN


def test_when_the_relay_does_not_answer_the_rest_of_the_batch_does_not_wait_for_it(sink: SmtpSink) -> None:
    started = time.monotonic()
    outcomes = sent(transport_to(sink.port), "slow-rcpt@acme.example", *["ok@acme.example"] * 49)
    assert {outcome.verdict for outcome in outcomes} == {Verdict.TRY_AGAIN}
    assert {outcome.reason for outcome in outcomes} == {"the mail relay did not answer in time"}
    assert time.monotonic() - started < 2 * PATIENCE.total_seconds() + 0.5
    assert sink.messages() == []


def test_a_connection_nobody_used_for_long_is_not_trusted(sink: SmtpSink) -> None:
    transport = transport_to(sink.port, idle_limit=timedelta(milliseconds=50))
    sent(transport, "ok@acme.example")
    kept = transport._kept
    sent(transport, "ok@acme.example")
    assert transport._kept is kept
    time.sleep(0.1)
    assert sent(transport, "ok@acme.example")[0].verdict is Verdict.ACCEPTED
    assert transport._kept is not kept
    transport.close()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reader",
        "a b@acme.example",
        "<a@acme.example>",
        "a@acme.example\r\nRCPT TO:<b@acme.example>",
        "a@acme.example\0",
        "a@acme.example, b@acme.example",
        "müller@acme.example",
        "a@ünion.example",
        f"{'a' * 300}@acme.example",
    ],
)
def test_what_is_no_address_never_reaches_the_wire(sink: SmtpSink, address: str) -> None:
    transport = transport_to(sink.port)
    outcomes = sent(transport, address, "ok@acme.example")
    assert [outcome.verdict for outcome in outcomes] == [Verdict.NEVER, Verdict.ACCEPTED]
    assert [message.to for message in sink.messages()] == ["ok@acme.example"]
    transport.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:2525", Relay(host="127.0.0.1", port=2525)),
        ("smtp://relay.example", Relay(host="relay.example", port=25)),
        (
            "smtp://us%40er:p%3Ass@relay.example:587?starttls=1",
            Relay(host="relay.example", port=587, user="us@er", password="p:ss", is_starttls=True),
        ),
        ("smtps://relay.example", Relay(host="relay.example", port=465, is_tls=True)),
    ],
)
def test_a_relay_is_written_as_an_address(url: str, expected: Relay) -> None:
    assert Relay.from_url(url) == expected


@pytest.mark.parametrize("url", ["", "relay.example:25", "http://relay.example", "smtp://"])
def test_a_wrong_relay_address_says_how_it_should_look(url: str) -> None:
    with pytest.raises(ValueError, match="must look like smtp://"):
        Relay.from_url(url)


def test_a_password_never_shows() -> None:
    assert "secret" not in repr(Relay.from_url("smtp://me:secret@relay.example"))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for localhost that signs itself, in one file."""
    path = tmp_path / "localhost.pem"
    path.write_bytes(b"".join(make_certificate("localhost")))
    return path


@pytest.fixture
def guarded(tmp_path: Path, certificate: Path) -> Iterator[SmtpSink]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with SmtpSink(ledger=tmp_path / "ledger.jsonl", security=Security(tls=tls, login=("ripple", "a secret"))) as sink:
        yield sink


def test_mail_goes_over_starttls_with_a_login(guarded: SmtpSink, certificate: Path) -> None:
    trusted = ssl.create_default_context(cafile=certificate)
    relay = Relay(
        host="localhost", port=guarded.port, user="ripple", password="a secret", is_starttls=True, tls=trusted
    )
    transport = EmailTransport(relay)
    assert [outcome.verdict for outcome in sent(transport, *["ok@acme.example"] * 2)] == [Verdict.ACCEPTED] * 2
    transport.close()
    assert len(guarded.messages()) == 2


@pytest.mark.parametrize(
    ("password", "is_trusted", "reason"),
    [
        ("wrong", True, "the mail relay refuses our user name or password"),
        ("a secret", False, "the mail relay cannot be reached"),
    ],
)
def test_nothing_is_sent_without_the_right_password_and_certificate(
    guarded: SmtpSink, certificate: Path, password: str, is_trusted: bool, reason: str
) -> None:
    tls = ssl.create_default_context(cafile=certificate if is_trusted else None)
    relay = Relay(host="localhost", port=guarded.port, user="ripple", password=password, is_starttls=True, tls=tls)
    outcomes = sent(EmailTransport(relay), "ok@acme.example", "ok@acme.example")
    assert {(outcome.verdict, outcome.reason) for outcome in outcomes} == {(Verdict.TRY_AGAIN, reason)}
    assert guarded.messages() == []


def test_a_relay_without_the_encryption_we_ask_for_gets_nothing(sink: SmtpSink) -> None:
    relay = Relay(host="127.0.0.1", port=sink.port, is_starttls=True)
    (outcome,) = sent(EmailTransport(relay), "ok@acme.example")
    assert outcome.verdict is Verdict.TRY_AGAIN
    assert "does not offer the encryption" in outcome.reason
    assert sink.messages() == []

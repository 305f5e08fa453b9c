"""What every channel keeps to, whatever it speaks. A new channel adds a line to `contract` and nothing here."""

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifications.channels.base import Outcome, Recipient, Transport, Verdict, Words
from statuspage.demo.sinks import SmsSink, SmtpSink
from tests.channels.contract import LINES, LINK, Line, token


@pytest.fixture(params=LINES, ids=lambda line: line.__name__)
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Line:
    made = request.param(tmp_path)
    assert isinstance(made, Line)
    return made


@pytest.fixture
def sink(line: Line) -> Iterator[SmtpSink | SmsSink]:
    with line.sink() as running:
        yield running


@pytest.fixture
def transport(line: Line, sink: SmtpSink | SmsSink) -> Iterator[Transport]:
    made = line.transport(sink.port)
    yield made
    made.close()


def sent(transport: Transport, words: Words, *recipients: Recipient, seconds: float = 60) -> list[Outcome]:
    return list(transport.send(words, recipients, until=time.monotonic() + seconds))


class TestEveryChannel:
    def test_one_outcome_per_recipient_in_order(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport
    ) -> None:
        recipients = [line.recipient(n) for n in range(20)]
        outcomes = sent(transport, line.words(f"Down. {LINK}"), *recipients)
        assert [outcome.key for outcome in outcomes] == [recipient.key for recipient in recipients]
        assert {outcome.verdict for outcome in outcomes} == {Verdict.ACCEPTED}
        assert [message.to for message in sink.messages()] == [recipient.address for recipient in recipients]

    def test_nobody_to_tell_is_no_outcome(self, line: Line, transport: Transport) -> None:
        assert sent(transport, line.words("Down.")) == []

    def test_everybody_reads_their_own_link(self, line: Line, sink: SmtpSink | SmsSink, transport: Transport) -> None:
        sent(transport, line.words(f"Down. {LINK}"), line.recipient(1), line.recipient(2))
        one, two = sink.messages()
        assert f"https://acme.example/m/{token(1)}" in one.text
        assert f"https://acme.example/m/{token(2)}" in two.text

    def test_those_who_are_refused_do_not_stop_the_others(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport
    ) -> None:
        faults = line.faults
        unlucky = [faults.never, faults.again, faults.malformed, faults.unknown, faults.slow]
        lucky = [line.address(n) for n in range(10, 15)]
        addresses = [address for pair in zip(unlucky, lucky, strict=True) for address in pair]
        # Last, because a provider that does not answer in time may be taken for away.
        addresses.remove(faults.slow)
        addresses.append(faults.slow)
        outcomes = sent(transport, line.words("Down."), *(line.recipient(n, to) for n, to in enumerate(addresses)))
        assert [str(outcome.verdict) for outcome in outcomes] == [
            *("never", "accepted", "try_again", "accepted", "never", "accepted", "unknown", "accepted", "accepted"),
            "unknown",
        ]
        assert {message.to for message in sink.messages()} == {*lucky, faults.unknown, faults.slow}

    def test_a_reason_is_one_line_without_the_address(self, line: Line, transport: Transport) -> None:
        faults = dataclasses.astuple(line.faults)
        for address, outcome in zip(
            faults,
            sent(transport, line.words("Down."), *(line.recipient(n, to) for n, to in enumerate(faults))),
            strict=True,
        ):
            assert address not in outcome.reason
            assert outcome.reason.isprintable()
            assert bool(outcome.reason) == (outcome.verdict is not Verdict.ACCEPTED)

    def test_who_could_not_be_told_now_is_told_later(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport
    ) -> None:
        recipient = line.recipient(1, line.faults.again_once)
        assert sent(transport, line.words("Down."), recipient)[0].verdict is Verdict.TRY_AGAIN
        assert sink.messages() == []
        assert sent(transport, line.words("Down."), recipient)[0].verdict is Verdict.ACCEPTED
        assert [message.to for message in sink.messages()] == [recipient.address]

    def test_unknown_is_not_repeated_by_the_transport_itself(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport
    ) -> None:
        sent(transport, line.words("Down."), line.recipient(1))
        (outcome,) = sent(transport, line.words("Down."), line.recipient(2, line.faults.unknown_once))
        assert outcome.verdict is Verdict.UNKNOWN
        assert [message.key for message in sink.messages()] == ["77.1", "77.2"]

    def test_the_same_delivery_sent_twice_carries_the_same_key(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport
    ) -> None:
        recipient = line.recipient(3, line.faults.unknown_once)
        assert sent(transport, line.words("Down."), recipient)[0].verdict is Verdict.UNKNOWN
        assert sent(transport, line.words("Down."), recipient)[0].verdict is Verdict.ACCEPTED
        assert [message.key for message in sink.messages()] == [recipient.key, recipient.key]

    def test_nothing_is_handed_over_when_time_is_up(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport
    ) -> None:
        outcomes = sent(transport, line.words("Down."), line.recipient(1), line.recipient(2), seconds=0)
        assert [(outcome.verdict, outcome.reason) for outcome in outcomes] == [(Verdict.TRY_AGAIN, "out of time")] * 2
        assert sink.messages() == []

    def test_time_is_looked_at_before_each_message(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport
    ) -> None:
        outcomes = transport.send(
            line.words("Down."), [line.recipient(1), line.recipient(2)], until=time.monotonic() + 0.3
        )
        assert next(outcomes).verdict is Verdict.ACCEPTED
        time.sleep(0.4)
        assert next(outcomes).reason == "out of time"
        assert [message.key for message in sink.messages()] == ["77.1"]

    def test_a_connection_lost_between_batches_heals(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport
    ) -> None:
        sent(transport, line.words("Down."), line.recipient(1))
        sink.hang_up()
        time.sleep(0.1)
        (outcome,) = sent(transport, line.words("Down."), line.recipient(2))
        assert outcome.verdict is Verdict.ACCEPTED
        assert [message.key for message in sink.messages()] == ["77.1", "77.2"]

    def test_a_provider_that_is_away_and_comes_back(self, line: Line) -> None:
        with line.sink() as sink:
            transport = line.transport(sink.port)
            assert sent(transport, line.words("Down."), line.recipient(1))[0].verdict is Verdict.ACCEPTED
        outcomes = sent(transport, line.words("Down."), line.recipient(2), line.recipient(3))
        assert [outcome.verdict for outcome in outcomes] == [Verdict.TRY_AGAIN] * 2
        with line.sink(port=sink.port) as sink:
            outcomes = sent(transport, line.words("Down."), line.recipient(2), line.recipient(3))
            assert [outcome.verdict for outcome in outcomes] == [Verdict.ACCEPTED] * 2
            assert [message.key for message in sink.messages()] == ["77.1", "77.2", "77.3"]
        transport.close()

    def test_a_batch_that_was_dropped_half_way_does_not_spoil_the_next(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport
    ) -> None:
        outcomes = transport.send(
            line.words("Down."), [line.recipient(1), line.recipient(2)], until=time.monotonic() + 60
        )
        next(outcomes)
        del outcomes
        assert sent(transport, line.words("Up."), line.recipient(3))[0].verdict is Verdict.ACCEPTED
        assert [message.key for message in sink.messages()] == ["77.1", "77.3"]

    def test_a_closed_transport_opens_again(self, line: Line, sink: SmtpSink | SmsSink, transport: Transport) -> None:
        sent(transport, line.words("Down."), line.recipient(1))
        transport.close()
        transport.close()
        assert sent(transport, line.words("Down."), line.recipient(2))[0].verdict is Verdict.ACCEPTED

    @pytest.mark.parametrize(
        "text",
        [
            "Zürich, 東京, 🇩🇪 👩‍🚒 and \U0001f6a8",
            "x" * 5_000,
            ".\n..\n. hidden\nend",
            "From the start\n-- \n--=_ripple\n--=_ripple--",
            f"={LINK}=\n= {LINK}",
            "".join(f"{LINK}{'é' * n} " for n in range(40)),
            "a = b == c =3D =\n",
            "tab\tand trailing spaces   \nand more ",
            "\x0b\x0c\x1c\x85\u2028\u2029 are not line ends",
            "",
        ],
    )
    def test_hostile_text_arrives_as_it_was(
        self, line: Line, sink: SmtpSink | SmsSink, transport: Transport, text: str
    ) -> None:
        (outcome,) = sent(transport, line.words(text), line.recipient(9))
        assert outcome.verdict is Verdict.ACCEPTED
        (message,) = sink.messages()
        expected = line.as_sent(line.words(text)).replace(LINK, f"https://acme.example/m/{token(9)}")
        assert message.text.removesuffix("\n") == expected.removesuffix("\n")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\0", "\x0b", "\x85", "\u2028", "\udc0a"])
@pytest.mark.parametrize("field", ["subject", "sender", "unsubscribe_url"])
def test_words_that_would_end_a_header_are_refused_with_a_sentence(field: str, end: str) -> None:
    with pytest.raises(ValueError, match="must be one line"):
        Words(**{"text": "", field: f"Acme{end}Bcc: everybody@acme.example"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "header", [("References\r\nBcc", "<1@acme.example>"), ("References", "<1@acme.example>\nBcc: x")]
)
def test_a_header_that_would_be_two_is_refused_with_a_sentence(header: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="must be one line"):
        Words(text="", headers=(header,))


@pytest.mark.parametrize("field", ["text", "html"])
def test_half_a_character_is_refused_before_anything_is_sent(field: str) -> None:
    with pytest.raises(ValueError, match="half a character"):
        Words(**{"text": "", field: "Logins \ud83d fail"})  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["", "7.1>\r\nBcc: x", "7 1", "7..1", "<7.1>"])
def test_a_key_that_could_not_be_a_message_id_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Recipient(key=key, address="reader@acme.example", token=token(1))


@pytest.mark.parametrize("wrong", ["", "short", token(1) + "x", token(1)[:-1] + "\n", token(1)[:-1] + "="])
def test_a_token_of_another_shape_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="token"):
        Recipient(key="7.1", address="reader@acme.example", token=wrong)

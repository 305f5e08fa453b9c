"""One SMTP connection and what the other side says on it, turned into our words.

A mail counts as handed over from the moment its final dot has left us. What goes wrong before that raises and may be
repeated safely; what goes wrong after it is UNKNOWN.
"""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import cast
from urllib.parse import parse_qs, unquote, urlsplit

from notifications.channels.base import Outcome, Recipient, Verdict
from notifications.channels.letter import Letter


class Stage(StrEnum):
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


REFUSALS: dict[tuple[Stage, int], tuple[Verdict, str]] = {
    # A refused sender is about our settings, not about the reader: an operator can mend it before the retries end.
    (Stage.SENDER, 4): (Verdict.TRY_AGAIN, "the mail relay is busy"),
    (Stage.SENDER, 5): (Verdict.TRY_AGAIN, "the mail relay refuses our sender"),
    (Stage.RECIPIENT, 4): (Verdict.TRY_AGAIN, "the mailbox cannot take mail now"),
    (Stage.RECIPIENT, 5): (Verdict.NEVER, "the mailbox was refused"),
    (Stage.CONTENT, 4): (Verdict.TRY_AGAIN, "the message cannot be taken now"),
    (Stage.CONTENT, 5): (Verdict.NEVER, "the message was refused"),
}
# RFC 3463 subject and detail; the exact one wins over the subject alone.
REASONS = {
    "1": "the address is not right",
    "1.1": "no such mailbox",
    "1.2": "no such mail domain",
    "2.1": "the mailbox is switched off",
    "2.2": "the mailbox is full",
    "3.4": "the message is too large for the mailbox",
    "4": "the mail could not be passed on",
    "7": "refused by the receiver's rules",
}
GO_AHEAD = 354
CLOSING = 421

_ENHANCED = re.compile(rb"[245]\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The mail server we hand over to."""

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    """TLS from the first byte (port 465)."""
    is_starttls: bool = False
    tls: ssl.SSLContext | None = None
    """Whom to trust; None = the system's certificates."""
    connect_timeout: timedelta = timedelta(seconds=5)
    answer_timeout: timedelta = timedelta(seconds=20)
    idle_limit: timedelta = timedelta(seconds=60)
    """A connection unused for longer is not trusted: a firewall may have dropped it without a word."""

    @classmethod
    def from_url(cls, url: str) -> "Relay":
        """`smtp://user:password@host:587?starttls=1`, or `smtps://…` for TLS from the first byte. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("The address of the mail relay must look like smtp://user:password@host:587?starttls=1")
        is_tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if is_tls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls=is_tls,
            is_starttls=parse_qs(parts.query).get("starttls") == ["1"],
        )


class RelayAwayError(Exception):
    """No connection, or no answer in time: the next recipient would fare no better."""


class BrokenOffError(Exception):
    """The connection ended before the final dot: this message is certainly not taken."""


class Conversation:
    """A connection ready for mail. Raises RelayAwayError when there is none to be had."""

    def __init__(self, relay: Relay) -> None:
        self.is_over = False
        try:
            self._smtp = _connected(relay)
        except smtplib.SMTPAuthenticationError as error:
            raise RelayAwayError("the mail relay refuses our user name or password") from error
        except smtplib.SMTPNotSupportedError as error:
            raise RelayAwayError("the mail relay does not offer the encryption or login we ask for") from error
        except OSError as error:  # SMTPException is one
            raise RelayAwayError("the mail relay cannot be reached") from error

    def hand_over(self, letter: Letter, recipient: Recipient) -> Outcome:
        """The outcome for one recipient. Raises RelayAwayError or BrokenOffError while nothing is handed over."""
        for stage, line in (
            (Stage.SENDER, f"MAIL FROM:<{letter.sender}>"),
            (Stage.RECIPIENT, f"RCPT TO:<{recipient.address}>"),
        ):
            code, text = self._command(line)
            if code // 100 != 2:
                return self._begin_anew(_refusal(recipient, stage, code, text))
        code, text = self._command("DATA")
        if code != GO_AHEAD:
            return self._begin_anew(_refusal(recipient, Stage.CONTENT, code, text))
        self._say(letter.addressed_to(recipient) + b".\r\n")
        return self._final_answer(recipient)

    def quit(self) -> None:
        try:
            self._smtp.quit()
        except OSError:
            self.close()

    def close(self) -> None:
        self.is_over = True
        self._smtp.close()

    def _command(self, line: str) -> tuple[int, bytes]:
        self._say(f"{line}\r\n".encode("ascii"))
        try:
            code, text = self._smtp.getreply()
        except OSError as error:
            raise _before_the_dot(error) from error
        if code == CLOSING:  # how servers end a connection that was idle too long, or one recipient too many
            raise BrokenOffError("the mail relay closed the connection")
        return code, text

    def _say(self, octets: bytes) -> None:
        try:
            self._smtp.send(octets)  # when this raises, the end of `octets` has not left us
        except OSError as error:
            raise _before_the_dot(error) from error

    def _begin_anew(self, refused: Outcome) -> Outcome:
        """A refused message is taken back, so that the next begins on a clean slate."""
        try:
            self._command("RSET")
        except (RelayAwayError, BrokenOffError):
            self.close()
        return refused

    def _final_answer(self, recipient: Recipient) -> Outcome:
        try:
            code, text = self._smtp.getreply()
        except OSError:
            code, text = -1, b""
        if code // 100 == 2:
            return Outcome(key=recipient.key, verdict=Verdict.ACCEPTED)
        if code // 100 in {4, 5}:
            return _refusal(recipient, Stage.CONTENT, code, text)
        self.is_over = True
        return Outcome(key=recipient.key, verdict=Verdict.UNKNOWN, reason="no answer came after the message was sent")


def _refusal(recipient: Recipient, stage: Stage, code: int, text: bytes) -> Outcome:
    if (stage, code // 100) not in REFUSALS:
        raise BrokenOffError("the mail relay did not keep to SMTP")
    verdict, reason = REFUSALS[stage, code // 100]
    enhanced = _ENHANCED.match(text)
    if enhanced and stage is not Stage.SENDER:
        subject, detail = (part.decode() for part in enhanced.groups())
        reason = REASONS.get(f"{subject}.{detail}") or REASONS.get(subject) or reason
    return Outcome(key=recipient.key, verdict=verdict, reason=f"{reason} ({code})")


def _before_the_dot(error: OSError) -> RelayAwayError | BrokenOffError:
    if isinstance(error.__context__, TimeoutError):  # smtplib wraps what the socket said
        return RelayAwayError("the mail relay did not answer in time")
    return BrokenOffError("the mail relay broke off the connection")


def _connected(relay: Relay) -> smtplib.SMTP:
    tls = (relay.tls or ssl.create_default_context()) if relay.is_tls or relay.is_starttls else None
    timeout = relay.connect_timeout.total_seconds()
    if relay.is_tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, _our_name(), timeout=timeout, context=tls)
    else:
        smtp = smtplib.SMTP(relay.host, relay.port, _our_name(), timeout=timeout)
    try:
        if relay.is_starttls:
            smtp.starttls(context=tls)
        if relay.user:
            smtp.login(relay.user, relay.password)
        smtp.ehlo_or_helo_if_needed()
        sock = cast("socket.socket", smtp.sock)
        sock.settimeout(relay.answer_timeout.total_seconds())
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the end of a letter waits for an ACK
    except BaseException:
        smtp.close()
        raise
    return smtp


def _our_name() -> str:
    """What we call ourselves in EHLO. smtplib would ask DNS, and may wait for it."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"

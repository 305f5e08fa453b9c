"""What every channel has in common: words and recipients go in, one outcome per recipient comes out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from statuspage.kit.links import TOKEN_LENGTH

TOKEN_PLACEHOLDER = "TokenPlaceholder".ljust(TOKEN_LENGTH, "0")
"""Stands in the words where a token will stand: as long as one, and nothing but characters a token may have."""

OUT_OF_TIME = "out of time"
"""The reason of an outcome when nothing was tried."""

IN_DOUBT = "no answer came after the message was sent"
UNREADABLE = "the provider's answer cannot be read"
"""The reasons of outcomes that are UNKNOWN."""

_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
_KEY = re.compile(r"[A-Za-z0-9]+(\.[A-Za-z0-9]+)*")
# More than CR, LF and NUL: the others are line ends to str.splitlines, and so to much software that reads mail.
UNSAFE_IN_HEADER = re.compile("[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Verdict(StrEnum):
    """What to do next with a delivery."""

    ACCEPTED = "accepted"
    TRY_AGAIN = "try_again"
    NEVER = "never"
    UNKNOWN = "unknown"
    """Cut after the message was handed over: it may or may not have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A rendered message, the same for all who read it on one channel, in one language, from one page.

    `TOKEN_PLACEHOLDER` in `text`, `html` and `unsubscribe_url` becomes each recipient's own token. Raises ValueError
    when something that becomes a header could end that header, or a text is not Unicode that can be written down.
    """

    text: str
    subject: str = ""
    """E-mail only."""
    html: str = ""
    """E-mail only; empty = plain text."""
    sender: str = ""
    """E-mail: `Acme <status@acme.example>`. SMS: a number or name; empty = the provider's own."""
    unsubscribe_url: str = ""
    """One-click address (RFC 8058); empty = a message one cannot leave."""
    headers: tuple[tuple[str, str], ...] = ()
    """E-mail only: headers of this message beside our usual ones, such as References."""

    def __post_init__(self) -> None:
        named = (("subject", self.subject), ("sender", self.sender), ("unsubscribe address", self.unsubscribe_url))
        for name, value in (*named, *self.headers):
            _refuse_unsafe(name, value)
        if _LONE_SURROGATE.search(self.text) or _LONE_SURROGATE.search(self.html):
            raise ValueError("The text of a message has half a character in it (a lone surrogate).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One delivery. Raises ValueError when key or token are not ours; a bad address is an outcome, not an error."""

    key: str
    """The delivery for ever, `<broadcast>.<address>`: sent again, it carries the same Message-ID."""
    address: str
    """E-mail address, number in international form (+49…), or URL of an endpoint."""
    token: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Endpoints: what to sign or log in with; two while one takes over from the other."""
    provider_id: str = ""
    """What the provider called this delivery in an earlier try."""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError("A delivery's key may only have letters and digits, separated by full stops.")
        if not _TOKEN.fullmatch(self.token):
            raise ValueError(f"A token must be {TOKEN_LENGTH} characters of A–Z, a–z, 0–9, - and _.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one delivery. `reason` is ours, one line, and never holds an address."""

    key: str
    verdict: Verdict
    reason: str = ""
    provider_id: str = ""
    retry_after: timedelta | None = None
    """How long the provider asks us to wait."""
    is_gone: bool = False
    """The other side says that this endpoint will never be there again."""


class Transport(Protocol):
    """The code that speaks one channel. Belongs to one thread."""

    window: int
    """How many may be handed over before their outcomes are written down."""

    def send(self, words: Words, recipients: Sequence[Recipient], *, until: float) -> Iterator[Outcome]:
        """Hand `words` to each recipient and yield exactly one outcome for each, in order, as it is known.

        `until` is an instant of `time.monotonic()`: past it nothing more is handed over and the rest is `out_of_time`.
        What was begun before may take the transport's time-out longer. Raises ValueError for words that cannot be
        sent to anybody, before anything is handed over.
        """

    def close(self) -> None:
        """Let go of the connection; the next `send` opens a new one."""


def out_of_time(recipient: Recipient) -> Outcome:
    """The outcome of somebody whose turn did not come. Nothing was tried."""
    return Outcome(key=recipient.key, verdict=Verdict.TRY_AGAIN, reason=OUT_OF_TIME)


def _refuse_unsafe(name: str, value: str) -> None:
    if UNSAFE_IN_HEADER.search(value) or UNSAFE_IN_HEADER.search(name):
        raise ValueError(f"The {name!a} of a message must be one line, without control characters.")

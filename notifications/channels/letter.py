"""A mail as bytes: built once from its words, then filled in per person in a few microseconds.

The prepared bytes are what stands between DATA and the final dot: CRLF, quoted-printable, dots already doubled. Every
place of a token is a slot of exactly a token's length, so filling in never moves a line break.
"""

import binascii
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, unquote
from functools import lru_cache

from notifications.channels.base import TOKEN_PLACEHOLDER, Recipient, Words

ALWAYS = (
    ("Auto-Submitted", "auto-generated"),  # RFC 3834: nobody's absence note answers us
    ("X-Auto-Response-Suppress", "All"),  # the same for Exchange
)
LONGEST_LINE = 900  # RFC 5322 allows 998
BOUNDARY = b"=_ripple"  # quoted-printable can never contain "=_", so no text can end its part (RFC 2045 §6.7)

_SENDER = re.compile(r"(?:(?P<name>.*?)\s*<)?(?P<address>[!-;=?-~]+@(?P<domain>[A-Za-z0-9.-]+))(?(name)>)")
_URL = re.compile(rf"https?://[!-;=?-~]{{1,{LONGEST_LINE}}}")
_PLAIN = re.compile(r"(?:[A-Za-z0-9'-]{1,50}(?: (?!$)|$))*")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
# A token is longer than what may be left of a line, so quoted-printable may have broken its placeholder.
_SLOT = re.compile("(?:=\r\n)?".join(TOKEN_PLACEHOLDER).encode())
_PIECE = re.compile(rb"[^=\r\n]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Bytes `lo:hi` of the letter take characters `first:last` of the token."""

    lo: int
    hi: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Letter:
    """The bytes all readers share."""

    sender: str
    """The bare address, for the envelope."""
    domain: str
    shared: bytes
    pieces: tuple[_Piece, ...]

    def addressed_to(self, recipient: Recipient) -> bytes:
        """One person's whole message, dots doubled, ending in CRLF. The final dot is not part of it."""
        body = bytearray(self.shared)
        token = recipient.token.encode()
        for piece in self.pieces:
            body[piece.lo : piece.hi] = token[piece.first : piece.last]
        date = format_datetime(datetime.fromtimestamp(time.time(), UTC))
        own = f"To: {recipient.address}\r\nMessage-ID: <{recipient.key}@{self.domain}>\r\nDate: {date}\r\n"
        return own.encode("ascii") + body


@lru_cache(maxsize=64)
def prepared(words: Words) -> Letter:
    """The letter for `words`. Raises ValueError with a sentence when they cannot be a mail."""
    sender = _SENDER.fullmatch(words.sender)
    if sender is None:
        raise ValueError("The sender of a mail must look like: Acme <status@acme.example>")
    headers = _headers(words, name=sender["name"] or "", address=sender["address"])
    if _SLOT.search(headers):
        raise ValueError("Only the text and the unsubscribe address of a mail may differ per person.")
    whole = headers + _unsubscribe_headers(words.unsubscribe_url) + _content(words)
    shared = re.sub(rb"^\.", b"..", whole, flags=re.MULTILINE)
    return Letter(sender["address"], sender["domain"], shared, tuple(_pieces(shared)))


def _headers(words: Words, *, name: str, address: str) -> bytes:
    sender = f"\r\n <{address}>" if name else address
    return b"".join(
        (
            _readable_header("From", unquote(name) if name.startswith('"') else name, after=sender),
            _readable_header("Subject", words.subject),
            *(_header(own, value) for own, value in (("MIME-Version", "1.0"), *ALWAYS, *words.headers)),
        )
    )


def _readable_header(name: str, text: str, *, after: str = "") -> bytes:
    """Text for people, in RFC 2047 words unless it is plain: nothing in it is ever taken for syntax or a fold."""
    charset = "us-ascii" if _PLAIN.fullmatch(text) else "utf-8"
    words = Header(text, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")
    return f"{name}: {words}{after}\r\n".encode("ascii")


def _header(name: str, value: str) -> bytes:
    """A header for machines, folded only when it must be."""
    if not (_HEADER_NAME.fullmatch(name) and value.isascii()):
        raise ValueError(f"{name!a} cannot be a header: its name takes letters, digits and -, its value plain ASCII.")
    folded = Header(value, "us-ascii", maxlinelen=LONGEST_LINE, header_name=name).encode(linesep="\r\n")
    return f"{name}: {folded}\r\n".encode("ascii")


def _unsubscribe_headers(url: str) -> bytes:
    """RFC 8058. Never folded: the token's slot must stay in one piece."""
    if not url:
        return b""
    if not _URL.fullmatch(url):
        raise ValueError("The unsubscribe address must be an http or https address in plain ASCII.")
    return f"List-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode()


def _content(words: Words) -> bytes:
    text = _part("plain", words.text)
    if not words.html:
        return text
    line = b"--" + BOUNDARY
    head = b'Content-Type: multipart/alternative; boundary="' + BOUNDARY + b'"\r\n'
    return b"\r\n".join((head, line, text, line, _part("html", words.html), line + b"--", b""))


def _part(subtype: str, text: str) -> bytes:
    """One text as a MIME part. Every line ends in CRLF, the last one too."""
    lines = text.encode().splitlines()
    encoded = binascii.b2a_qp(b"".join(line + b"\r\n" for line in lines), istext=True)
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + encoded


def _pieces(shared: bytes) -> list[_Piece]:
    pieces = []
    for slot in _SLOT.finditer(shared):
        first = 0
        for piece in _PIECE.finditer(shared, slot.start(), slot.end()):
            last = first + len(piece[0])
            pieces.append(_Piece(piece.start(), piece.end(), first, last))
            first = last
    return pieces

"""What may be written into a log: nothing that opens something, and nobody's address."""

import logging
import re

# What stands behind these in an address is an authority (public_urls.py). Words of ours are shorter.
_BEHIND = re.compile(r"(?<=/[ud]/)[\w:.=-]{20,}|(?<=/(?:look|join)/)[\w:.=-]{20,}", re.ASCII)
# Any other part of an address that is long and has digits in it: signed links, keys to set a password, invitations.
# Files are left readable; they end in a suffix.
_PART = re.compile(r"(?<=/)(?=[\w:=-]*[0-9])[\w:=-]{20,}(?![\w:=.-])", re.ASCII)
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{40,}(?![\w-])", re.ASCII)
_EMAIL = re.compile(r"([^\s/=?&<>\"'(),;:%@…])[^\s/=?&<>\"'(),;:%@…]*(@|%40)(?=[\w-]+\.[\w.-]+)")
_NUMBER = re.compile(r"(?<!\w)(\+|%2B)([0-9]{2})[0-9 ]{4,13}[0-9](?!\w)", re.ASCII)
_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@")
"""Of a server in an address: postgres://ripple:secret@…"""


def masked(text: str) -> str:
    """`text` without tokens, and with addresses of which only enough is left to know them again: o…@acme.example."""
    text = _PASSWORD.sub(r"\1:…@", text)
    text = _EMAIL.sub(r"\1…\2", text)
    text = _NUMBER.sub(r"\1\2…", text)
    return _TOKEN.sub("…", _PART.sub("…", _BEHIND.sub("…", text)))


class Masked(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))

"""Addresses that prove something by themselves: short signed tokens of one fixed length.

The length is fixed so that a message can be prepared once and only the token exchanged per person.
"""

import base64
import binascii
import hashlib
import hmac
import struct

from django.conf import settings

_BODY = struct.Struct(">QQ")  # two ids
_MAC_BYTES = 14  # with two ids, 30 bytes: base64 without padding
_BLOCK_BYTES = 64  # of SHA-256
TOKEN_LENGTH = (_BODY.size + _MAC_BYTES) * 4 // 3


def sign(purpose: str, first: int, second: int) -> str:
    """A token of TOKEN_LENGTH characters for two ids, good for `purpose` only."""
    body = _BODY.pack(first, second)
    return base64.urlsafe_b64encode(body + _mac(purpose, body)).decode()


def read(purpose: str, token: str) -> tuple[int, int] | None:
    """The two ids, or None when the token is not ours, is for something else, or was changed."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(token)
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    if not hmac.compare_digest(mac, _mac(purpose, body)):
        return None
    first, second = _BODY.unpack(body)
    return first, second


def fingerprint(purpose: str, text: str) -> bytes:
    """32 bytes that stand for `text` without telling it: a keyed hash."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"{purpose}:{text}".encode(), hashlib.sha256)


class Fingerprints:
    """`fingerprint` for many texts of one purpose: what is the same for all of them is computed once (RFC 2104)."""

    def __init__(self, purpose: str) -> None:
        key = settings.SECRET_KEY.encode()
        key = hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key
        padded = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + f"{purpose}:".encode())
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def of(self, text: str) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.digest()


def _mac(purpose: str, body: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), purpose.encode() + b":" + body, hashlib.sha256)[:_MAC_BYTES]

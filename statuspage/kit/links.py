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
TOKEN_LENGTH = (_BODY.size + _MAC_BYTES) * 4 // 3


def sign(purpose: str, first: int, second: int) -> str:
    """A token of TOKEN_LENGTH characters for two ids, good for `purpose` only. Signed with RIPPLE_SECRET_KEY."""
    body = _BODY.pack(first, second)
    return base64.urlsafe_b64encode(body + _mac(purpose, body, settings.SECRET_KEY)).decode()


def read(purpose: str, token: str) -> tuple[int, int] | None:
    """The two ids, or None when the token is not ours, is for something else, or was changed.

    One that was signed with a secret key of before is good while that is still named.
    """
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(token)
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(mac, _mac(purpose, body, key)) for key in keys):
        return None
    first, second = _BODY.unpack(body)
    return first, second


def _mac(purpose: str, body: bytes, secret_key: str) -> bytes:
    return hmac.digest(secret_key.encode(), purpose.encode() + b":" + body, hashlib.sha256)[:_MAC_BYTES]

"""Keyed hashes that stand for a text without telling it: an address we must not write to, a link that was used.

Their key is kept in the database, sealed under RIPPLE_SECRET_KEY: so that one may be changed, and whoever unsubscribed
is still known. With a secret key that cannot unseal it nobody is known, and nothing may be sent.
"""

import hashlib
import hmac
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from statuspage.kit.models import LastingKey
from statuspage.kit.sealing import seal, unseal

_BLOCK_BYTES = 64  # of SHA-256


class WrongKeyError(Exception):
    """RIPPLE_SECRET_KEY is not the one under which this database's own key was sealed."""


def fingerprint(purpose: str, text: str) -> bytes:
    """32 bytes that stand for `text`. Raises WrongKeyError."""
    return hmac.digest(_key(), f"{purpose}:{text}".encode(), hashlib.sha256)


class Fingerprints:
    """`fingerprint` for many texts of one purpose: what is the same for all of them is computed once (RFC 2104).

    Raises WrongKeyError.
    """

    def __init__(self, purpose: str) -> None:
        key = _key()
        key = hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key
        padded = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + f"{purpose}:".encode())
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def of(self, text: str) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.digest()


def is_key_known() -> bool:
    """Asked of the database until it is: a process that could unseal it once can go on."""
    try:
        _key()
    except WrongKeyError:
        return False
    return True


@transaction.atomic
def reseal() -> None:
    """Seal the key under the newest RIPPLE_SECRET_KEY, so that those before it are needed no more."""
    row = LastingKey.objects.select_for_update().get()
    row.sealed = seal(_key().decode())
    row.save()


def _key() -> bytes:
    return _unsealed((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=2)
def _unsealed(_secret_keys: tuple[str, ...]) -> bytes:
    """Once for each process. A wrong key is no answer and is not kept: it is asked again."""
    row = LastingKey.objects.first()
    key = unseal(row.sealed) if row else ""
    if not key:
        raise WrongKeyError("RIPPLE_SECRET_KEY is not the one this database was made with (docs/operating.md).")
    return key.encode()

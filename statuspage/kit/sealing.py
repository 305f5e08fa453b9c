"""Secrets that we must be able to say again: kept sealed, so that a copy of the database opens nothing.

Sealed under RIPPLE_SECRET_KEY; opened with it, or with one of those before it that are still named.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    """The text as nobody can read it. Twice is never the same."""
    return _fernets().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Empty when it was sealed under a key we do not have, or is damaged."""
    try:
        return _fernets().decrypt(sealed).decode()
    except InvalidToken:
        return ""


def resealed(sealed: str) -> str:
    """The same secret under the newest key. What we cannot open stays as it is."""
    text = unseal(sealed)
    return seal(text) if text else sealed


def _fernets() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@lru_cache(maxsize=8)
def _fernet(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ripple sealing").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))

"""Secrets that we must be able to say again: kept sealed, so that a copy of the database opens nothing.

The key is made from RIPPLE_SECRET_KEY. When that changes, what was sealed cannot be read any more: it is given anew.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    """The text as nobody can read it. Twice is never the same."""
    return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Empty when it was sealed under another key, or is damaged."""
    try:
        return _fernet(settings.SECRET_KEY).decrypt(sealed).decode()
    except InvalidToken:
        return ""


@lru_cache(maxsize=2)
def _fernet(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ripple sealing").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))

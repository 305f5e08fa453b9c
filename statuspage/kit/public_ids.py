"""Ids that may stand in an address: 12 characters of a–z and 0–9, as the Statuspage API has them."""

import os
import string
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models

ALPHABET = string.ascii_lowercase + string.digits
LENGTH = 12
PATTERN = rf"[a-z0-9]{{{LENGTH}}}"
# Seven bytes for each letter; the four that are left over are thrown away, so that no letter is likelier than another.
_LETTERS = (ALPHABET * 8)[:256].encode()
_LEFT_OVER = bytes(range(252, 256))

if TYPE_CHECKING:
    TextField = models.CharField[str, str]
else:
    TextField = models.CharField


def new_public_id() -> str:
    """Cannot be guessed."""
    letters = b""
    while len(letters) < LENGTH:
        letters = os.urandom(LENGTH + 4).translate(_LETTERS, _LEFT_OVER)
    return letters[:LENGTH].decode()


def many() -> Iterator[str]:
    """Without end, and as good: the system is asked for chance once for hundreds of them."""
    while True:
        letters = os.urandom(4096).translate(_LETTERS, _LEFT_OVER).decode()
        for start in range(0, len(letters) - LENGTH + 1, LENGTH):
            yield letters[start : start + LENGTH]


class PublicIdField(TextField):
    """Filled in by itself, unique, never edited."""

    def __init__(self, **options: Any) -> None:
        options.update(max_length=LENGTH, unique=True, editable=False, default=new_public_id)
        super().__init__(**options)

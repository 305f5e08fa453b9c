"""Ids that may stand in an address: 12 characters of a–z and 0–9, as the Statuspage API has them."""

import os
import string
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
    """Cannot be guessed. A million in a second, for imports."""
    letters = b""
    while len(letters) < LENGTH:
        letters = os.urandom(LENGTH + 4).translate(_LETTERS, _LEFT_OVER)
    return letters[:LENGTH].decode()


class PublicIdField(TextField):
    """Filled in by itself, unique, never edited."""

    def __init__(self, **options: Any) -> None:
        options.update(max_length=LENGTH, unique=True, editable=False, default=new_public_id)
        super().__init__(**options)

"""Ids that may stand in an address: 12 characters of a–z and 0–9, as the Statuspage API has them."""

import secrets
import string
from typing import TYPE_CHECKING, Any

from django.db import models

ALPHABET = string.ascii_lowercase + string.digits
LENGTH = 12

if TYPE_CHECKING:
    TextField = models.CharField[str, str]
else:
    TextField = models.CharField


def new_public_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicIdField(TextField):
    """Filled in by itself, unique, never edited."""

    def __init__(self, **options: Any) -> None:
        options.update(max_length=LENGTH, unique=True, editable=False, default=new_public_id)
        super().__init__(**options)

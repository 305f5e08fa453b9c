"""What a sign-up for one incident says it is about. Who knows incidents tells (statuspage/showing.py): we do not."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from statuspage.kit.public_ids import PATTERN
from statuspage.pages.models import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """An incident or a maintenance of a page, as the world may know it."""

    public_id: str
    title: str
    is_over: bool
    is_maintenance: bool


AboutOf = Callable[[Page, str], About | None]
"""None: there is no such one on the page, as far as the public knows."""


def find(page: Page, incident: str, about_of: AboutOf) -> About | None:
    """`incident` is what somebody typed or sent. An id of another page is no id, like one that nobody has."""
    return about_of(page, incident) if re.fullmatch(PATTERN, incident) else None

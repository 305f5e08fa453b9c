"""What a sign-up for one incident says it is about. Who knows incidents tells (statuspage/showing.py): we do not."""

from collections.abc import Callable
from dataclasses import dataclass

from statuspage.pages.models import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """An incident or a maintenance of a page, as the world may know it."""

    public_id: str
    title: str
    is_over: bool


AboutOf = Callable[[Page, str], About | None]
"""None: there is no such one on the page, as far as the public knows."""

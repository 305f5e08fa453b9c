"""A message for a room of many: the same content whatever the platform, which each file beside puts in its own form.

Everything in it may have been typed by somebody: a platform's file must show it as the characters it is made of.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _


class Tone(StrEnum):
    TROUBLE = "trouble"
    OVER = "over"
    PLANNED = "planned"

    @property
    def rgb(self) -> int:
        return {"trouble": 0xD92D20, "over": 0x12805C}.get(self.value, 0x1F4FD8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`heading` says the whole in a line. `url` and `bridge_url` are ours and a commander's; empty: none."""

    organization: str
    heading: str
    tone: Tone
    text: str
    notes: tuple[tuple[str, str], ...]
    """For whom each was written, and its words."""
    facts: tuple[tuple[str, str], ...]
    url: str
    bridge_url: str
    footer: str
    thread: str
    """The same for all that is said of one incident."""
    at: datetime
    """Of the newest words."""

    @property
    def links(self) -> list[tuple[str, str]]:
        """Address and label of each there is, in the active language."""
        links = [(self.url, _("Follow it here")), (self.bridge_url, _("Join the bridge"))]
        return [(url, label) for url, label in links if url]

    @property
    def language(self) -> str:
        """The active one, in which this is being put into words."""
        return (get_language() or "en").partition("-")[0]


def note_heading(reader: str) -> str:
    """ "For support:", in the active language."""
    return _("For %(reader)s:") % {"reader": reader}


def cut(text: str, longest: int) -> str:
    """At most so many characters, saying so when something is missing."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def cut_to_bytes(text: str, longest: int) -> str:
    """The same, counted in bytes of UTF-8."""
    if len(text.encode()) <= longest:
        return text
    return text.encode()[: longest - 3].decode(errors="ignore").rstrip() + "…"

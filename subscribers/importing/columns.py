"""Which column means what, found by its name: our own format, a Statuspage's, or what somebody typed. Pure."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

OWN = {
    "name": "What they are called, if you know it.",
    "email": "An e-mail address. This or a phone number is needed.",
    "phone": "A phone number with + and the country code, for SMS.",
    "services": "Names of services, with ; between them. Empty: everything on the page.",
    "ring": "For your own people: the ring they belong to. Empty: they follow the page.",
    "language": "en or de. Empty: the page's own.",
    "zone": "Their time zone, like Europe/Berlin.",
}
"""Our own format."""
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
STATUSPAGE = "Statuspage"

_NAMES = {
    "name": "name full_name display_name",
    "email": "email e_mail email_address e_mail_address mail",
    "phone": "phone phone_number mobile mobile_number sms telephone number",
    "country": "phone_country country country_code phone_country_code",
    "services": "services service components component component_names component_ids",
    "ring": "ring audience",
    "language": "language lang locale",
    "zone": "zone time_zone timezone",
    "kind": "type mode channel subscriber_type",
    "address": "address recipient destination",
    "state": "state status",
    "quarantined": "quarantined_at",
    "since": "created_at subscribed_at created",
    "endpoint": "endpoint webhook webhook_url url",
}
_MEANING = {name: meaning for meaning, names in _NAMES.items() for name in names.split()}
_OF_STATUSPAGE = {"country", "state", "quarantined", "since", "endpoint"}


class NoColumnsError(ValueError):
    """The first row names nothing that we know. Its text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """`at` says which cell of a row holds what; `ignored` are the columns that mean nothing to us."""

    separator: str
    at: dict[str, int]
    names: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def is_of_statuspage(self) -> bool:
        """A Statuspage's export or import template says in each row by what somebody is reached."""
        return "kind" in self.at and "ring" not in self.at and bool(_OF_STATUSPAGE & self.at.keys())

    def to_json(self) -> dict[str, Any]:
        return {"separator": self.separator, "names": self.names}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Columns":
        return _columns(kept["separator"], kept["names"])


def read_header(text: str) -> tuple[Columns, int]:
    """The columns of a file that begins with `text`, and how many lines their names take. Raises NoColumnsError."""
    lines = text.split("\n", 2)
    skipped = 1 if lines[0].lower().startswith("sep=") else 0  # Excel's own note to itself
    if len(lines) <= skipped or not lines[skipped].strip():
        raise NoColumnsError("The file is empty.")
    best = max((_columns(each, _split(lines[skipped], each)) for each in SEPARATORS), key=lambda found: len(found.at))
    if not best.at.keys() & {"email", "phone", "address"}:
        raise NoColumnsError(
            f"The first row has to name the columns, and one of them must be email or phone. It says:"
            f" {lines[skipped].strip()[:80]}"
        )
    return best, skipped + 1


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator))
    except csv.Error:
        return []


def _columns(separator: str, names: Sequence[str]) -> Columns:
    """Of two columns that mean the same the first one counts."""
    at: dict[str, int] = {}
    ignored = []
    for place, name in enumerate(names):
        meaning = _MEANING.get(re.sub(r"[^a-z]+", "_", name.lower()).strip("_"))
        if meaning and meaning not in at:
            at[meaning] = place
        elif name.strip():
            ignored.append(name.strip()[:40])
    return Columns(separator=separator, at=at, names=tuple(names), ignored=tuple(ignored))

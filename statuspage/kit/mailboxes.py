"""E-mail addresses that are compared, written to, or written from, letter by letter. Pure."""

import re
from dataclasses import dataclass

from statuspage.kit.domains import ascii_domain

LONGEST = 320
LONGEST_LOCAL = 64
# Fewer signs than are allowed: no quotes, no second @, no list, and nothing that relays once read as a route.
LOCAL = r"[A-Za-z0-9_'&=~+-]+(\.[A-Za-z0-9_'&=~+-]+)*"
_LOCAL = re.compile(LOCAL, re.ASCII)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The domain that is compared is the one that is written to, letter by letter."""

    local: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> "Mailbox":
        """Raises ValueError."""
        local, at, domain = text.strip().rpartition("@")
        if len(text) > LONGEST or not at or len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
            raise ValueError(f"“{text}” is not an e-mail address")
        return cls(local, ascii_domain(domain))

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

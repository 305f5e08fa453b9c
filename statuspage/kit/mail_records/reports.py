"""What a look at one record came to, in words for somebody who has never heard of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from statuspage.kit.names import NotKnownError, Resolver

Texts = Callable[[str], list[str]]
"""The TXT records of a name. Raises NotKnownError."""
Aliases = Callable[[str], str]
"""Where the CNAME of a name leads; "" without one. Raises NotKnownError."""


class State(StrEnum):
    FOUND = "found"
    MISSING = "missing"
    WRONG = "wrong"
    NOT_KNOWN = "not_known"

    @property
    def label(self) -> str:
        return {"found": "Found", "missing": "Missing", "wrong": "Wrong"}.get(self.value, "Could not be looked up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`lets_in`: by this record our letters are vouched for; None: not found out. `value` is what should stand at
    `name`; `says` is what was found, `advice` what to do next; empty: nothing."""

    kind: str
    name: str
    value: str
    record_type: str = "TXT"
    state: State = State.NOT_KNOWN
    lets_in: bool | None = None
    says: str = ""
    advice: str = ""
    found: tuple[str, ...] = ()

    def but(self, state: State, says: str, *, lets_in: bool = False, advice: str = "") -> "Report":
        return replace(self, state=state, says=says, lets_in=lets_in, advice=advice)

    def not_known(self) -> "Report":
        return replace(
            self,
            state=State.NOT_KNOWN,
            lets_in=None,
            says="The name servers did not answer. That says nothing about the record.",
            advice="Try again in a few minutes.",
        )


class Asking(Protocol):
    """Whom the DNS is asked of."""

    def texts(self, name: str) -> list[str]:
        """See `Texts`."""

    def alias(self, name: str) -> str:
        """See `Aliases`."""


@dataclass
class OneLook:
    """Questions of one look: no name is asked for twice, and when the time is up nothing is found out any more."""

    resolver: Resolver
    until: float
    _texts: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def lasting(cls, seconds: float, resolver: Resolver) -> "OneLook":
        return cls(resolver, time.monotonic() + seconds)

    def texts(self, name: str) -> list[str]:
        name = name.lower()
        if name not in self._texts:
            self._stop_in_time()
            self._texts[name] = self.resolver.texts(name)
        return self._texts[name]

    def alias(self, name: str) -> str:
        self._stop_in_time()
        return self.resolver.alias(name)

    def _stop_in_time(self) -> None:
        if time.monotonic() > self.until:
            raise NotKnownError("out of time")

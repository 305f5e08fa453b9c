"""The sinks' ledger, read on as it grows: one entry per broadcast and channel, whoever got it.

Each process reads every line once. A place in the ledger (an offset in bytes) means the same in all of them.
"""

import contextlib
import json
import threading
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from statuspage.demo.sink_ledger import Caught

MOST_READ = 32 * 1024 * 1024
"""Of a ledger that has grown for a week only the end is read: a tenth of a second's work."""
MOST_KEPT = 300


@dataclass(slots=True, kw_only=True)
class Message:
    """A broadcast on one channel as it arrived. `sample` is the first copy; places are where the ledger ended then."""

    broadcast_id: int
    sample: Caught
    first_at: datetime
    last_at: datetime
    new_at: int
    changed_at: int = 0
    addresses: list[str] = field(default_factory=list)

    def add(self, caught: Caught, *, place: int) -> None:
        self.last_at = datetime.fromisoformat(caught.at)
        self.changed_at = place
        if caught.to not in self.addresses:  # sent again after a doubt, it is still one person's
            self.addresses.append(caught.to)


class Mailbag:
    """What the ledger at `path` holds. May be used from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._place = 0
        self._messages: dict[tuple[int, str], Message] = {}
        self._lock = threading.Lock()

    def read_on(self) -> tuple[int, list[Message]]:
        """Where the ledger ends now, and every message up to there, oldest first."""
        with self._lock:
            for place, line in self._new_lines():
                with contextlib.suppress(
                    ValueError, TypeError
                ):  # torn by a kill, of an earlier version, of no broadcast
                    self._add(Caught(**json.loads(line)), place=place)
            self._forget_the_oldest()
            return self._place, list(self._messages.values())

    def find(self, broadcast_id: int, channel: str) -> Message | None:
        return {(m.broadcast_id, m.sample.channel): m for m in self.read_on()[1]}.get((broadcast_id, channel))

    def _new_lines(self) -> list[tuple[int, bytes]]:
        """Whole lines and where each ends; what is still being written is read next time."""
        size = self.path.stat().st_size if self.path.exists() else 0
        if size < self._place:  # a new demo with a new ledger
            self._place, self._messages = 0, {}
        if size == self._place:
            return []
        start = max(self._place, size - MOST_READ)
        with self.path.open("rb") as ledger:
            ledger.seek(start)
            lines = ledger.read().split(b"\n")[:-1]
        ends = list(accumulate((len(line) + 1 for line in lines), initial=start))
        self._place = ends[-1]
        return list(zip(ends[1:], lines, strict=True))

    def _add(self, caught: Caught, *, place: int) -> None:
        broadcast, _dot, _address = caught.key.partition(".")
        key = (int(broadcast), caught.channel)
        if key not in self._messages:
            at = datetime.fromisoformat(caught.at)
            self._messages[key] = Message(broadcast_id=key[0], sample=caught, first_at=at, last_at=at, new_at=place)
        self._messages[key].add(caught, place=place)

    def _forget_the_oldest(self) -> None:
        for key in list(self._messages)[:-MOST_KEPT]:
            del self._messages[key]

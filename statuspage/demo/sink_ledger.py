"""What the sinks caught: a file of JSON lines, the ground truth that tests compare the database with."""

import contextlib
import json
import os
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """One message as it arrived."""

    at: str
    """When, by the wall clock: ISO 8601, UTC."""
    channel: str
    to: str
    key: str
    """The delivery it belongs to: left part of the Message-ID, or Idempotency-Key."""
    message_id: str
    """Message-ID, or the provider's own id of an SMS."""
    text: str
    subject: str = ""
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    size: int = 0
    """Bytes on the wire."""


def wall_clock() -> str:
    return datetime.fromtimestamp(time.time(), UTC).isoformat()


class Ledger:
    """Appends messages, from any thread. With `durable` a message is on the disk before `append` returns.

    Several ledgers may write to one file: every message is one write at its end.
    """

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        self.path = path
        self._durable = durable
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self._file.write(b"\n")  # closes a line that a kill has torn

    def append(self, caught: Caught) -> None:
        line = json.dumps(asdict(caught), ensure_ascii=False).encode() + b"\n"
        with self._lock:
            self._file.write(line)
            if self._durable:
                os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def read(path: Path) -> list[Caught]:
    """Everything in the ledger at `path`, oldest first; nothing when there is no such file.

    A line that is not whole was never answered for, and is left out.
    """
    if not path.exists():
        return []
    caught = []
    for line in path.read_bytes().split(b"\n"):
        with contextlib.suppress(ValueError):
            caught.append(Caught(**json.loads(line)))
    return caught

"""Log lines that people and programs can read: logfmt, one event a line, with the ids that tie lines together.

    at=2026-11-24T03:12:07.412Z level=info logger=notifications.sending msg="handed over" broadcast=812 accepted=50

`bound(broadcast=812)` puts an id on every line written inside, in this thread. What a request carries as `request` a
dispatcher that it wakes carries as `woken_by`, and so does the worker which that dispatcher wakes.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType

from statuspage.kit.masking import masked

_bound: ContextVar[Mapping[str, object]] = ContextVar("bound", default=MappingProxyType({}))
_PLAIN = re.compile(r"[^\s=\"\\\x00-\x1f\x7f]+")


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Every line written inside carries these. Empty ones are left out."""
    before = _bound.set({**_bound.get(), **{name: value for name, value in ids.items() if value not in {None, ""}}})
    try:
        yield
    finally:
        _bound.reset(before)


def current(name: str) -> str:
    """The id of that name which lines written here carry; "" when there is none."""
    return str(_bound.get().get(name, ""))


def event(log: logging.Logger, what: str, **facts: object) -> None:
    """One line that something happened, with facts beside it."""
    log.info(what, extra={"facts": facts})


class Logfmt(logging.Formatter):
    """Everything on one line, tracebacks too, so that no line of a log stands without its ids. Addresses are masked."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
            **_bound.get(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            facts["error"] = self.formatException(record.exc_info)
        return " ".join(f"{name}={_value(masked(str(value)))}" for name, value in facts.items())


def _value(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)

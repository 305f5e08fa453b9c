from enum import StrEnum


class State(StrEnum):
    IDLE = "idle"
    WAITING = "waiting"
    ACTIVE = "active"
    CLOSED = "closed"
    CLOSED_SILENT = "closed_silent"


class Kind(StrEnum):
    FIRST = "first"
    UPDATE = "update"
    SEVERITY = "severity"
    RESOLVED = "resolved"
    SUMMARY = "summary"


class RingState: ...
class Release: ...
class Terms: ...
class Event: ...

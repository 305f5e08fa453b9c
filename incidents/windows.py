"""When a maintenance moves by itself, and what it does then. Pure: no database, no clock.

A window is told to people beforehand, so its end stays true: looking whether all went well (`verify_for`) is its last
part, not something after it. What is worth saying only in its time, a reminder or that we are looking, is dropped when
the clock comes too late for it; beginning and end are made up for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from incidents.words import IncidentStatus


class Move(StrEnum):
    """What a maintenance does when its time has come."""

    REMIND = "remind"
    BEGIN = "begin"
    VERIFY = "verify"
    COMPLETE = "complete"

    @property
    def label(self) -> str:
        """What the room says will happen."""
        return {
            Move.REMIND: "Reminds everybody",
            Move.BEGIN: "Begins",
            Move.VERIFY: "Turns to checking",
        }.get(self, "Is finished")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when until when, how much of the end is for looking, and how long before the beginning to remind."""

    begins_at: datetime
    ends_at: datetime
    verify_for: timedelta = timedelta(0)
    remind_before: tuple[timedelta, ...] = ()

    @property
    def reminders(self) -> list[datetime]:
        """The instants, earliest first."""
        return sorted({self.begins_at - lead for lead in self.remind_before if lead > timedelta(0)})

    @property
    def verifying_at(self) -> datetime | None:
        """None: there is nothing to verify, or no time for it."""
        at = self.ends_at - self.verify_for
        return at if self.begins_at < at < self.ends_at else None


DROPPED_WHEN_LATE = {IncidentStatus.SCHEDULED: Move.REMIND, IncidentStatus.IN_PROGRESS: Move.VERIFY}


def next_move(window: Window, *, stage: IncidentStatus, after: datetime) -> tuple[Move, datetime] | None:
    """The nearest move still to come, and when. Everything up to `after` has been said, or is dropped.

    Beginning and end may lie before `after`: then they are overdue. None: it is over.
    """
    if stage is IncidentStatus.SCHEDULED:
        reminder = next((at for at in window.reminders if at > after), None)
        return (Move.REMIND, reminder) if reminder else (Move.BEGIN, window.begins_at)
    if stage is IncidentStatus.IN_PROGRESS and window.verifying_at and window.verifying_at > after:
        return Move.VERIFY, window.verifying_at
    return (Move.COMPLETE, window.ends_at) if not stage.is_over else None


def next_move_at(window: Window, *, stage: IncidentStatus, after: datetime) -> datetime | None:
    coming = next_move(window, stage=stage, after=after)
    return coming[1] if coming else None


def due_move(window: Window, *, stage: IncidentStatus, now: datetime) -> Move:
    """What to do at `now`, when an instant that `next_move` named has come.

    Where nothing that must happen is overdue, what came due is the last of what might have been dropped.
    """
    following = next_move(window, stage=stage, after=now)
    if following and following[1] <= now:
        return following[0]
    return DROPPED_WHEN_LATE[stage]

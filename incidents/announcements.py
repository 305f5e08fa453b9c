"""What Ripple says of a maintenance when nobody wrote anything. All such words stand here.

They are stored with the update, so they are in English, like what people write; `zone` is a page's.
"""

from incidents.windows import Window
from incidents.words import IncidentStatus, UpdateKind
from statuspage.kit.templatetags.ripple import day_and_time, span

BEGUN = "The maintenance has begun."
GOES_ON = "The work goes on."
VERIFYING = "The work is done; we are checking that all is well."
FINISHED = "The maintenance is finished."
CANCELLED = "The maintenance is cancelled. It will not take place."
BROKEN_OFF = "The maintenance is cancelled. The work has stopped."


def words_for(
    kind: UpdateKind, *, before: IncidentStatus, after: IncidentStatus, window: Window, zone: str = "Etc/UTC"
) -> str:
    """For an update that leads from stage `before` to `after`. Empty: without its author's words it is nothing."""
    is_ahead = before is IncidentStatus.SCHEDULED
    match kind:
        case UpdateKind.REMIND:
            return f"A reminder: this maintenance is planned for {span(window.begins_at, window.ends_at, zone)}."
        case UpdateKind.RESCHEDULE if is_ahead:
            return f"The maintenance has moved. It is now planned for {span(window.begins_at, window.ends_at, zone)}."
        case UpdateKind.RESCHEDULE:
            return f"The work takes longer. It is now planned to end at {day_and_time(window.ends_at, zone)}."
        case UpdateKind.CANCEL:
            return CANCELLED if is_ahead else BROKEN_OFF
        case UpdateKind.RESOLVE:
            return FINISHED
        case _:
            return _of_step(before, after)


def _of_step(before: IncidentStatus, after: IncidentStatus) -> str:
    if before is after:
        return ""
    if after is IncidentStatus.VERIFYING:
        return VERIFYING
    return BEGUN if before is IncidentStatus.SCHEDULED else GOES_ON

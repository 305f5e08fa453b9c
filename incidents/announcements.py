"""What Ripple says of a maintenance when nobody wrote anything. All such words stand here.

They are stored with the update, in English, and said in the language of whoever reads them (`spoken`). `zone` is a
page's.
"""

import re
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from incidents.windows import Window
from incidents.words import IncidentStatus, UpdateKind
from statuspage.kit.templatetags.ripple import date_words_without_year, day_and_time, span

BEGUN = gettext_noop("The maintenance has begun.")
GOES_ON = gettext_noop("The work goes on.")
VERIFYING = gettext_noop("The work is done; we are checking that all is well.")
FINISHED = gettext_noop("The maintenance is finished.")
CANCELLED = gettext_noop("The maintenance is cancelled. It will not take place.")
BROKEN_OFF = gettext_noop("The maintenance is cancelled. The work has stopped.")
REMINDER = gettext_noop("A reminder: this maintenance is planned for %(time)s.")
MOVED = gettext_noop("The maintenance has moved. It is now planned for %(time)s.")
EXTENDED = gettext_noop("The work takes longer. It is now planned to end at %(time)s.")

_WHOLE = {BEGUN, GOES_ON, VERIFYING, FINISHED, CANCELLED, BROKEN_OFF}
_TIMED = {
    frame: re.compile(re.escape(frame).replace(re.escape("%(time)s"), "(.+)")) for frame in (REMINDER, MOVED, EXTENDED)
}
_MONTHS = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]
_DAY = re.compile(rf"([0-9]{{1,2}}) ({'|'.join(_MONTHS)})")


def words_for(
    kind: UpdateKind, *, before: IncidentStatus, after: IncidentStatus, window: Window, zone: str = "Etc/UTC"
) -> str:
    """For an update that leads from stage `before` to `after`. Empty: without its author's words it is nothing."""
    is_ahead = before is IncidentStatus.SCHEDULED
    match kind:
        case UpdateKind.REMIND:
            return REMINDER % {"time": span(window.begins_at, window.ends_at, zone)}
        case UpdateKind.RESCHEDULE if is_ahead:
            return MOVED % {"time": span(window.begins_at, window.ends_at, zone)}
        case UpdateKind.RESCHEDULE:
            return EXTENDED % {"time": day_and_time(window.ends_at, zone)}
        case UpdateKind.CANCEL:
            return CANCELLED if is_ahead else BROKEN_OFF
        case UpdateKind.RESOLVE:
            return FINISHED
        case _:
            return _of_step(before, after)


def spoken(words: str) -> str:
    """Words of ours in the active language; what anybody else wrote as it is."""
    if words in _WHOLE:
        return _(words)
    for frame, pattern in _TIMED.items():
        if said := pattern.fullmatch(words):
            return _(frame) % {"time": _DAY.sub(_day, said[1])}
    return words


def _day(found: re.Match[str]) -> str:
    return date_words_without_year(date(2000, _MONTHS.index(found[2]) + 1, int(found[1])))


def _of_step(before: IncidentStatus, after: IncidentStatus) -> str:
    if before is after:
        return ""
    if after is IncidentStatus.VERIFYING:
        return VERIFYING
    return BEGUN if before is IncidentStatus.SCHEDULED else GOES_ON

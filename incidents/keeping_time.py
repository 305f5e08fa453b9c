"""What an update does to a maintenance besides what it does to every incident: its window, its next move, its words.

Called by posting, under the incident's lock, whoever posts: people, or Ripple when the time has come.
"""

from dataclasses import replace
from datetime import datetime

from incidents import announcements, window_rules
from incidents.drafts import UpdateDraft, check_promises
from incidents.models import Incident, Update
from incidents.windows import Window, next_move_at
from incidents.words import IncidentStatus, UpdateKind


def prepare(incident: Incident, draft: UpdateDraft, *, window: Window, now: datetime) -> UpdateDraft:
    """The draft with words where its author left them to us. `window` is the one so far, `draft.status` the next stage.

    Raises ValidationError for what a maintenance cannot promise.
    """
    check_promises(draft)
    if draft.window:
        _check_window(incident, draft.window, old=window, now=now)
    if draft.body:
        return draft
    page = incident.pages().order_by("id").first()
    words = announcements.words_for(
        draft.kind,
        before=incident.stage,
        after=draft.status,
        window=draft.window or window,
        zone=page.zone if page else "Etc/UTC",
    )
    return replace(draft, body=words)


def _check_window(incident: Incident, window: Window, *, old: Window, now: datetime) -> None:
    if incident.stage is IncidentStatus.SCHEDULED:
        window_rules.check_new(window, now=now)
    else:
        window_rules.check_extended(window, old=old, now=now)


def move(incident: Incident, update: Update, draft: UpdateDraft, *, before: IncidentStatus) -> None:
    """The columns that only a maintenance has. Words alone leave its clock: a reminder may be due this very second."""
    if draft.window:
        incident.take_window(draft.window)
    if before is IncidentStatus.SCHEDULED and update.stage is not before:
        incident.started_at = update.posted_at
    if draft.kind is UpdateKind.CANCEL:
        incident.cancelled_at = update.posted_at
    if incident.window and (draft.kind is not UpdateKind.MESSAGE or update.stage is not before):
        incident.next_move_at = next_move_at(incident.window, stage=update.stage, after=update.posted_at)

"""Which stage an update leads to, and what is refused. An incident and a maintenance each have stages of their own."""

from django.core.exceptions import ValidationError

from incidents.drafts import UpdateDraft
from incidents.words import IncidentStatus, UpdateKind

_OPEN = {IncidentStatus.INVESTIGATING, IncidentStatus.IDENTIFIED, IncidentStatus.MONITORING}
# Where words alone may lead: a maintenance begins once, and may go back from checking to working.
MAY_FOLLOW = {
    **dict.fromkeys(_OPEN, _OPEN),
    IncidentStatus.SCHEDULED: {IncidentStatus.SCHEDULED, IncidentStatus.IN_PROGRESS},
    IncidentStatus.IN_PROGRESS: {IncidentStatus.IN_PROGRESS, IncidentStatus.VERIFYING},
    IncidentStatus.VERIFYING: {IncidentStatus.IN_PROGRESS, IncidentStatus.VERIFYING},
}


def stage_after(stage: IncidentStatus, draft: UpdateDraft) -> IncidentStatus:
    """Raises ValidationError with a sentence for a step that does not exist."""
    if stage.is_over:
        _check_record(stage, draft)
        return stage
    if stage.is_of_maintenance:
        _check_maintenance(stage, draft)
    elif draft.kind.is_of_maintenance or draft.window:
        raise ValidationError("Only a maintenance has a window. Post an update instead.")
    if draft.kind.is_the_end:
        return IncidentStatus.COMPLETED if stage.is_of_maintenance else IncidentStatus.RESOLVED
    _check_step(stage, draft.status)
    return draft.status


def _check_record(stage: IncidentStatus, draft: UpdateDraft) -> None:
    """After the end there are only words."""
    if draft.kind is UpdateKind.MESSAGE and not draft.severity:
        return
    if stage.is_of_maintenance:
        raise ValidationError("This maintenance is over. Schedule a new one.")
    raise ValidationError("This incident is resolved. Open a new one; reopening comes later.")


def _check_maintenance(stage: IncidentStatus, draft: UpdateDraft) -> None:
    if draft.severity or draft.kind is UpdateKind.SEVERITY:
        raise ValidationError("A maintenance has no severity. When something breaks, open an incident beside it.")
    if (draft.kind is UpdateKind.RESCHEDULE) is not (draft.window is not None):
        raise ValidationError("Say from when until when the maintenance is planned now.")
    is_ahead = stage is IncidentStatus.SCHEDULED
    if is_ahead and draft.kind is UpdateKind.RESOLVE:
        raise ValidationError("The maintenance has not begun, so it cannot be finished. Cancel it instead.")
    if draft.kind is UpdateKind.REMIND and not is_ahead:
        raise ValidationError("The maintenance has begun: there is nothing left to remind of.")


def _check_step(stage: IncidentStatus, wanted: IncidentStatus) -> None:
    if wanted in MAY_FOLLOW[stage]:
        return
    if wanted.is_over:
        end = "finish or cancel the maintenance" if stage.is_of_maintenance else "resolve the incident"
        raise ValidationError({"status": f"Words alone are not the end: {end}."})
    raise ValidationError({"status": f"“{wanted.label}” cannot follow “{stage.label}”. Choose another status."})

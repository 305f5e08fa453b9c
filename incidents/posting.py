"""The story of posting: a message, a change of severity, or the end. The update row is the message.

Everything is one transaction under the incident's lock. Nobody is told from here: the dispatcher sees that updates
were posted that the rings have not been moved by, and the pages that they are not yet published.
"""

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from incidents import affecting, keeping_time
from incidents.drafts import NoteDraft, UpdateDraft, check_words, expected_fix_for, next_update_for, public_promise
from incidents.models import Incident, Note, Update
from incidents.stages import stage_after
from incidents.words import Impact, IncidentStatus
from statuspage.kit import clock, markdown
from statuspage.organizations import audit
from statuspage.organizations.models import User
from statuspage.pages.models import Page


class SomebodyElsePosted(Exception):  # noqa: N818 - it is an event, not an error
    """Another update came in while this one was being written. `newer` are the updates its author has not seen."""

    def __init__(self, newer: list[Update]) -> None:
        super().__init__("Somebody else posted in the meantime.")
        self.newer = newer


@transaction.atomic
def post_update(incident: Incident, draft: UpdateDraft, *, by: User | None) -> Update:
    """Post `draft`; sent twice, it is posted once. Returns the update.

    Raises SomebodyElsePosted when the author has not seen the newest update, ValidationError with a sentence per field.
    """
    incident = (
        Incident.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization", "severity")
        .get(pk=incident.pk)
    )
    existing = incident.updates.filter(submission_id=draft.submission_id).first()
    if existing:
        return existing
    if draft.base_number != incident.last_number:
        raise SomebodyElsePosted(list(incident.updates.filter(number__gt=draft.base_number)))
    return write(incident, draft, by=by, now=clock.now())


def write(incident: Incident, draft: UpdateDraft, *, by: User | None, now: datetime) -> Update:
    """Write the update and what it changes. The caller holds the incident's lock and has ruled out doubles."""
    draft = _checked(incident, draft, now=now)
    update = _write_rows(incident, draft, by=by, now=now)
    before = {"status": incident.status, "severity": incident.severity.key}
    begins = incident.stage is IncidentStatus.SCHEDULED and update.stage is IncidentStatus.IN_PROGRESS
    _move(incident, update, draft)
    _affect(incident, update, draft, begins=begins)
    incident.save()
    _keep_on_pages(incident)
    incident.pages().touch()
    audit.record(
        incident.organization,
        by=by,
        verb=draft.kind.verb,
        target=f"{incident}, {update}",
        before=before,
        after={"status": incident.status, "severity": incident.severity.key},
    )
    clock.wake()
    return update


def _checked(incident: Incident, draft: UpdateDraft, *, now: datetime) -> UpdateDraft:
    """The draft as it will be written. Raises ValidationError."""
    draft = replace(draft, status=stage_after(incident.stage, draft))
    severity = draft.severity or incident.severity
    if severity.is_for_maintenance is not incident.is_maintenance:
        raise ValidationError({"severity": "This row of the plan is for maintenance. Choose a severity of incidents."})
    if incident.window:
        draft = keeping_time.prepare(incident, draft, window=incident.window, now=now)
    check_words(draft)
    return draft


def _write_rows(incident: Incident, draft: UpdateDraft, *, by: User | None, now: datetime) -> Update:
    severity = draft.severity or incident.severity
    promise = None if incident.is_maintenance else public_promise(incident.frozen_plan, severity=severity.key)
    update = Update.objects.create(
        organization=incident.organization,
        incident=incident,
        number=incident.last_number + 1,
        kind=draft.kind.value,
        status=draft.status.value,
        severity_key=severity.key,
        body=draft.body.strip(),
        html=markdown.to_html(draft.body.strip()),
        is_important=draft.is_important,
        notify=draft.notify,
        next_update_at=next_update_for(draft, promise=promise, now=now),
        expected_fix_at=expected_fix_for(draft, now=now),
        posted_at=now,
        posted_by=by,
        submission_id=draft.submission_id,
    )
    Note.objects.bulk_create(_note(update, note) for note in draft.notes)
    return update


def _note(update: Update, draft: NoteDraft) -> Note:
    return Note(
        organization_id=update.organization_id,
        update_row=update,
        up_to_position=draft.up_to_position,
        side_rings=list(draft.side_rings),
        body=draft.body.strip(),
    )


def _move(incident: Incident, update: Update, draft: UpdateDraft) -> None:
    """The incident's own columns, as of this update."""
    before = incident.stage
    incident.last_number = update.number
    incident.status = update.status
    incident.updated_at = update.posted_at
    incident.severity = draft.severity or incident.severity
    incident.is_told_anyway = incident.is_told_anyway or draft.tell_anyway
    if update.is_public:
        incident.public_at = incident.public_at or update.posted_at
        incident.next_update_at = update.next_update_at
        incident.expected_fix_at = update.expected_fix_at
    if update.stage is IncidentStatus.MONITORING:
        incident.monitoring_at = incident.monitoring_at or update.posted_at
    if draft.kind.is_the_end:
        incident.resolved_at = update.posted_at
        incident.next_update_at = incident.expected_fix_at = None
    if incident.is_maintenance:
        keeping_time.move(incident, update, draft, before=before)


def _keep_on_pages(incident: Incident) -> None:
    """Where the public has read of it, it stays to the end, whatever becomes of its services. Public, but on no page
    of its own, it stands on every page: said in public is said somewhere."""
    if incident.public_at:
        pages = incident.pages()
        incident.put_on_pages.add(*(pages if pages.exists() else Page.objects.all()))


def _affect(incident: Incident, update: Update, draft: UpdateDraft, *, begins: bool) -> None:
    incident.save()  # the roll-up reads which incidents are open
    if draft.kind.is_the_end:
        affecting.release(incident, update)
        return
    if begins:
        affecting.put_under_maintenance(incident, update)
        return
    impact = Impact.of(affecting.affect(incident, update, draft.services))
    incident.impact = max(Impact(incident.impact), impact, key=lambda level: level.rank).value

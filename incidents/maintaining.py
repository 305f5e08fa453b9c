"""The story of a maintenance: planned, told of, begun, checked, finished; moved, extended or called off on the way.

It is an incident with a window, so everything said about it is an update like any other: people post what `beginning`,
`completion`, `rescheduling` and `cancellation` make of their words (posting.py), and Ripple makes the moves whose time
has come (moving.py).
"""

import uuid
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from incidents import opening, posting, window_rules
from incidents.drafts import MaintenanceDraft, UpdateDraft, check_title
from incidents.models import Incident, Update
from incidents.windows import Move, Window, next_move_at
from incidents.words import Impact, IncidentStatus, UpdateKind
from statuspage.kit import clock
from statuspage.kit.templatetags.ripple import span
from statuspage.organizations import audit
from statuspage.organizations.models import Organization, Severity, User
from statuspage.pages.status import ServiceStatus

WANTS_WORDS = "Say what will be done, and what visitors will notice of it."


@transaction.atomic
def schedule(organization: Organization, draft: MaintenanceDraft, *, by: User) -> Incident:
    """Announce a maintenance. Sent twice, it is scheduled once. Raises ValidationError with a sentence per field."""
    existing = opening.sent_before(organization, draft.first.submission_id)
    if existing:
        return existing
    now = clock.now()
    _check(draft, now=now)
    maintenance = _write(organization, draft, by=by, now=now)
    audit.record(
        organization,
        by=by,
        verb="scheduled",
        target=str(maintenance),
        after={"title": maintenance.title, "window": span(draft.window.begins_at, draft.window.ends_at)},
    )
    known = dict.fromkeys(draft.services, ServiceStatus.OPERATIONAL)  # named now, touched when the work begins
    first = replace(draft.first, status=IncidentStatus.SCHEDULED, services=known)
    posting.write(maintenance, first, by=by, now=now)
    if not maintenance.pages().exists():
        raise ValidationError("There is no page to announce it on. Open a page first.")
    return maintenance


def beginning(draft: UpdateDraft) -> UpdateDraft:
    """Before, at or after its time. Its services are under maintenance from now on."""
    return replace(draft, kind=UpdateKind.MESSAGE, status=IncidentStatus.IN_PROGRESS, is_important=True)


def completion(draft: UpdateDraft) -> UpdateDraft:
    """The work is done, perhaps earlier than planned. Its services are as good as everything else lets them be."""
    return replace(draft, kind=UpdateKind.RESOLVE, status=IncidentStatus.COMPLETED)


def rescheduling(draft: UpdateDraft, window: Window) -> UpdateDraft:
    """Another time while it has not begun, a later end while it goes on."""
    return replace(draft, kind=UpdateKind.RESCHEDULE, window=window, is_important=True)


def cancellation(draft: UpdateDraft) -> UpdateDraft:
    """Before it begins, or on the way: the work stops here."""
    return replace(draft, kind=UpdateKind.CANCEL, status=IncidentStatus.COMPLETED)


def move(maintenance: Incident, due: Move, *, now: datetime) -> Update:
    """What Ripple does by itself, in its own words. The caller holds the maintenance's lock and has looked again.

    That the work is being checked stands on the page; nobody is written to for it. They hear of the end.
    """
    draft = UpdateDraft(submission_id=uuid.uuid4(), status=maintenance.stage)
    drafts = {
        Move.REMIND: replace(draft, kind=UpdateKind.REMIND),
        Move.BEGIN: beginning(draft),
        Move.VERIFY: replace(draft, status=IncidentStatus.VERIFYING, notify=False),
        Move.COMPLETE: completion(draft),
    }
    return posting.write(maintenance, drafts[due], by=None, now=now)


def _check(draft: MaintenanceDraft, *, now: datetime) -> None:
    check_title("title", draft.title)
    window_rules.check_new(draft.window, now=now)
    if not draft.first.body.strip():
        raise ValidationError({"body": WANTS_WORDS})


def _write(organization: Organization, draft: MaintenanceDraft, *, by: User, now: datetime) -> Incident:
    """One title: what is planned has no inner one."""
    return opening.write_row(
        organization,
        by=by,
        now=now,
        title=draft.title.strip(),
        public_title=draft.title.strip(),
        severity=_row_of_the_plan(organization),
        status=IncidentStatus.SCHEDULED.value,
        impact=Impact.MAINTENANCE.value,
        started_at=draft.window.begins_at,
        scheduled_for=draft.window.begins_at,
        scheduled_until=draft.window.ends_at,
        verify_for=draft.window.verify_for,
        remind_before=list(draft.window.remind_before),
        next_move_at=next_move_at(draft.window, stage=IncidentStatus.SCHEDULED, after=now),
        submission_id=draft.first.submission_id,
    )


def _row_of_the_plan(organization: Organization) -> Severity:
    row = organization.severities.filter(is_for_maintenance=True).first()
    if row is None:
        raise ValidationError("Your plan has no row for maintenance, so nobody would be told. Add one to the plan.")
    return row

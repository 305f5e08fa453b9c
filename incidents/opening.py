"""The story of opening an incident."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from incidents import posting
from incidents.drafts import IncidentDraft, NoteDraft, UpdateDraft, check_title, started_at_for
from incidents.models import Incident
from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import Organization, User
from statuspage.organizations.models.communication_plan import plan_of


@transaction.atomic
def open_incident(organization: Organization, draft: IncidentDraft, *, by: User) -> Incident:
    """Open an incident with its first update. Sent twice, it is opened once.

    Freezes the communication plan. Raises ValidationError with a sentence per field.
    """
    existing = sent_before(organization, draft.first.submission_id)
    if existing:
        return existing
    check_title("title", draft.title)
    check_title("public_title", draft.public_title)
    incident = _write(organization, draft, by=by, now=clock.now())
    audit.record(
        organization,
        by=by,
        verb="opened",
        target=str(incident),
        after={"title": draft.title, "severity": draft.severity.key},
    )
    posting.write(incident, _with_words(draft), by=by, now=incident.clock_started_at)
    return incident


def sent_before(organization: Organization, submission_id: UUID) -> Incident | None:
    """What a form sent twice has opened already. Afterwards nobody else opens anything until we commit: numbers have
    no gaps, and there is one incident per submission."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    return Incident.objects.filter(submission_id=submission_id).first()


def write_row(organization: Organization, *, by: User, now: datetime, **columns: Any) -> Incident:
    """The row of an incident or a maintenance that begins its life now, under the plan as it stands."""
    newest = Incident.objects.aggregate(newest=Max("number"))["newest"] or 0
    plan = plan_of(organization).to_json()
    return Incident.objects.create(
        organization=organization,
        number=newest + 1,
        clock_started_at=now,
        commander=by,
        lead=by,
        plan=plan,
        **columns,
    )


def _write(organization: Organization, draft: IncidentDraft, *, by: User, now: datetime) -> Incident:
    return write_row(
        organization,
        by=by,
        now=now,
        title=draft.title.strip(),
        public_title=draft.public_title.strip(),
        severity=draft.severity,
        is_told_anyway=draft.is_told_anyway,
        started_at=started_at_for(draft, now=now),
        bridge_url=draft.bridge_url,
        submission_id=draft.first.submission_id,
    )


def _with_words(draft: IncidentDraft) -> UpdateDraft:
    """On-call hears at once even from a commander who typed a title and nothing else: the title is their note."""
    first = draft.first
    if first.body or first.notes:
        return first
    return first.with_notes(NoteDraft(body=draft.title.strip(), up_to_position=0))

"""The story of opening an incident."""

from datetime import datetime

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
    Organization.objects.select_for_update(no_key=True).get(
        pk=organization.pk
    )  # numbers without gaps, one incident per submission
    existing = Incident.objects.filter(submission_id=draft.first.submission_id).first()
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


def _write(organization: Organization, draft: IncidentDraft, *, by: User, now: datetime) -> Incident:
    newest = Incident.objects.aggregate(newest=Max("number"))["newest"] or 0
    return Incident.objects.create(
        organization=organization,
        number=newest + 1,
        title=draft.title.strip(),
        public_title=draft.public_title.strip(),
        severity=draft.severity,
        is_told_anyway=draft.is_told_anyway,
        started_at=started_at_for(draft, now=now),
        clock_started_at=now,
        commander=by,
        lead=by,
        bridge_url=draft.bridge_url,
        plan=plan_of(organization).to_json(),
        submission_id=draft.first.submission_id,
    )


def _with_words(draft: IncidentDraft) -> UpdateDraft:
    """On-call hears at once even from a commander who typed a title and nothing else: the title is their note."""
    first = draft.first
    if first.body or first.notes:
        return first
    return first.with_notes(NoteDraft(body=draft.title.strip(), up_to_position=0))

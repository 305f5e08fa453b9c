"""What each ring would get, and when, if this draft were posted: the previews under the composer.

It really is posted, and the rings really are moved, in a transaction that is then rolled back: what a commander is
shown cannot differ from what would happen.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from incidents import maintaining, opening, posting
from incidents.drafts import IncidentDraft, MaintenanceDraft, UpdateDraft
from incidents.models import Incident
from notifications import planning, rendering, rings
from notifications.addressing import count
from notifications.channels.base import Words
from notifications.models import RingState
from notifications.placeholders import kind_of
from notifications.reading import what_may_be_read
from notifications.releasing import Situation, others_with_somebody
from statuspage.kit import clock
from statuspage.organizations.models import Organization, User
from statuspage.organizations.plan import Channel, PlanRing
from statuspage.pages.languages import ENGLISH


class Verdict(StrEnum):
    NOW = "now"
    LATER = "later"
    WAITS_FOR_WORDS = "waits_for_words"
    NOTHING = "nothing"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What one ring would get. `when` is set unless nothing is planned; `counts` are addresses per channel."""

    ring_key: str
    ring_name: str
    is_open: bool
    verdict: Verdict
    when: datetime | None
    kind: str = ""
    subject: str = ""
    text: str = ""
    counts: dict[str, int]

    @property
    def reaches_somebody(self) -> bool:
        return any(self.counts.values())


def foresee_opening(organization: Organization, draft: IncidentDraft, *, by: User) -> list[Foreseen]:
    """One entry per line ring, innermost first. Writes nothing. Raises ValidationError as opening would."""
    with transaction.atomic():
        fresh = replace(draft, first=replace(draft.first, submission_id=uuid.uuid4()))
        foreseen = _foresee(opening.open_incident(organization, fresh, by=by))
        transaction.set_rollback(True)
    return foreseen


def foresee_scheduling(organization: Organization, draft: MaintenanceDraft, *, by: User) -> list[Foreseen]:
    """One entry per line ring, innermost first. Writes nothing. Raises ValidationError as scheduling would."""
    with transaction.atomic():
        fresh = replace(draft, first=replace(draft.first, submission_id=uuid.uuid4()))
        foreseen = _foresee(maintaining.schedule(organization, fresh, by=by))
        transaction.set_rollback(True)
    return foreseen


def foresee_update(incident: Incident, draft: UpdateDraft, *, by: User) -> list[Foreseen]:
    """One entry per line ring, innermost first. Writes nothing. Raises ValidationError as posting would."""
    with transaction.atomic():
        # Locked before it is read: what somebody posts meanwhile would be news to a draft that is only looked at.
        newest = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk).last_number
        posting.post_update(incident, replace(draft, submission_id=uuid.uuid4(), base_number=newest), by=by)
        foreseen = _foresee(Incident.objects.select_related("organization", "severity").get(pk=incident.pk))
        transaction.set_rollback(True)
    return foreseen


def _foresee(incident: Incident) -> list[Foreseen]:
    now = clock.now()
    moved = planning.fold(incident, now=now)
    situation = Situation.of(incident, [state for state, _outgoing in moved], now=now)
    return [_foresee_ring(situation, state, outgoing) for state, outgoing in moved]


def _foresee_ring(situation: Situation, state: RingState, outgoing: rings.Release | None) -> Foreseen:
    ring = situation.plan_ring(state)
    verdict = _verdict(state, outgoing)
    empty = Foreseen(
        ring_key=ring.key, ring_name=ring.name, is_open=ring.is_open, verdict=verdict, when=state.due_at, counts={}
    )
    if verdict in {Verdict.NEVER, Verdict.NOTHING}:
        return empty
    cell = situation.incident.frozen_plan.cell(severity=state.severity_key, ring=ring.key)
    kind = outgoing.kind if outgoing else rings.Kind(state.pending or rings.Kind.FIRST)
    after = outgoing.from_number if outgoing else state.last_number
    planned = outgoing.channels if outgoing else cell.channels
    audience = replace(situation.audience(state), channels=tuple(sorted(planned)))
    channels = sorted({*planned, *others_with_somebody(situation, audience, kind, after=after)})
    counts = {channel.value: count(audience, channel=channel, until=situation.now) for channel in channels}
    if verdict is Verdict.WAITS_FOR_WORDS:
        return replace(empty, counts=counts)
    words = _words(situation, ring, kind, after=after)
    when = situation.now if outgoing else state.due_at
    return replace(empty, when=when, kind=kind.value, subject=words.subject, text=words.text, counts=counts)


def _verdict(state: RingState, outgoing: rings.Release | None) -> Verdict:
    if outgoing:
        return Verdict.NOW
    if state.state == rings.State.IDLE:
        return Verdict.NEVER
    if state.state == rings.State.WAITING and not state.concerned_number:
        return Verdict.WAITS_FOR_WORDS
    return Verdict.LATER if state.due_at else Verdict.NOTHING


def _words(situation: Situation, ring: PlanRing, kind: rings.Kind, *, after: int) -> Words:
    page = situation.pages[0] if ring.is_open and situation.pages else None
    language = page.languages[0] if page else ENGLISH  # as most of its subscribers read it
    reading = what_may_be_read(situation.telling, ring=ring, kind=kind, after=after, page=page, language=language)
    own = situation.book.find(kind_of(reading), ring=ring.key, channel=Channel.EMAIL, language=language)
    return rendering.render(reading, channel=Channel.EMAIL, unsubscribe=rendering.way_out(page), own=own)

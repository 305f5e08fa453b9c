"""What somebody wants to post, as plain values, and why it may be refused. Doors build drafts, stories write them."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError

from incidents.windows import Window
from incidents.words import IncidentStatus, UpdateKind
from statuspage.kit import markdown
from statuspage.kit.templatetags.ripple import at, in_words
from statuspage.organizations.models import Severity
from statuspage.organizations.plan import Plan
from statuspage.pages.models import Service
from statuspage.pages.status import ServiceStatus

# The page keeps the hour even where the plan tells no open ring.
LONGEST_PUBLIC_SILENCE = timedelta(hours=1)
LONGEST_TITLE = 255
FARTHEST = timedelta(days=30)
NOT_IN_A_TITLE = {"Cc", "Cs", "Zl", "Zp"}  # control characters, halves of characters, line and paragraph separators
TURNS_TEXT_AROUND = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDraft:
    """Words for the line rings up to `up_to_position`, and for the named side rings."""

    body: str
    up_to_position: int | None = None
    side_rings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDraft:
    """`base_number` is the newest update its author had seen; `submission_id` makes a form sent twice one update."""

    submission_id: UUID
    base_number: int = 0
    kind: UpdateKind = UpdateKind.MESSAGE
    status: IncidentStatus = IncidentStatus.INVESTIGATING
    severity: Severity | None = None
    body: str = ""
    notes: tuple[NoteDraft, ...] = ()
    services: Mapping[Service, ServiceStatus] = field(default_factory=dict)
    next_update_at: datetime | None = None
    expected_fix_at: datetime | None = None
    is_important: bool = False
    notify: bool = True
    tell_anyway: bool = False
    window: Window | None = None

    def with_notes(self, *notes: NoteDraft) -> "UpdateDraft":
        return replace(self, notes=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDraft:
    """Everything an incident begins with; `first` is its first update."""

    title: str
    public_title: str
    severity: Severity
    first: UpdateDraft
    started_at: datetime | None = None
    bridge_url: str = ""
    is_told_anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceDraft:
    """What is planned; `first` announces it. Its services are known from now on and change when the work begins."""

    title: str
    window: Window
    services: Sequence[Service] = ()
    first: UpdateDraft


def public_promise(plan: Plan, *, severity: str) -> timedelta:
    """The longest the public may wait for the next word at this severity."""
    promise = plan.tightest_promise(severity=severity, rings=[ring.key for ring in plan.open_rings])
    return min(promise or LONGEST_PUBLIC_SILENCE, LONGEST_PUBLIC_SILENCE)


def next_update_for(draft: UpdateDraft, *, promise: timedelta | None, now: datetime) -> datetime | None:
    """When the public will hear next: what the author chose, else the promise. None: nothing is promised.

    Raises ValidationError for a time that has passed or that would break the promise.
    """
    if not draft.body or draft.status.is_over or promise is None:
        return None
    if draft.next_update_at is None:
        return now + promise
    if draft.next_update_at <= now:
        raise ValidationError({"next_update_at": "The next update must be in the future. Choose a later time."})
    latest = now + promise + timedelta(minutes=1)  # a minute's grace for the time it took to write
    if draft.next_update_at > latest:
        sentence = (
            f"The public was promised word at least every {in_words(promise)}. Choose {at(now + promise)} or earlier."
        )
        raise ValidationError({"next_update_at": sentence})
    return draft.next_update_at


def expected_fix_for(draft: UpdateDraft, *, now: datetime) -> datetime | None:
    """When a fix is expected. Raises ValidationError for a time that has passed, or so far away that it is a slip."""
    if draft.expected_fix_at is None or now < draft.expected_fix_at <= now + FARTHEST:
        return draft.expected_fix_at
    raise ValidationError({"expected_fix_at": "A fix is expected in the future, within 30 days. Correct or empty it."})


def started_at_for(draft: "IncidentDraft", *, now: datetime) -> datetime:
    """When it began, as people read it. Raises ValidationError for a time to come, or so long ago that it is a slip."""
    if draft.started_at is None:
        return now
    if now - FARTHEST <= draft.started_at <= now:
        return draft.started_at
    raise ValidationError({"started_at": "It began in the past, within 30 days. Correct it or leave it empty for now."})


def check_promises(draft: UpdateDraft) -> None:
    """Raises ValidationError: what was planned promises its window, and nothing else."""
    if draft.next_update_at or draft.expected_fix_at:
        raise ValidationError("A maintenance promises its window only. Leave next update and expected fix empty.")


def check_words(draft: UpdateDraft) -> None:
    """Raises ValidationError when there is nothing in the draft, or more than a page can hold."""
    if any(len(words.encode()) > markdown.MAX_BYTES for words in (draft.body, *(note.body for note in draft.notes))):
        raise ValidationError({"body": "A message or note is longer than 32 KB. Shorten it, or link to the details."})
    says_something = draft.body or draft.notes or draft.services or draft.severity
    if not says_something and draft.kind is UpdateKind.MESSAGE:
        raise ValidationError({"body": "Write what is known, add a note, or change a service's status."})


def check_title(name: str, text: str) -> None:
    """Raises ValidationError. Titles go into mail subjects, where a line break could smuggle in a header."""
    if any(unicodedata.category(character) in NOT_IN_A_TITLE or character in TURNS_TEXT_AROUND for character in text):
        raise ValidationError({name: "A title is one line of text. Remove line breaks and control characters."})
    if len(text.strip()) > LONGEST_TITLE:
        raise ValidationError({name: f"A title has at most {LONGEST_TITLE} characters. The message has room for more."})
    if not text.strip():
        raise ValidationError({name: "Give it a title: a few words that say what is wrong."})

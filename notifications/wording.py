"""An organization's own words: found for a release, kept and given up by its admins."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from notifications.models import MessageTemplate
from notifications.own_words import OwnWords, Use
from notifications.placeholders import KINDS, MAINTENANCE
from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import Organization, Ring, User
from statuspage.organizations.plan import Channel
from statuspage.pages.languages import LANGUAGES

_KIND_WORDS = {
    "first": ("First word", "When a ring hears of an incident"),
    "update": ("Update", "While it goes on"),
    "severity": ("Change of severity", "When it has become better or worse"),
    "correction": ("Correction", "When something that was said was wrong"),
    "resolved": ("Resolved", "When it is over"),
    "reopened": ("Reopened", "When it was not over after all"),
    "summary": ("Summary", "When it was over before a ring's turn"),
    "holding": ("Holding message", "When there is nothing new, and somebody waits"),
    "postmortem": ("Postmortem", "When it is published"),
    MAINTENANCE: ("Maintenance", "Everything about planned work"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where own words are said. `ring` None: to every ring that has none of its own."""

    kind: str
    ring: Ring | None
    channel: Channel
    language: str

    @property
    def use(self) -> Use:
        return Use(kind=self.kind, channel=self.channel, is_open=self.ring is None or self.ring.is_open)

    @property
    def kind_label(self) -> str:
        return label_of(self.kind)

    @property
    def ring_label(self) -> str:
        return self.ring.name if self.ring else "Every ring"

    @property
    def ring_key(self) -> str:
        """As addresses have it."""
        return self.ring.key if self.ring else EVERY

    @property
    def language_label(self) -> str:
        return dict(LANGUAGES).get(self.language, self.language)

    def __str__(self) -> str:
        return f"{self.kind_label}, {self.ring_label}, {self.channel.label}, {self.language_label}"


EVERY = "*"
"""Stands for every ring in addresses. No ring's key looks like it."""


class Book:
    """All own words of one organization, by where they are said."""

    def __init__(self, rows: QuerySet[MessageTemplate]) -> None:
        found = rows.values_list("kind", "ring__key", "channel", "language", "subject", "body")
        self._words: dict[tuple[str | None, ...], OwnWords] = {
            tuple(where): OwnWords(subject=subject, body=body) for *where, subject, body in found
        }

    def find(self, kind: str, *, ring: str, channel: Channel, language: str) -> OwnWords | None:
        """The most specific: a ring's before every ring's. None: Ripple's words are said."""
        own = self._words.get((kind, ring, channel.value, language))
        return own or self._words.get((kind, None, channel.value, language))


def book_of(organization: Organization) -> Book:
    return Book(MessageTemplate.objects.filter(organization=organization))


def label_of(kind: str) -> str:
    return _KIND_WORDS.get(kind, (kind.capitalize(), ""))[0]


def kinds() -> list[tuple[str, str, str]]:
    """Key, name and when it is said, in the order in which an incident goes."""
    order = [*_KIND_WORDS, *KINDS]
    return [(kind, *_KIND_WORDS.get(kind, (kind.capitalize(), ""))) for kind in sorted(KINDS, key=order.index)]


def rows_at(organization: Organization, place: Place) -> QuerySet[MessageTemplate]:
    rows = MessageTemplate.objects.filter(organization=organization, ring=place.ring)
    return rows.filter(kind=place.kind, channel=place.channel.value, language=place.language)


@transaction.atomic
def keep(organization: Organization, place: Place, own: OwnWords, *, by: User) -> None:
    """Say these from the next release on. They must have been found right (own_words.refusals)."""
    before = _words_at(organization, place)
    after = {"subject": own.subject, "body": own.body}
    if before == after:
        return
    MessageTemplate.objects.update_or_create(
        organization=organization,
        kind=place.kind,
        ring=place.ring,
        channel=place.channel.value,
        language=place.language,
        defaults={**after, "changed_at": clock.now(), "changed_by": by},
    )
    audit.record(organization, by=by, verb="worded", target=f"message {place}", before=before, after=after)


@transaction.atomic
def give_up(organization: Organization, place: Place, *, by: User) -> bool:
    """Back to Ripple's words, from the next release on; False when they are said already."""
    before = _words_at(organization, place)
    if before is None:
        return False
    rows_at(organization, place).delete()
    audit.record(organization, by=by, verb="unworded", target=f"message {place}", before=before)
    return True


def _words_at(organization: Organization, place: Place) -> dict[str, Any] | None:
    row = rows_at(organization, place).select_for_update(of=("self",)).first()
    return {"subject": row.subject, "body": row.body} if row else None

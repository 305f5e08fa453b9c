"""The inbox page: what each ring received, and when. In the demo only, for anybody on this machine, without login.

It shows what arrived at the sinks, not what the database says was sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from notifications.models import Broadcast
from statuspage.demo.mailbag import Mailbag, Message
from statuspage.demo.sink_http import words_of
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Organization, Ring
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page
from subscribers.models import Person

MOST_SHOWN = 40
ADDRESSES_SHOWN = 12
KIND_WORDS = {
    "first": "First word",
    "update": "Update",
    "severity": "Severity changed",
    "resolved": "Resolved",
    "summary": "Summary",
}
# The mail as its reader sees it: its own inline styles, and nothing from anywhere else.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Copy:
    """A broadcast on one channel."""

    message: Message

    @property
    def key(self) -> str:
        return f"{self.message.broadcast_id}-{self.message.sample.channel}"

    @property
    def channel(self) -> Channel:
        return Channel(self.message.sample.channel)

    @property
    def words(self) -> str:
        sample = self.message.sample
        return words_of(sample) if self.channel.is_endpoint else sample.text

    @property
    def took(self) -> str:
        """From the first person to the last."""
        return briefly(max(self.message.last_at - self.message.first_at, timedelta(seconds=0.1)))

    @property
    def some_addresses(self) -> list[str]:
        return self.message.addresses[:ADDRESSES_SHOWN]

    @property
    def other_addresses(self) -> int:
        return len(self.message.addresses) - len(self.some_addresses)


@dataclass(frozen=True, slots=True)
class Card:
    """A broadcast in its ring's column, with its copies in the order in which the channels brought the first."""

    broadcast: Broadcast
    copies: list[Copy]

    @property
    def new_at(self) -> int:
        return self.copies[0].message.new_at

    @property
    def first_at(self) -> datetime:
        return self.copies[0].message.first_at

    @property
    def after(self) -> str:
        return briefly(self.first_at - self.broadcast.ring_state.incident.clock_started_at)

    @property
    def kind(self) -> str:
        return KIND_WORDS.get(self.broadcast.kind, self.broadcast.kind.capitalize())

    @property
    def css(self) -> str:
        """The end is green, as on the page."""
        return "is-operational" if self.broadcast.kind in {"resolved", "summary"} else ""


@dataclass(frozen=True, slots=True)
class Column:
    """A ring: how many people stand in it, and what they heard, newest first."""

    ring: Ring
    people: int
    cards: list[Card]

    @property
    def radius(self) -> int:
        """Of its circle in the little pond beside its name."""
        return 6 + 4 * (self.ring.position or 0)


def briefly(length: timedelta) -> str:
    """ "0.4 s", "2 min 5 s", "3 h 12 min"."""
    seconds = length.total_seconds()
    if seconds < 60:
        return f"{max(seconds, 0):.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


@require_safe
def show(request: HttpRequest, organization: str) -> HttpResponse:
    found = get_object_or_404(Organization, slug=organization)
    place, messages = mailbag().read_on()
    with scope(organization=found):
        context = {
            "organization": found,
            "organizations": Organization.objects.order_by("id"),
            "page": Page.objects.prefetch_related("hosts").first(),
            "columns": _columns(found, messages),
            "place": place,
        }
        return render(request, "demo/inbox.html", context)


@require_safe
def news(request: HttpRequest, organization: str) -> HttpResponse:
    """What arrived since the place `?after=`, as pieces that htmx puts where they belong; 204 when nothing did."""
    found = get_object_or_404(Organization, slug=organization)
    after = _number(request.GET.get("after", ""))
    place, messages = mailbag().read_on()
    if after > place:  # the ledger begins anew: so must the page
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    changed = {message.broadcast_id for message in messages if message.changed_at > after}
    if not changed:
        return HttpResponse(status=204)
    with scope(organization=found):
        cards = _cards(message for message in messages if message.broadcast_id in changed)
        known = [copy for card in cards if card.new_at <= after for copy in card.copies]
        context = {
            "organization": found,
            "place": place,
            "new_cards": [card for card in cards if card.new_at > after],
            "new_copies": [copy for copy in known if copy.message.new_at > after],
            "grown": [copy for copy in known if copy.message.new_at <= after < copy.message.changed_at],
        }
        return render(request, "demo/news.html", context)


@require_safe
def mail(request: HttpRequest, organization: str, broadcast: int) -> HttpResponse:
    """The e-mail of a broadcast as the first person got it, in a page that may do nothing."""
    found = get_object_or_404(Organization, slug=organization)
    with scope(organization=found):
        get_object_or_404(Broadcast, pk=broadcast)
    message = mailbag().find(broadcast, Channel.EMAIL.value)
    if message is None:
        raise Http404
    return HttpResponse(message.sample.html, headers={"Content-Security-Policy": MAIL_POLICY})


def mailbag() -> Mailbag:
    """What `manage.py demo_catch` has caught."""
    return _mailbag_at(settings.DATA_DIR / "inbox.jsonl")


@cache
def _mailbag_at(path: Path) -> Mailbag:
    return Mailbag(path)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Http404
    return int(text)


def _columns(organization: Organization, messages: Iterable[Message]) -> list[Column]:
    newest_first = _cards(messages)[::-1]
    return [
        Column(
            ring=ring,
            people=Person.objects.people().filter(ring=None if ring.is_open else ring).count(),
            cards=[card for card in newest_first if card.broadcast.ring_state.ring_id == ring.pk][:MOST_SHOWN],
        )
        for ring in organization.rings.filter(position__isnull=False).order_by("position")
    ]


def _cards(messages: Iterable[Message]) -> list[Card]:
    """Broadcasts of the organization in scope, in the order they came in."""
    copies: dict[int, list[Copy]] = {}
    for message in messages:
        copies.setdefault(message.broadcast_id, []).append(Copy(message))
    broadcasts = Broadcast.objects.select_related("ring_state__ring", "ring_state__incident").in_bulk(copies)
    return [Card(broadcasts[key], group) for key, group in copies.items() if key in broadcasts]

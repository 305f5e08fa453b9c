"""Something to try words on: what a ring really heard, or a sample that says so."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from incidents.words import Impact, IncidentStatus
from notifications import rendering
from notifications.models import Broadcast
from notifications.placeholders import ENDINGS, MAINTENANCE
from notifications.planned_work import Occasion, PlannedWork
from notifications.reading import Aside, Inner, Reading, Saying, Telling, what_may_be_read
from notifications.rings import Kind
from notifications.wording import Place
from statuspage.kit.templatetags.ripple import on_day
from statuspage.organizations.models import Organization, Ring
from statuspage.organizations.plan import PlanRing
from statuspage.pages.models import Page

_MORNING = datetime(2026, 1, 16, 10, 4, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """`source` says in a sentence what it is made of."""

    reading: Reading
    unsubscribe: str
    source: str


def example_for(organization: Organization, place: Place) -> Example:
    """The newest message of this kind that the ring heard, as it was at that moment; else a sample."""
    ring = place.ring or _outermost()
    heard = _newest(place)
    if heard is None:
        sentence = f"Shown with a sample: {ring.name} has not heard such a message yet."
        unsubscribe = _way_out(ring.planned, _first_page())
        return Example(reading=sample_for(organization, place), unsubscribe=unsubscribe, source=sentence)
    reading, told = _as_heard(heard, place)
    incident, name = heard.ring_state.incident, heard.ring_state.ring.name
    sentence = f"Shown with incident {incident.number}, as {name} heard it on {on_day(heard.released_at)}."
    return Example(reading=reading, unsubscribe=_way_out(told, _page_of(heard, told)), source=sentence)


def sample_for(organization: Organization, place: Place) -> Reading:
    ring = place.ring or _outermost()
    return sample(organization.name, ring.planned, place, _first_page())


def sample(organization: str, ring: PlanRing, place: Place, page: Page | None) -> Reading:
    """Ordinary words of an ordinary length, the same every time."""
    with override(place.language):
        over, planned = place.kind in ENDINGS, place.kind == MAINTENANCE
        status = IncidentStatus.RESOLVED if over else IncidentStatus.INVESTIGATING
        words = _("Some card payments fail. We are finding out why.")
        return Reading(
            organization=organization,
            ring=ring.name,
            kind=Kind.UPDATE if planned else Kind(place.kind),
            title=_("Database upgrade") if planned else _("Card payments are failing"),
            status=status.label,
            status_in_a_sentence=status.in_a_sentence,
            impact=Impact.MAJOR.label,
            started_at=_MORNING,
            ended_at=_MORNING + timedelta(minutes=47) if over else None,
            newest=Saying(number=2, status=status.label, at=_MORNING, text=words, html=f"<p>{words}</p>"),
            notes=() if ring.is_open else (Aside(reader=ring.name, text=_("Refunds are not needed.")),),
            earlier=(),
            services=(_("Checkout: partial outage"),),
            next_update_at=None if over or planned else _MORNING + timedelta(minutes=30),
            expected_fix_at=None if over or planned else _MORNING + timedelta(hours=1),
            planned=_sample_work(page) if planned else None,
            inner=None if ring.is_open else _sample_inner(ring),
            zone=page.zone if page else "Etc/UTC",
            url=f"{page.url}/incidents/sampleonly00" if page and page.url else "https://status.example.com/incidents/x",
            thread="sampleonly00",
            language=place.language,
        )


def _sample_work(page: Page | None) -> PlannedWork:
    return PlannedWork(
        occasion=Occasion.SCHEDULED,
        begins_at=_MORNING,
        ends_at=_MORNING + timedelta(hours=2),
        lasted=None,
        zone=page.zone if page else "Etc/UTC",
    )


def _sample_inner(ring: PlanRing) -> Inner:
    return Inner(
        severity="SEV1",
        severity_before="SEV2",
        commander="Kim Berg",
        lead="Robin Adler",
        bridge_url="https://meet.example.com/incident" if ring.position == 0 else "",
    )


def _first_page() -> Page | None:
    return Page.objects.prefetch_related("hosts").order_by("id").first()


def _outermost() -> Ring:
    """Words for every ring are read by the open one, when there is one."""
    return Ring.objects.order_by("-is_open", F("position").desc(nulls_last=True))[0]


def _newest(place: Place) -> Broadcast | None:
    ring = place.ring or _outermost()
    rows = Broadcast.objects.filter(ring_state__ring=ring).select_related(
        "ring_state__ring", "ring_state__incident__organization", "ring_state__incident__severity"
    )
    is_maintenance = place.kind == MAINTENANCE
    rows = rows.filter(ring_state__incident__scheduled_for__isnull=not is_maintenance)
    if not is_maintenance:
        rows = rows.filter(kind=place.kind)
    return rows.order_by("-released_at", "-pk").first()


def _as_heard(heard: Broadcast, place: Place) -> tuple[Reading, PlanRing]:
    incident = heard.ring_state.incident
    ring = incident.frozen_plan.ring(heard.ring_state.ring.key)
    whole = Telling.of(incident)
    told = replace(whole, updates=[pair for pair in whole.updates if pair[0].number <= heard.to_number])
    reading = what_may_be_read(
        told,
        ring=ring,
        kind=Kind(heard.kind),
        after=heard.from_number,
        page=_page_of(heard, ring),
        language=place.language,
    )
    if not told.updates or reading.is_over:
        return reading, ring
    last = told.updates[-1][0]
    with override(place.language):
        then = replace(
            reading,
            status=last.stage_label,
            status_in_a_sentence=last.stage.in_a_sentence,
            next_update_at=last.next_update_at,
            expected_fix_at=last.expected_fix_at,
        )
    return then, ring


def _page_of(heard: Broadcast, ring: PlanRing) -> Page | None:
    """From which an open ring hears."""
    return heard.ring_state.incident.first_page() if ring.is_open else None


def _way_out(ring: PlanRing, page: Page | None) -> str:
    return rendering.way_out(page) if ring.is_open else ""

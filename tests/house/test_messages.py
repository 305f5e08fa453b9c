"""Every message there is can be said to every ring on every channel in every language, and says what it must."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from incidents.models import Incident
from incidents.words import IncidentStatus, UpdateKind
from notifications import rendering
from notifications.planned_work import Occasion
from notifications.reading import Reading, Telling, what_may_be_read
from notifications.rings import Kind
from statuspage.kit import clock
from statuspage.organizations.plan import Channel, default_plan
from statuspage.settings import BASE_DIR
from tests.makers import Cast, begin, note, open_incident, outage, post, resolve, schedule

RINGS = [ring.key for ring in default_plan().rings]


NEXT_UPDATE = {"en": "Next update", "de": "Nächste Meldung"}
TAGS = re.compile(
    r"{% blocktranslate.*?{% endblocktranslate %}|<style>.*?</style>|{[%{].*?[%}]}|<[^>]*>|/[a-z]+", re.DOTALL
)


@pytest.mark.parametrize("channel", Channel.for_people())
@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", NEXT_UPDATE)
def test_every_kind_renders_for_every_ring(acme: Cast, language: str, kind: Kind, channel: Channel) -> None:
    incident = open_incident(
        acme,
        body="Tom & Jerry's <b>payments</b> fail.",
        notes=(note("Inner & outer", 3, "legal", "hr", "security"),),
        services=outage(acme.checkout),
    )
    if kind in {Kind.RESOLVED, Kind.SUMMARY}:
        resolve(acme, incident, "All's well.")
    incident.refresh_from_db()
    for ring in default_plan().rings:
        telling = Telling.of(incident)
        reading = what_may_be_read(telling, ring=ring, kind=kind, page=acme.page, language=language)
        words = rendering.render(
            reading, channel=channel, unsubscribe="https://status.acme.test/u/" if ring.is_open else ""
        )
        assert "&amp;" not in words.text, "text is not escaped"
        assert "&#x27;" not in words.text
        assert "{{" not in words.text + words.html
        assert reading.title in words.text
        if channel is Channel.EMAIL:
            assert "<b>payments</b>" not in words.html, "HTML is escaped"
            assert "\n" not in words.subject
            assert words.subject.startswith("[Acme]")
        if not reading.is_over:
            assert NEXT_UPDATE[language] in words.text, "everyone is told when to expect the next word"
        assert rendering.from_json(rendering.to_json(words)) == words


def test_no_word_of_a_message_is_out_of_a_translators_reach() -> None:
    for path in (BASE_DIR / "templates" / "messages").rglob("*.*"):
        left = TAGS.sub("", path.read_text(encoding="utf-8"))
        assert not re.search(r"[A-Za-z]", left), f"{path.relative_to(BASE_DIR)} has words outside of {{% translate %}}"


def test_an_sms_fits_into_two_segments_for_ordinary_words(acme: Cast) -> None:
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    for ring, language in product(default_plan().line_rings, NEXT_UPDATE):
        reading = what_may_be_read(Telling.of(incident), ring=ring, kind=Kind.FIRST, page=acme.page, language=language)
        assert len(rendering.render(reading, channel=Channel.SMS).text) <= 306


HOUR = timedelta(hours=1)
OVER = {Occasion.FINISHED, Occasion.CANCELLED}


def planned(acme: Cast) -> Incident:
    begins_at = clock.now() + 2 * HOUR
    inside = note("Inner & outer", 3, "legal", "hr", "security")
    words: dict[str, Any] = {"title": "Tom & Jerry's upgrade", "body": "<b>Writing</b> stops.", "notes": (inside,)}
    return schedule(acme, acme.checkout, begins_at=begins_at, ends_at=begins_at + HOUR, **words)


STEPS: dict[Occasion, dict[str, Any]] = {
    Occasion.SCHEDULED: {},
    Occasion.REMINDER: {"kind": UpdateKind.REMIND},
    Occasion.UPDATE: {"body": "All is ready."},
    Occasion.MOVED: {"kind": UpdateKind.RESCHEDULE},
    Occasion.BEGINS: {"status": IncidentStatus.IN_PROGRESS},
    Occasion.GOES_ON: {"body": "Half of it is done."},
    Occasion.CHECKING: {"status": IncidentStatus.VERIFYING},
    Occasion.EXTENDED: {"kind": UpdateKind.RESCHEDULE},
    Occasion.FINISHED: {"kind": UpdateKind.RESOLVE},
    Occasion.CANCELLED: {"kind": UpdateKind.CANCEL},
}
RUNNING = {Occasion.GOES_ON, Occasion.CHECKING, Occasion.EXTENDED, Occasion.FINISHED}


def led_to(acme: Cast, occasion: Occasion) -> tuple[Incident, Kind]:
    """A maintenance of which `occasion` is to be told, and as what."""
    maintenance = planned(acme)
    if occasion in RUNNING:
        begin(acme, maintenance)
    step = STEPS[occasion]
    if step.get("kind") is UpdateKind.RESCHEDULE and maintenance.window:
        step = {**step, "window": replace(maintenance.window, ends_at=maintenance.window.ends_at + HOUR)}
    if step:
        post(acme, maintenance, **step)
    maintenance.refresh_from_db()
    if occasion in OVER:
        return maintenance, Kind.RESOLVED
    return maintenance, Kind.FIRST if occasion in {Occasion.SCHEDULED, Occasion.GOES_ON} else Kind.UPDATE


def readings(acme: Cast, maintenance: Incident, kind: Kind) -> list[Reading]:
    after = 0 if kind is Kind.FIRST else maintenance.last_number - 1
    return [
        what_may_be_read(Telling.of(maintenance), ring=ring, kind=kind, after=after, page=acme.page)
        for ring in default_plan().rings
    ]


@pytest.mark.parametrize("occasion", list(Occasion))
def test_every_word_of_a_maintenance_renders_for_every_ring(acme: Cast, occasion: Occasion) -> None:
    maintenance, kind = led_to(acme, occasion)
    for reading in readings(acme, maintenance, kind):
        mail = rendering.render(reading, channel=Channel.EMAIL)
        assert mail.subject == f"[Acme] {occasion}: Tom & Jerry's upgrade"
        sms = rendering.render(reading, channel=Channel.SMS)
        assert len(sms.text) <= 306
        for text in (mail.text, sms.text):
            assert f"{occasion}: Tom & Jerry's upgrade." in text
            assert "UTC" in text or occasion is Occasion.FINISHED, "when the work is planned"
            assert not any(words in text for words in ("since", "ixed by", "Next update", "None", "{{", "&amp;"))
        assert reading.planned is not None
        assert reading.planned.when in mail.html
        assert "<b>Writing</b>" not in mail.html, "HTML is escaped"
        assert rendering.from_json(rendering.to_json(mail)) == mail


@pytest.mark.parametrize("kind", list(Kind))
def test_no_kind_of_message_of_a_maintenance_is_without_words(acme: Cast, kind: Kind) -> None:
    for reading in readings(acme, planned(acme), kind):
        for channel in Channel.for_people():
            assert reading.title in rendering.render(reading, channel=channel).text


def test_what_covers_several_updates_is_named_after_the_weightiest(acme: Cast) -> None:
    maintenance = planned(acme)
    post(acme, maintenance, kind=UpdateKind.REMIND)
    begin(acme, maintenance)
    post(acme, maintenance, "Half of it is done.")
    maintenance.refresh_from_db()
    ring = default_plan().rings[0]
    for after, occasion in ((1, Occasion.BEGINS), (2, Occasion.BEGINS), (3, Occasion.UPDATE)):
        reading = what_may_be_read(Telling.of(maintenance), ring=ring, kind=Kind.UPDATE, after=after)
        assert reading.planned is not None
        assert reading.planned.occasion is occasion


@pytest.mark.parametrize("occasion", list(Occasion))
def test_nothing_ripple_says_of_maintenance_is_english_in_a_german_letter(acme: Cast, occasion: Occasion) -> None:
    """Whoever planned it wrote one sentence; all else is ours."""
    maintenance, kind = led_to(acme, occasion)
    after = 0 if kind is Kind.FIRST else maintenance.last_number - 1
    for ring in default_plan().rings:
        reading = what_may_be_read(
            Telling.of(maintenance), ring=ring, kind=kind, after=after, page=acme.page, language="de"
        )
        for channel in Channel.for_people():
            said = rendering.render(reading, channel=channel)
            for words in (said.text, re.sub("<style>.*?</style>", "", said.html, flags=re.DOTALL)):
                assert not re.search(r"\b([Tt]he|maintenance|[Ww]ork|reminder|has|now|planned)\b", words), words

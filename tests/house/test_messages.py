"""Every message there is can be said to every ring on every channel, and says what a message must."""

import pytest

from notifications import rendering
from notifications.reading import Telling, what_may_be_read
from notifications.rings import Kind
from statuspage.organizations.plan import Channel, default_plan
from tests.makers import Cast, note, open_incident, outage, resolve

RINGS = [ring.key for ring in default_plan().rings]


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_renders_for_every_ring(acme: Cast, kind: Kind, channel: Channel) -> None:
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
        reading = what_may_be_read(Telling.of(incident), ring=ring, kind=kind, page=acme.page)
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
            assert "Next update" in words.text, "everyone is told when to expect the next word"
        assert rendering.from_json(rendering.to_json(words)) == words


def test_an_sms_fits_into_two_segments_for_ordinary_words(acme: Cast) -> None:
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    for ring in default_plan().line_rings:
        reading = what_may_be_read(Telling.of(incident), ring=ring, kind=Kind.FIRST, page=acme.page)
        assert len(rendering.render(reading, channel=Channel.SMS).text) <= 306

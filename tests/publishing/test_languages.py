"""A page in two languages: the same facts, each at its own addresses."""

import re

from statuspage.pages.models import Page
from tests.makers import Cast, open_incident, outage, resolve
from tests.publishing.conftest import Published


def test_a_german_edition_stands_beside_the_english_one(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["en", "de"])
    incident = open_incident(acme, public_title="Karten", body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    german = published.text(acme.page, "de.html")
    assert '<html lang="de">' in german
    assert "Karten seit" in german
    assert "Teilausfall" in german
    assert "Nächste Meldung bis" in german
    assert f'href="/de/incidents/{incident.public_id}"' in german
    assert 'hreflang="en"' in german
    assert "Wird untersucht" in published.text(acme.page, f"de/incidents/{incident.public_id}.html")
    english = published.text(acme.page)
    assert "Partial outage" in english
    assert re.search(r'<a href="/de"[^>]*>Deutsch</a>', english)


def test_the_first_language_is_the_pages_own(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["de"])
    resolve(acme, open_incident(acme, body="Karten gehen nicht.", services=outage(acme.cards)))
    published.publish(acme.page)
    assert "Alle Dienste laufen normal." in published.text(acme.page)
    assert "de.html" not in published.names(acme.page)
    assert "Verlauf" in published.text(acme.page, "history.html")

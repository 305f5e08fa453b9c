"""A page in two languages: the same facts, each at its own addresses."""

import re

from statuspage.pages.models import Page, PageService, Service
from tests.makers import Cast, open_incident, outage, resolve
from tests.publishing.conftest import Published
from tests.visiting import visitor


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


def test_what_is_not_there_is_said_in_every_language_of_the_page(acme: Cast, published: Published) -> None:
    """A web server knows one such file, and not which language somebody reads."""
    Page.objects.update(languages=["en", "de"])
    published.publish(acme.page)
    english, german = published.text(acme.page, "404.html").split('<section lang="de">')
    assert "There is nothing at this address" in english
    assert '<a href="/">See how all services are doing.' in english
    assert "Unter dieser Adresse gibt es nichts" in german
    assert '<a href="/de">Sehen Sie, wie es allen Diensten geht.' in german
    assert 'href="/de/404"' not in german


def test_a_link_that_was_cut_off_is_told_of_in_the_visitors_language(acme: Cast) -> None:
    Page.objects.update(languages=["en", "de"])
    answer = visitor().get("/u/cut-off", headers={"accept-language": "de-AT"})
    assert answer.status_code == 404
    assert '<html lang="de">' in answer.content.decode()
    assert "Unter dieser Adresse gibt es nichts" in answer.content.decode()
    assert 'href="/de"' in answer.content.decode()


def test_of_many_affected_services_the_first_few_are_named_and_the_rest_are_folded(
    acme: Cast, published: Published
) -> None:
    """What is known stands in the first screen, however many services are affected."""
    services = [Service.objects.create(organization=acme.organization, name=f"Region {n}") for n in range(9)]
    for service in services:
        PageService.objects.create(organization=acme.organization, page=acme.page, service=service)
    incident = open_incident(acme, body="Down.", services=outage(*services))
    published.publish(acme.page)
    for name in ("index.html", f"incidents/{incident.public_id}.html"):
        shown, folded = published.text(acme.page, name).split("and 4 more services\n</summary>")
        assert "Region 4" in shown
        assert "Region 5" not in shown
        assert "Region 5, Region 6, Region 7, Region 8" in folded.partition("</details>")[0]


def test_the_first_language_is_the_pages_own(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["de"])
    resolve(acme, open_incident(acme, body="Karten gehen nicht.", services=outage(acme.cards)))
    published.publish(acme.page)
    assert "Alle Dienste laufen normal." in published.text(acme.page)
    assert "de.html" not in published.names(acme.page)
    assert "Verlauf" in published.text(acme.page, "history.html")

"""A page in two languages: the same facts, each at its own addresses."""

import re

from incidents.windows import Window
from statuspage.kit import clock
from statuspage.pages.models import Page, PageService, Service
from tests.makers import Cast, begin, open_incident, outage, reschedule, resolve, schedule
from tests.publishing.conftest import Published
from tests.timeline import START, instant
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


def test_what_ripple_says_of_maintenance_by_itself_is_said_in_each_language(acme: Cast, published: Published) -> None:
    """On the page, in feed and calendar; what people wrote stays as they wrote it, and so does what programs read."""
    Page.objects.update(languages=["en", "de"])
    clock.make_movable(START)
    work = schedule(acme, acme.api, begins_at=instant("+1 10:00"), ends_at=instant("+1 12:00"), body="Own words.")
    reschedule(acme, work, Window(begins_at=instant("+2 10:00"), ends_at=instant("+2 12:00")))
    begin(acme, work)
    published.publish(acme.page)
    for name in (f"incidents/{work.public_id}.html", f"incidents/{work.public_id}.atom"):
        english, german = published.text(acme.page, name), published.text(acme.page, f"de/{name}")
        for words in ("The maintenance has begun.", "It is now planned for 4 March, 10:00–12:00 UTC."):
            assert (words in english, words in german) == (True, False), (name, words)
        for words in ("Die Wartung hat begonnen.", "Sie ist jetzt geplant für 4. März, 10:00–12:00 UTC."):
            assert (words in english, words in german) == (False, True), (name, words)
        assert "Own words." in german
    assert "Die Wartung hat begonnen." in published.text(acme.page, "de/maintenance.ics")
    assert "The maintenance has begun." in published.text(acme.page, "api/v2/scheduled-maintenances.json")


def test_the_first_language_is_the_pages_own(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["de"])
    resolve(acme, open_incident(acme, body="Karten gehen nicht.", services=outage(acme.cards)))
    published.publish(acme.page)
    assert "Alle Dienste laufen normal." in published.text(acme.page)
    assert "de.html" not in published.names(acme.page)
    assert "Verlauf" in published.text(acme.page, "history.html")

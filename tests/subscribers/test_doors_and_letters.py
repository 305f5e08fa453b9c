"""The pages and letters around signing up: in which language they speak, how they look, and where they lead."""

import re

from django.test import Client

from statuspage.pages.look import look_of
from statuspage.pages.models import Page, PageImage, PageService
from subscribers import unsubscribing
from subscribers.choosing import Choice, chosen
from subscribers.models import Address
from tests.engine import Engine
from tests.makers import Cast, open_incident, outage, picture, resolve
from tests.subscribers.asking import ANNA, EVERYTHING, confirm, link_to, sign_up
from tests.visiting import HOST, send, visitor

OF_THE_APPLICATION = ("/u/", "/subscribe", "/static/")


def test_the_form_speaks_the_language_of_the_page_it_was_opened_from(acme: Cast, engine: Engine) -> None:
    """Whatever the browser prefers; a language that the page does not speak is none."""
    assert "How" in visitor().get("/subscribe?language=de").content.decode()
    Page.objects.update(languages=["en", "de"])
    shown = visitor().get("/subscribe?language=de").content.decode()
    assert "Was Sie erfahren wollen" in shown
    assert 'action="/subscribe?language=de"' in shown
    send(visitor(), "/subscribe?language=de", {**EVERYTHING, "email": ANNA})
    engine.send()
    assert engine.to(ANNA)[0].subject.startswith("Bestätigen Sie")


def test_the_pages_behind_a_letter_speak_as_the_letter_does(acme: Cast, engine: Engine) -> None:
    """Anna signed up on the German page, and opens her mails in a browser that asks for English."""
    Page.objects.update(languages=["en", "de"])
    send(visitor(), "/subscribe?language=de", {**EVERYTHING, "email": ANNA})
    link, english = link_to(engine, ANNA), Client(headers={"host": HOST, "accept-language": "en-GB,en;q=0.9"})
    for answer in (english.get(link), english.post(link)):
        assert '<html lang="de">' in answer.content.decode()
    incident = open_incident(acme, body="Slow.", services=outage(acme.checkout))
    own = f"/u/{unsubscribing.token_of(Address.objects.get())}"
    kept = {**EVERYTHING, "language": "de"}
    for path in (own, f"{own}/choices", f"{own}/incidents/{incident.public_id}"):
        assert '<html lang="de">' in english.get(path).content.decode(), path
    assert "Wählen Sie" in english.post(f"{own}/choices", {**kept, "kinds": []}).content.decode()
    assert '<html lang="en">' in english.post(f"{own}/choices", {**kept, "language": "en"}).content.decode()
    assert '<html lang="en">' in english.post(own).content.decode(), "and from then on English"


def test_every_way_back_from_a_german_page_leads_to_the_german_edition(acme: Cast, engine: Engine) -> None:
    Page.objects.update(languages=["en", "de"])
    incident = open_incident(acme, body="Slow.", services=outage(acme.checkout))
    german = "?language=de"
    about = f"/subscribe/incidents/{incident.public_id}{german}"
    shown = [visitor().get(path) for path in (about, f"/subscribe{german}", f"/subscribe/link{german}")]
    form = {"channel": "email", "incident": incident.public_id, "email": ANNA}
    shown += [send(visitor(), f"/subscribe{german}", form)]
    link = link_to(engine, ANNA)
    shown += [visitor().get(link), visitor().post(link)]
    own = f"/u/{unsubscribing.token_of(Address.objects.get())}"
    shown += [visitor().get(path) for path in (f"{own}/choices", f"{own}/incidents/{incident.public_id}", own)]
    resolve(acme, incident)
    shown += [visitor().get(about), visitor().get(f"/subscribe/incidents/nothere00000{german}"), visitor().post(own)]
    for answer in shown:
        words = answer.content.decode()
        assert '<html lang="de">' in words
        left = [path for path in re.findall(r'href="(/[^"]*)"', words) if not path.startswith(OF_THE_APPLICATION)]
        assert left, answer.request["PATH_INFO"]
        assert all(path == "/de" or path.startswith("/de/") for path in left), (answer.request["PATH_INFO"], left)


def test_incidents_that_are_followed_by_themselves_are_called_by_their_titles(acme: Cast, engine: Engine) -> None:
    incident = open_incident(acme, public_title="Cards fail", body="Slow.", services=outage(acme.checkout))
    sign_up(incident=incident.public_id)
    confirm(engine)
    own = f"/u/{unsubscribing.token_of(Address.objects.get())}"
    named = f'<a href="/incidents/{incident.public_id}">Cards fail</a>'
    leaving = f"{own}/incidents/{incident.public_id}"
    for answer in (visitor().get(f"{own}/choices"), visitor().get(leaving), visitor().post(leaving)):
        assert named in answer.content.decode()
    assert "this incident" in visitor().get(f"{own}/incidents/nothere00000").content.decode()


def test_the_doors_of_a_page_look_as_the_page_does_where_everybody_may_see_it(acme: Cast) -> None:
    Page.objects.update(accent="#7722aa")
    PageImage.objects.create(
        organization=acme.organization, page=acme.page, kind="logo", body=picture(120, 40), width=120, height=40
    )
    look = look_of(Page.objects.get())
    assert look.theme
    assert look.logo
    names = [look.theme.name, look.logo.document.name]
    assert [name for name in names if f'"/{name}"' in visitor().get("/subscribe").content.decode()] == names
    Page.objects.update(audience="members")
    assert "/assets/" not in visitor().get("/subscribe").content.decode(), "nor would it be served"


def test_what_is_wrong_is_said_in_the_language_of_the_form(acme: Cast) -> None:
    Page.objects.update(languages=["en", "de"])
    answer = send(visitor(), "/subscribe?language=de", {**EVERYTHING, "email": "anna"})
    assert answer.status_code == 422
    assert "können wir nicht schreiben" in answer.content.decode()


def test_letters_have_a_button_beside_the_text(acme: Cast, engine: Engine) -> None:
    """In HTML nothing that a stranger typed is more than text."""
    Page.objects.update(name="<b>Acme</b> & Co", languages=["de"])
    sign_up()
    engine.send()
    (letter,) = engine.to(ANNA)
    assert '<html lang="de">' in letter.html
    assert "Nachrichten beginnen" in letter.html
    assert "&lt;b&gt;Acme&lt;/b&gt; &amp; Co" in letter.html
    assert "<b>Acme</b> & Co" in letter.text
    link = re.search(rf"http://{HOST}(/subscribe/confirmation/\S+)", letter.text)
    assert link
    assert f'href="http://{HOST}{link[1]}"' in letter.html
    assert "background" in letter.html.split("<body")[1], "the button is one where styles are taken away, too"


def test_letters_speak_the_visitors_language(acme: Cast, engine: Engine) -> None:
    Page.objects.update(languages=["en", "de"])
    german = Client(headers={"host": HOST, "accept-language": "de-AT,de;q=0.9"})
    assert "Was Sie erfahren wollen" in german.get("/subscribe").content.decode()
    german.post("/subscribe", {**EVERYTHING, "email": ANNA}, headers={"host": HOST, "origin": f"http://{HOST}"})
    engine.send()
    (letter,) = engine.to(ANNA)
    assert letter.subject == "Bestätigen Sie, dass Sie Nachrichten von Acme status möchten"
    assert "drücken Sie den Knopf" in letter.text


def test_where_a_page_has_no_services_nobody_is_asked_which(acme: Cast, engine: Engine) -> None:
    PageService.objects.all().delete()
    shown = visitor().get("/subscribe").content.decode()
    assert "Only the services I choose" not in shown
    assert "When something is wrong" in shown
    send(visitor(), "/subscribe", {"channel": "email", "email": ANNA, "kinds": "maintenance"})
    confirm(engine)
    assert chosen(Address.objects.get(), acme.page) == Choice(is_for_incidents=False)

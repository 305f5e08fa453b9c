"""Who hears what, and in which words, with the engine in this process and time moved by hand."""

from notifications import planning
from notifications.models import Rendition
from statuspage.kit import clock
from statuspage.organizations.plan import Channel
from subscribers.models import Person
from tests.engine import Engine
from tests.makers import Cast, change_severity, make_person, note, open_incident, outage, post, resolve, subscribe
from tests.timeline import Timeline, instant

RINGS = ("on_call", "support", "execs", "employees")


def people(acme: Cast) -> None:
    for ring in RINGS:
        make_person(acme.organization, f"{ring}@acme.test", ring=ring, confirmed_at=instant("09:00"))
    subscribe(make_person(acme.organization, "customer@example.com", confirmed_at=instant("09:00")), acme.page)
    subscribe(make_person(acme.organization, "api@example.com", confirmed_at=instant("09:00")), acme.page, acme.api)


def test_each_ring_hears_first_at_its_own_minute(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    people(acme)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    first_heard: dict[str, int] = {}
    for minute in range(16):
        timeline.to(f"10:{minute:02}")
        for caught in engine.caught():
            first_heard.setdefault(caught.to, minute)
    assert first_heard == {
        "on_call@acme.test": 0,
        "support@acme.test": 0,
        "execs@acme.test": 5,
        "employees@acme.test": 10,
        "customer@example.com": 10,
    }


def test_three_updates_before_the_customers_turn_are_one_message(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    people(acme)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:03")
    post(acme, incident, "It is the database.")
    timeline.to("10:07")
    post(acme, incident, "We are switching over.")
    timeline.to("10:12")
    (only,) = engine.to("customer@example.com")
    assert "We are switching over." in only.text
    assert len(engine.to("on_call@acme.test")) == 3


def test_inner_words_stay_inside(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    people(acme)
    incident = open_incident(
        acme,
        title="INNER-TITLE",
        body="Some payments fail.",
        services=outage(acme.checkout),
        notes=(note("NOTE-SUPPORT", 1), note("NOTE-ONCALL", 0)),
    )
    timeline.to("10:20")
    change_severity(acme, incident, "sev2")
    timeline.to("10:45")
    resolve(acme, incident)
    timeline.to("11:00")
    readers = {
        "NOTE-SUPPORT": {"on_call@acme.test", "support@acme.test"},
        "NOTE-ONCALL": {"on_call@acme.test"},
        "INNER-TITLE": {f"{ring}@acme.test" for ring in RINGS},
        "SEV": {f"{ring}@acme.test" for ring in RINGS},
    }
    for word, allowed in readers.items():
        found = {
            caught.to
            for caught in engine.caught()
            if word in caught.subject + caught.text + caught.html + str(caught.headers)
        }
        assert found == allowed, word


def test_resolving_reaches_all_who_heard_and_nobody_else(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    people(acme)
    incident = open_incident(acme, severity="sev2", body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:16")  # execs have heard (15); employees and customers (20) have not
    resolve(acme, incident, "Fixed.")
    timeline.to("11:30")
    ended = {caught.to for caught in engine.caught() if "Resolved" in caught.subject}
    assert ended == {"on_call@acme.test", "support@acme.test", "execs@acme.test"}
    assert engine.to("customer@example.com") == []


def test_the_frame_is_in_the_readers_language_and_the_words_are_as_written(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    spoken = {"deutsch@example.com": "de", "english@example.com": "en", "klingon@example.com": "tlh"}
    spoken |= {"otto@acme.test": "de", "+4915100000001": "de"}
    acme.page.languages = ["de", "en"]
    acme.page.save()
    for address, language in spoken.items():
        ring = None if address.endswith("example.com") else "on_call"
        person = make_person(acme.organization, address, ring=ring, confirmed_at=instant("09:00"))
        Person.objects.filter(pk=person.pk).update(language=language)
        if ring is None:
            subscribe(person, acme.page)
    incident = open_incident(
        acme, body="Some payments fail.", services=outage(acme.checkout), notes=(note("Roll back.", 0),)
    )
    timeline.to("10:12")
    (german,), (english,), (klingon,) = (engine.to(f"{name}@example.com") for name in ("deutsch", "english", "klingon"))
    assert german.subject == "[Acme] Wird untersucht: Trouble with payments"
    assert english.subject == "[Acme] Investigating: Trouble with payments"
    for part in (german.text, german.html):
        assert "Some payments fail." in part
        assert "Nächste Meldung bis 10:30 UTC." in part
        assert "Acme checkout: Teilausfall" in part
        assert "Diese Nachrichten beenden" in part
    assert '<html lang="de">' in german.html
    assert klingon.text.partition("\n--")[0] == german.text.partition("\n--")[0], "the page's own language"
    sms = Rendition.objects.filter(channel=Channel.SMS.value, language="de").earliest("pk")
    assert sms.words["text"].startswith("Acme SEV1: Payments are failing, wird untersucht. Nächste Meldung 10:30 UTC.")
    (inner,) = engine.to("otto@acme.test")
    assert "Für On-call: Roll back." in inner.text
    assert "SEV1 Wird untersucht" in inner.subject

    timeline.to("10:25")
    resolve(acme, incident, "Fixed.")
    timeline.to("10:40")
    assert engine.to("deutsch@example.com")[-1].text.startswith(
        "Behoben: Trouble with payments. Es dauerte 25 Minuten."
    )


def test_words_frozen_before_there_were_languages_are_still_sent(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    person = make_person(acme.organization, "deutsch@example.com", confirmed_at=instant("09:00"))
    Person.objects.filter(pk=person.pk).update(language="de")
    subscribe(person, acme.page)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    clock.move_to(instant("10:10"))
    while planning.plan_next():
        pass  # released, and not sent yet
    Rendition.objects.filter(channel=Channel.EMAIL.value, language="de").delete()
    engine.settle()
    (only,) = engine.to("deutsch@example.com")
    assert only.subject == "[Acme] Investigating: Trouble with payments"

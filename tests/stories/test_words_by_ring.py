"""Who hears what, and in which words, with the engine in this process and time moved by hand."""

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

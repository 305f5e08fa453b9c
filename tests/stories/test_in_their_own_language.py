"""Who chose German reads German, by mail and by SMS, on a page that speaks both: the real processes, a real relay."""

import pytest

from tests.makers import Cast, make_person, open_incident, outage, resolve, subscribe
from tests.processes import Processes
from tests.timeline import Timeline, instant

pytestmark = pytest.mark.slow

ENGLISH, GERMAN = ("e@readers.example", "+4915100000001"), ("d@readers.example", "+4915100000002")


def test_a_message_is_in_its_readers_language(acme: Cast, processes: Processes) -> None:
    acme.page.languages = ["en", "de"]
    acme.page.save()
    for language, addresses in (("en", ENGLISH), ("de", GERMAN)):
        for address in addresses:
            person = make_person(acme.organization, address, confirmed_at=instant("09:00"))
            person.language = language
            person.save()
            subscribe(person, acme.page)
    processes.start("dispatch", "inner", "bulk")
    timeline = Timeline(processes.settle)
    incident = open_incident(acme, body="Some card payments fail.", services=outage(acme.checkout))
    timeline.to("10:10")
    resolve(acme, incident, "Payments work again.")
    timeline.to("10:20")

    told = {address: [caught for caught in processes.caught() if caught.to == address] for address in ENGLISH + GERMAN}
    assert {address: len(caught) for address, caught in told.items()} == dict.fromkeys(told, 2)
    for address, (first, last) in told.items():
        begun, ended = ("investigating", "resolved") if address in ENGLISH else ("untersuch", "behoben")
        assert begun in (first.subject or first.text).lower(), first
        assert ended in (last.subject or last.text).lower(), last
        page = f"{acme.page.url}/incidents/" if address in ENGLISH else f"{acme.page.url}/de/incidents/"
        assert page in first.text, "and leads to the page in that language"

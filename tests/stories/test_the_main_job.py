"""The main job, told as it happens: PostgreSQL, Valkey, Celery workers, dispatcher, SMTP and SMS, with moved time.

A SEV1 is opened at 10:00. Five rings hear in order, each in its own words; the neighbour's people hear nothing.
"""

import pytest

from incidents.models import Incident
from statuspage.demo.sinks import Caught
from statuspage.kit.tenancy import scope
from tests.makers import Cast, change_severity, make_person, note, open_incident, outage, post, resolve, subscribe
from tests.processes import Processes
from tests.timeline import Timeline, instant

pytestmark = pytest.mark.slow

TITLE, PUBLIC_TITLE = "Card gateway down after deploy 4711", "Trouble with payments"
NOTE_ON_CALL, NOTE_SUPPORT, NOTE_EXECS = "Roll back 4711.", "Refunds are not needed.", "About a fifth of revenue."

ON_CALL = {"otto@acme.test", "+4915100000001"}
SUPPORT = {"sue@acme.test", "sam@acme.test"}
EXECS = {"eve@acme.test"}
EMPLOYEES = {"emil@acme.test", "emma@acme.test"}
CUSTOMERS = {"everything@example.com", "checkout@example.com", "+4915100000009"}
NOT_CONCERNED = {"api@example.com", "unconfirmed@example.com", "stopped@example.com"}


def people_of_acme(acme: Cast) -> None:
    early = instant("09:00")
    make_person(acme.organization, "otto@acme.test", "+4915100000001", ring="on_call", confirmed_at=early)
    for address in SUPPORT:
        make_person(acme.organization, address, ring="support", confirmed_at=early)
    make_person(acme.organization, "eve@acme.test", ring="execs", confirmed_at=early)
    for address in EMPLOYEES:
        person = make_person(acme.organization, address, ring="employees", confirmed_at=early)
    subscribe(person, acme.page)  # an employee who also follows the page hears once, as an employee
    subscribe(make_person(acme.organization, "everything@example.com", confirmed_at=early), acme.page)
    subscribe(make_person(acme.organization, "checkout@example.com", confirmed_at=early), acme.page, acme.checkout)
    subscribe(
        make_person(acme.organization, "+4915100000009", confirmed_at=early), acme.page, acme.checkout, acme.cards
    )
    subscribe(make_person(acme.organization, "api@example.com", confirmed_at=early), acme.page, acme.api)
    unconfirmed, stopped = (
        make_person(acme.organization, f"{name}@example.com", confirmed_at=early) for name in ("unconfirmed", "stopped")
    )
    for person in (unconfirmed, stopped):
        subscribe(person, acme.page)
    unconfirmed.addresses.update(confirmed_at=None)
    stopped.addresses.update(stopped_at=early)


def people_of_the_neighbour(neighbour: Cast) -> None:
    for ring in ("on_call", "support", "execs", "employees"):
        make_person(neighbour.organization, f"{ring}@globex.test", ring=ring, confirmed_at=instant("09:00"))
    subscribe(
        make_person(neighbour.organization, "customer@globex.test", confirmed_at=instant("09:00")), neighbour.page
    )


class Story:
    """What arrived since the last look, by address."""

    def __init__(self, processes: Processes, timeline: Timeline) -> None:
        self._processes, self._timeline, self._seen = processes, timeline, 0

    def to(self, time: str) -> dict[str, list[Caught]]:
        self._timeline.to(time)
        caught = sorted(self._processes.caught(), key=lambda message: message.at)
        new, self._seen = caught[self._seen :], len(caught)
        arrived: dict[str, list[Caught]] = {}
        for message in new:
            arrived.setdefault(message.to, []).append(message)
        return arrived


def everything(message: Caught) -> str:
    return " ".join([message.subject, message.text, message.html, *message.headers.values()])


@pytest.fixture
def story(processes: Processes, acme: Cast, neighbour: Cast) -> Story:
    timeline = Timeline(processes.settle)
    people_of_acme(acme)
    with scope(organization=neighbour.organization):
        people_of_the_neighbour(neighbour)
    processes.start("dispatch", "inner", "bulk")
    return Story(processes, timeline)


def open_sev1(acme: Cast) -> Incident:
    return open_incident(
        acme,
        title=TITLE,
        public_title=PUBLIC_TITLE,
        body="Some card payments fail. We are finding out why.",
        notes=(note(NOTE_ON_CALL, 0), note(NOTE_SUPPORT, 1), note(NOTE_EXECS, 2)),
        services=outage(acme.checkout),
    )


def test_a_sev1_reaches_five_rings_in_order_and_in_their_own_words(
    acme: Cast, story: Story, processes: Processes
) -> None:
    incident = open_sev1(acme)
    at_once = story.to("10:00")
    assert at_once.keys() == ON_CALL | SUPPORT
    (mail,) = at_once["otto@acme.test"]
    assert mail.subject == f"[Acme] SEV1 Investigating: {TITLE}"
    assert "Next update by 10:30 UTC" in mail.text

    post(acme, incident, "It is the gateway.")
    assert story.to("10:04").keys() == ON_CALL - {"+4915100000001"} | SUPPORT | {"+4915100000001"}
    assert story.to("10:05").keys() == EXECS
    post(acme, incident, "We are rolling back the last deploy.")
    story.to("10:09")
    at_ten = story.to("10:10")
    assert at_ten.keys() == EMPLOYEES | CUSTOMERS
    for address in EMPLOYEES | CUSTOMERS:
        (only,) = at_ten[address]  # three updates before their turn are one message
        assert address.startswith("+") or "We are rolling back the last deploy." in only.text

    change_severity(acme, incident, "sev2")
    assert story.to("10:12").keys() == ON_CALL | SUPPORT | EXECS | EMPLOYEES  # no public words came with it
    resolve(acme, incident, "Payments work again.")
    ended = story.to("10:20")
    assert ended.keys() == ON_CALL | SUPPORT | EXECS | EMPLOYEES | CUSTOMERS
    for (last,) in ended.values():
        assert "esolved" in (last.subject or last.text)

    assert story.to("12:00") == {}
    check_that_words_stayed_inside(processes.caught())
    assert not {message.to for message in processes.caught()} & NOT_CONCERNED
    assert not any(message.to.endswith("globex.test") for message in processes.caught())


def check_that_words_stayed_inside(caught: list[Caught]) -> None:
    readers = {
        NOTE_ON_CALL: ON_CALL,
        NOTE_SUPPORT: ON_CALL | SUPPORT,
        NOTE_EXECS: ON_CALL | SUPPORT | EXECS,
        TITLE: ON_CALL | SUPPORT | EXECS | EMPLOYEES,
        "SEV": ON_CALL | SUPPORT | EXECS | EMPLOYEES,
    }
    for words, allowed in readers.items():
        found = {message.to for message in caught if words in everything(message)}
        assert found <= allowed, f"{words!r} was read by {found - allowed}"
        assert found >= {address for address in allowed if not address.startswith("+")}, words

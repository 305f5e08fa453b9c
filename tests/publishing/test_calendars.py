"""Maintenance in calendars, read back by a library that calendars are read with."""

from datetime import timedelta
from typing import Any

from icalendar import Calendar

from incidents.windows import Window
from statuspage.kit import clock
from statuspage.pages.models import Page
from tests.makers import Cast, cancel, reschedule, schedule
from tests.publishing.conftest import Published
from tests.timeline import START, instant


def read(body: bytes | str) -> Any:
    """The library says of no property which type it has."""
    return Calendar.from_ical(body)


def events(body: bytes | str) -> list[Any]:
    return list(read(body).walk("VEVENT"))


def test_a_maintenance_is_an_event_in_universal_time(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    Page.objects.update(zone="Asia/Kathmandu")
    work = schedule(acme, acme.api, acme.cards, begins_at=instant("3 22:00"), ends_at=instant("4 00:30"))
    published.publish(acme.page)
    calendar = read(published.text(acme.page, "maintenance.ics"))
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=15)
    (event,) = calendar.walk("VEVENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (instant("3 22:00"), instant("4 00:30"))
    assert event["DTSTART"].to_ical() == b"20260305T220000Z"
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == START
    assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CONFIRMED", 0, "TRANSPARENT")
    assert event["SUMMARY"] == "Acme status: Database upgrade"
    assert event["URL"] == f"http://status.acme.test/incidents/{work.public_id}"
    assert event["DESCRIPTION"] == (
        "Scheduled: Writing is not possible meanwhile.\n\nAffects: Acme cards, Acme API\n\n"
        f"http://status.acme.test/incidents/{work.public_id}"
    )


def test_an_event_stays_the_same_one_and_says_which_version_it_is(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    work = schedule(acme, acme.api, begins_at=instant("3 22:00"), ends_at=instant("4 00:30"))
    seen = []
    later = Window(begins_at=instant("5 22:00"), ends_at=instant("6 00:30"))
    steps = (
        lambda: None,
        lambda: reschedule(acme, work, later),
        lambda: cancel(acme, work),
    )
    for step in steps:
        step()
        published.publish(acme.page)
        (event,) = events(published.text(acme.page, "maintenance.ics"))
        (alone,) = events(published.text(acme.page, f"incidents/{work.public_id}.ics"))
        assert alone == event
        seen.append((event["UID"], int(event["SEQUENCE"]), event["STATUS"], event["DTSTART"].dt))
    uid = f"{work.public_id}@localhost"
    assert seen == [
        (uid, 0, "CONFIRMED", instant("3 22:00")),
        (uid, 1, "CONFIRMED", instant("5 22:00")),
        (uid, 2, "CANCELLED", instant("5 22:00")),
    ]


def test_a_calendar_is_written_when_something_is_said_and_not_before(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    schedule(acme, acme.api, begins_at=instant("3 22:00"), ends_at=instant("4 00:30"))
    published.publish(acme.page)
    path = published.folder(acme.page) / "maintenance.ics"
    before = path.stat().st_mtime
    clock.move_to(START + timedelta(hours=5))
    Page.objects.filter(pk=acme.page.pk).touch()
    published.publish(acme.page)
    assert path.stat().st_mtime == before


def test_a_calendar_can_be_followed_before_anything_is_planned(acme: Cast, published: Published) -> None:
    published.publish(acme.page)
    calendar = read(published.text(acme.page, "maintenance.ics"))
    assert calendar.walk("VEVENT") == []
    assert calendar.subcomponents, "an empty one would not be valid"


def test_whatever_was_typed_stays_words(many: list[dict[str, bytes]]) -> None:
    """No line of ours is broken, and no words of theirs become lines of the calendar."""
    for documents in many:
        for name, body in documents.items():
            if not name.endswith(".ics"):
                continue
            lines = body.split(b"\r\n")
            assert all(len(line) <= 75 for line in lines), name
            assert not any(byte in line for line in lines for byte in (b"\r", b"\n", b"\x0b", b"\x08")), name
            found = events(body)
            assert lines.count(b"BEGIN:VEVENT") == len(found)
            assert len({event["UID"] for event in found}) == len(found)
            assert all(event["DTSTART"].dt < event["DTEND"].dt for event in found)
            assert all(event["SEQUENCE"] >= 0 and event["SUMMARY"] for event in found)
            assert name.startswith(("maintenance", "en/", "de/")) or len(found) == 1


def test_the_page_leads_to_the_calendar(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    work = schedule(acme, acme.api, begins_at=instant("3 22:00"), ends_at=instant("4 00:30"))
    published.publish(acme.page)
    leading = f'href="/incidents/{work.public_id}.ics">Add to calendar'
    assert leading in published.text(acme.page)
    assert leading in published.text(acme.page, f"incidents/{work.public_id}.html")
    assert 'href="/maintenance.ics"' in published.text(acme.page)
    cancel(acme, work)
    published.publish(acme.page)
    assert "Add to calendar" not in published.text(acme.page, f"incidents/{work.public_id}.html")

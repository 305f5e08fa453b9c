"""Maintenance for calendars (RFC 5545): maintenance.ics to subscribe to, and a file for each to be added once.

An event keeps its UID, and its SEQUENCE rises with every word said about it, so a calendar knows the newest version.
Nobody is kept from work by it: it does not count as busy.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration

from incidents.public_record import PublicIncident
from incidents.record import Record
from statuspage.kit import markdown
from statuspage.kit.markup import one_line, plain
from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.store import Document

LOOK_AGAIN = timedelta(minutes=15)


def offer(board: Board, record: Record, frame: str) -> Iterator[Document]:
    """What is to come, going on, and was lately."""
    planned = sorted(record.for_everybody().maintenance, key=lambda one: (one.began_at, one.public_id))
    draw = partial(_draw, board, planned)
    yield Document(board.file("maintenance.ics"), draw, made_of=digest(frame, "calendar", planned))


def of_maintenance(board: Board, maintenance: PublicIncident) -> bytes:
    return _draw(board, [maintenance])


def _draw(board: Board, planned: Sequence[PublicIncident]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Ripple//Status pages//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with board.spoken():
        name = _("%(name)s: maintenance") % {"name": one_line(board.page.name)}
        for title in ("name", "x-wr-calname"):
            calendar.add(title, name)
        calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(LOOK_AGAIN))
        calendar.add("url", board.url("/maintenance.ics"))
        for maintenance in planned:
            calendar.add_component(_event(board, maintenance))
    if not planned:
        calendar.add_component(_universal_time())
    drawn: bytes = calendar.to_ical()
    return drawn


def _event(board: Board, maintenance: PublicIncident) -> Event:
    """In the active language. Told in UTC, so that every calendar shows its owner's own time."""
    begins = maintenance.began_at
    event = Event()
    event.add("uid", f"{maintenance.public_id}@{settings.CONSOLE_HOST}")
    event.add("sequence", sum(bool(update.body) for update in maintenance.updates) - 1)
    event.add("dtstamp", _second(maintenance.updated_at))
    event.add("last-modified", _second(maintenance.updated_at))
    event.add("created", _second(maintenance.published_at))
    event.add("dtstart", _second(begins))
    event.add("dtend", _second(maintenance.scheduled_until or begins))
    event.add("status", "CANCELLED" if maintenance.cancelled_at else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"{one_line(board.page.name)}: {one_line(maintenance.title)}")
    event.add("description", _description(board, maintenance))
    event.add("url", board.url(maintenance.path))
    return event


def _description(board: Board, maintenance: PublicIncident) -> str:
    """The newest words: what was said before stands on the page."""
    newest = next(update for update in maintenance.updates if update.body)
    words = [f"{newest.label}: {plain(markdown.to_text(newest.said))}"]
    if maintenance.affected:
        names = ", ".join(one_line(service.name) for service in maintenance.affected)
        words.append(_("Affects: %(services)s") % {"services": names})
    return "\n\n".join([*words, board.url(maintenance.path)])


def _second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)


def _universal_time() -> Timezone:
    """A calendar may not be empty (RFC 5545, 3.6), and somebody may subscribe before anything is planned."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local, as the RFC wants it
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone

"""Feeds: the history as Atom and as RSS, an Atom feed for each month that is over, and one for each incident.

In `history.*` an incident is one entry with all that was said of it, so that it stays one in a reader. In its own feed
every update is an entry, so that somebody who follows it hears of each. Nothing in them depends on when they are drawn:
while nothing changes, their bytes and their ETag stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from html import escape
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.template import engines
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from incidents.histories import Archive
from incidents.public_record import Brief, PublicIncident, PublicUpdate
from incidents.record import Record, newest_of
from statuspage.kit.kept import Kept
from statuspage.kit.templatetags.ripple import clock_time, local
from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.documents import draw_xml
from statuspage.pages.store import Document

ATOM, RSS = "/history.atom", "/history.rss"
MOMENTS_KEPT = 10_000
ENTRIES_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Word:
    """One update in the feed of its incident."""

    id: str
    public_id: str
    label: str
    content: str
    posted_at: datetime


_entries: Kept[str] = Kept(ENTRIES_KEPT)


def offer(board: Board, record: Record, archives: Sequence[Archive], frame: str) -> Iterator[Document]:
    """Those of this edition that tell of many. `archives` are the months that are over, newest first."""
    newest = newest_of(record.briefs, archives)
    older = archives[0].path if archives else ""
    made_of = digest(frame, newest, older)
    for path in (ATOM, RSS):
        draw = partial(_draw, board, record, newest, path, frame, older=older)
        yield Document(board.file(path[1:]), draw, made_of=made_of)
    for archive in archives:
        draw = partial(
            _draw,
            board,
            record,
            archive.briefs,
            archive.path,
            frame,
            older=archive.older,
            newer=archive.newer,
            month=archive,
        )
        yield Document(board.file(archive.path[1:]), draw, made_of=archive.made_of)


def of_incident(board: Board, incident: PublicIncident) -> bytes:
    """Its own feed: whoever follows it reads this."""
    with board.spoken():
        entries = [_word(update, label, board) for update, label in labelled(incident.updates)]
    context = {"incident": incident, "entries": entries, "self": f"{incident.path}.atom"}
    return draw_xml(
        "public/feeds/incident.atom",
        board,
        id=tag(f"{board.language}/incident/{incident.public_id}/updates"),
        **context,
    )


def _draw(
    board: Board,
    record: Record,
    briefs: Sequence[Brief],
    path: str,
    frame: str,
    *,
    older: str,
    newer: str = "",
    month: Archive | None = None,
) -> bytes:
    form = "rss" if path == RSS else "atom"
    incidents = [record.in_full[brief.public_id] for brief in briefs]
    context: dict[str, Any] = {
        "id": tag(f"{board.language}/page/{board.page.public_id}/history"),
        "self": path,
        "about": month.page if month else "/",
        "is_archive": month is not None,
        "current": ATOM,
        "older": older,
        "newer": newer,
        "entries": [_entry(incident, board, form, frame) for incident in incidents],
        "updated_at": max((incident.updated_at for incident in incidents), default=board.page.created_at),
    }
    return draw_xml(f"public/feeds/history.{form}", board, **context)


def _entry(incident: PublicIncident, board: Board, form: str, frame: str) -> str:
    """An incident in a feed of many. Most stood there the last time, too."""
    return _entries.get_or_make((incident, board.eyes, form, frame), partial(_draw_entry, incident, board, form))


def _draw_entry(incident: PublicIncident, board: Board, form: str) -> str:
    """`content` is HTML, yet to be escaped; `announced_for` is RSS's date."""
    with board.spoken():
        context = {
            "board": board,
            "id": tag(f"incident/{incident.public_id}"),
            "incident": incident,
            "content": content_of(incident, zone=board.zone),
            "announced_for": incident.scheduled_for or incident.published_at,
        }
        return engines["html"].get_template(f"public/feeds/entry.{form}").render(context)


def _word(update: PublicUpdate, label: str, board: Board) -> Word:
    path = f"incident/update/{update.public_id}"
    return Word(tag(path), update.public_id, label, _said(update, label, zone=board.zone), update.posted_at)


def tag(path: str) -> str:
    """An id for ever (RFC 4151), whatever hosts the page moves to: the installation is its authority.

    An incident is the same one in every language, so its entry is; feeds are different ones.
    """
    return f"tag:{settings.CONSOLE_HOST},2026:{path}"


def content_of(incident: PublicIncident, *, zone: str) -> str:
    """All that was said of it, newest first, as Statuspage's feeds have it. In the active language."""
    said = [_said(update, label, zone=zone) for update, label in labelled(incident.updates)]
    return "".join([_window(incident, zone=zone), *said])


def labelled(updates: Sequence[PublicUpdate]) -> Iterator[tuple[PublicUpdate, str]]:
    """Each with its stage, or "Update" where it stayed the same. Newest first, as they come."""
    for update, before in pairwise([*updates, None]):
        if update is not None:
            is_the_same = before is not None and before.label == update.label
            yield update, _("Update") if is_the_same else update.label


def _said(update: PublicUpdate, label: str, *, zone: str) -> str:
    words = f"<p><small>{_moment(update.posted_at, zone)}</small><br><strong>{escape(label)}</strong>"
    html = update.said_html
    words += f" - {html.removeprefix('<p>')}" if html.startswith("<p>") else f"</p>{html}"
    for reader, note in update.notes:
        told = _("Not public, for %(reader)s") % {"reader": reader}
        words += f"<blockquote><p><strong>{escape(told)}</strong></p>{note}</blockquote>"
    return words


def _window(incident: PublicIncident, *, zone: str) -> str:
    if incident.scheduled_for is None or incident.scheduled_until is None:
        return ""
    begins, ends = incident.scheduled_for, incident.scheduled_until
    is_one_day = local(begins, zone).date() == local(ends, zone).date()
    last = f"<var data-var='time'>{local(ends, zone):%H:%M}</var>" if is_one_day else _day_and_time(ends, zone)
    window = f"{_day_and_time(begins, zone)} - {last} {_zone_name(ends, zone)}"
    words = _("THIS IS A SCHEDULED EVENT %(window)s") % {"window": window}
    return f"<p><strong>{words}</strong></p>"


def _moment(instant: datetime, zone: str) -> str:
    """ "Jan 15, 10:30 UTC", each part marked for scripts that know Statuspage's feeds."""
    return _moment_words(instant, zone, get_language())


@lru_cache(maxsize=MOMENTS_KEPT)
def _moment_words(instant: datetime, zone: str, _language: str | None) -> str:
    """Most of what a feed says, it said the last time, too."""
    return f"{_day_and_time(instant, zone)} {_zone_name(instant, zone)}"


def _day_and_time(instant: datetime, zone: str) -> str:
    there = local(instant, zone)
    return pgettext("a moment in a feed", "%(month)s %(day)s, %(time)s") % {
        "month": format_date(there, "M"),
        "day": f"<var data-var='date'>{there.day}</var>",
        "time": f"<var data-var='time'>{there:%H:%M}</var>",
    }


def _zone_name(instant: datetime, zone: str) -> str:
    return clock_time(instant, zone).partition(" ")[2]

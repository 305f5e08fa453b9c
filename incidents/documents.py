"""What a page publishes about incidents: the page itself, one page for each incident, and the compatible summary."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from incidents.compatible import summary_json
from incidents.headline import Headline, Situation, headline
from incidents.public_record import PublicIncident, read_public
from statuspage.pages import compatible
from statuspage.pages.board import Board
from statuspage.pages.documents import render
from statuspage.pages.store import INDEX, Document
from statuspage.pages.templatetags.moments import day_words

DAYS_BACK = 30
ENDED_KEPT = 2000
_ended: dict[Hashable, bytes] = {}


@dataclass(frozen=True, slots=True)
class PastDays:
    """One day with incidents, or a run of days without any."""

    words: str
    incidents: tuple[PublicIncident, ...] = ()


def offer(board: Board) -> Iterator[Document]:
    """Call in the organization's scope, in the transaction that `board` was read in."""
    incidents = read_public(board)
    open_ones = [incident for incident in incidents if incident.is_open]
    yield Document("api/v2/summary.json", compatible.encode(summary_json(board, open_ones)))
    for incident in incidents:
        yield Document(f"{incident.path[1:]}.html", _incident_page(incident, board))
    context = {"headline": headline_of(board, open_ones), "incidents": open_ones, "past": past_days(incidents, board)}
    yield Document(INDEX, render("public/page.html", board, **context))


def _incident_page(incident: PublicIncident, board: Board) -> bytes:
    """What is over seldom changes: its page is rendered again only when something in it is different."""
    if incident.is_open:
        return render("public/incident.html", board, incident=incident)
    made_of = (incident, board.page.name, board.page.support_url, board.zone)
    if made_of not in _ended:
        if len(_ended) >= ENDED_KEPT:
            _ended.clear()
        _ended[made_of] = render("public/incident.html", board, incident=incident)
    return _ended[made_of]


def headline_of(board: Board, open_ones: Sequence[PublicIncident]) -> Headline:
    services = [(shown.service.name, shown.status) for shown in board.services]
    return headline(Situation(incidents=open_ones, services=services, now=board.now, zone=board.zone))


def past_days(incidents: Sequence[PublicIncident], board: Board) -> list[PastDays]:
    """The last days, newest first, each incident on the day it began. Quiet days that follow each other are one."""
    zone = ZoneInfo(board.zone)
    today = board.now.astimezone(zone).date()
    began: dict[date, list[PublicIncident]] = {}
    for incident in incidents:
        began.setdefault(incident.started_at.astimezone(zone).date(), []).append(incident)
    days = [today - timedelta(days=back) for back in range(DAYS_BACK)]
    found = []
    for is_quiet, run in groupby(days, key=lambda day: day not in began):
        if is_quiet:
            found.append(PastDays(_run_words(list(run), today=today)))
        else:
            found += [PastDays(day_words(day, today=today), tuple(began[day])) for day in run]
    return found


def _run_words(days: Sequence[date], *, today: date) -> str:
    """ "20–22 November". `days` are newest first."""
    newest, oldest = days[0], days[-1]
    if newest == oldest:
        return day_words(newest, today=today)
    if (newest.year, newest.month) == (oldest.year, oldest.month):
        return f"{oldest.day}–{day_words(newest, today=today)}"
    return f"{day_words(oldest, today=today)} – {day_words(newest, today=today)}"

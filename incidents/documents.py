"""What a page publishes about incidents and maintenance: the page itself, one page for each, and the past by month."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from incidents import histories, sitemap
from incidents.compatible import summary_json
from incidents.headline import Headline, Situation, headline
from incidents.public_record import Brief, PublicIncident, read_briefs, read_in_full
from incidents.words import IncidentStatus
from statuspage.pages import compatible
from statuspage.pages.badges import badge
from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.documents import Wants, frame_of, render
from statuspage.pages.store import Document

RECENT = 50
"""As many incidents, and as many maintenances, are told in full wherever "the most recent" are asked for."""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything of the page's incidents and maintenance: all in brief, in full what is open, recent or asked for."""

    briefs: Sequence[Brief]
    in_full: Mapping[str, PublicIncident]

    @property
    def known(self) -> list[PublicIncident]:
        """Latest beginning first."""
        return [self.in_full[brief.public_id] for brief in self.briefs if brief.public_id in self.in_full]

    @property
    def open_incidents(self) -> list[PublicIncident]:
        return [incident for incident in self.known if incident.is_open and not incident.is_maintenance]

    @property
    def works(self) -> list[PublicIncident]:
        """Maintenance going on, the one that ends first first."""
        found = [one for one in self._open_maintenance if one.status is not IncidentStatus.SCHEDULED]
        return sorted(found, key=lambda work: work.scheduled_until or work.began_at)

    @property
    def ahead(self) -> list[PublicIncident]:
        """Maintenance to come, the next one first."""
        found = [one for one in self._open_maintenance if one.status is IncidentStatus.SCHEDULED]
        return sorted(found, key=lambda work: work.began_at)

    @property
    def _open_maintenance(self) -> list[PublicIncident]:
        return [incident for incident in self.known if incident.is_open and incident.is_maintenance]


def offer(board: Board, wants: Wants) -> Iterator[Document]:
    """Call in the organization's scope, in the transaction that `board` was read in. Drawing needs neither."""
    record = read_record(board, wants)
    summary = partial(summary_json, board, record.open_incidents, [*record.works, *record.ahead])
    yield Document("api/v2/summary.json", lambda: compatible.encode(summary()))
    months = histories.months_of(record.briefs, board)
    paths = ["/", "/history", *(month.path for month in months), *(brief.path for brief in record.briefs)]
    yield from sitemap.offer(board, paths)
    for edition in board.editions():
        yield Document(edition.name("/"), partial(_page, edition, record))
        yield _badge(edition, record)
        yield from _incident_pages(edition, record)
        yield from histories.offer(edition, record.briefs)


def read_record(board: Board, wants: Wants) -> Record:
    briefs = read_briefs(board)
    wanted = {brief.public_id for brief in briefs if brief.is_open}
    for kind in (True, False):
        recent = [brief.public_id for brief in briefs if brief.is_maintenance is kind and not brief.is_open]
        wanted.update(recent[:RECENT])
    for edition in board.editions():
        frame = frame_of(edition)
        wanted.update(brief.public_id for brief in briefs if wants(edition.name(brief.path), _made_of(brief, frame)))
    in_full = read_in_full(board, [brief for brief in briefs if brief.public_id in wanted])
    return Record(briefs, {incident.public_id: incident for incident in in_full})


def headline_of(board: Board, record: Record) -> Headline:
    """In the active language."""
    services = [(shown.service.name, shown.status) for shown in board.services]
    situation = Situation(
        incidents=record.open_incidents, services=services, now=board.now, zone=board.zone, works=record.works
    )
    return headline(situation)


def _page(board: Board, record: Record) -> bytes:
    with board.spoken():
        context = {
            "headline": headline_of(board, record),
            "incidents": record.open_incidents,
            "works": record.works,
            "ahead": record.ahead,
            "past": histories.past_days(record.briefs, board),
        }
    return render("public/page.html", board, "/", **context)


def _badge(board: Board, record: Record) -> Document:
    """As honest as the headline: not green while anything is open."""
    name, tone = board.page.name, headline_of(board, record).tone
    made_of = digest("badge", board.language, name, tone.value)
    return Document(board.file("badge.svg"), partial(badge, board, name, tone), made_of=made_of)


def _incident_pages(board: Board, record: Record) -> Iterator[Document]:
    """Only what was asked for has been read in full; nobody draws the others."""
    frame = frame_of(board)
    for brief in record.briefs:
        draw = partial(_incident_page, board, record.in_full, brief)
        yield Document(board.name(brief.path), draw, made_of=_made_of(brief, frame))


def _incident_page(board: Board, in_full: Mapping[str, PublicIncident], brief: Brief) -> bytes:
    return render("public/incident.html", board, brief.path, incident=in_full[brief.public_id])


def _made_of(brief: Brief, frame: str) -> str:
    """What is open says how late it is, and is drawn every time."""
    return "" if brief.is_open else digest(frame, brief)

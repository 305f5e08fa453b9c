"""What a page publishes about incidents and maintenance: the page itself, one page for each, and the past by month."""

from collections.abc import Iterator, Mapping
from functools import partial

from incidents import api_documents, histories, sitemap
from incidents.headline import Headline, Situation, headline
from incidents.public_record import Brief, PublicIncident
from incidents.record import Record, page_is_made_of, read_record
from statuspage.pages.badges import badge
from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.documents import Wants, frame_of, render
from statuspage.pages.store import Document


def offer(board: Board, wants: Wants) -> Iterator[Document]:
    """Call in the organization's scope, in the transaction that `board` was read in. Drawing needs neither."""
    record = read_record(board, wants)
    yield from api_documents.offer(board, record)
    months = histories.months_of(record.briefs, board)
    paths = ["/", "/history", *(month.path for month in months), *(brief.path for brief in record.briefs)]
    yield from sitemap.offer(board, paths)
    for edition in board.editions():
        yield Document(edition.name("/"), partial(_page, edition, record))
        yield _badge(edition, record)
        yield from _incident_pages(edition, record)
        yield from histories.offer(edition, record.briefs)


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
        yield Document(board.name(brief.path), draw, made_of=page_is_made_of(brief, frame))


def _incident_page(board: Board, in_full: Mapping[str, PublicIncident], brief: Brief) -> bytes:
    return render("public/incident.html", board, brief.path, incident=in_full[brief.public_id])

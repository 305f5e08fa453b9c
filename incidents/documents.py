"""What a page publishes about incidents and maintenance: the page itself, one page for each, and the past by month."""

from collections.abc import Callable, Iterator
from functools import partial

from incidents import api_documents, calendars, embeds, feeds, histories, page_json, sitemap
from incidents.headline import Headline, Situation, headline
from incidents.public_record import PublicIncident
from incidents.record import Record, own_documents, read_record
from statuspage.pages import badges, embedding
from statuspage.pages.badges import badge
from statuspage.pages.board import Board
from statuspage.pages.card import Card
from statuspage.pages.card import draw as draw_card
from statuspage.pages.digests import digest
from statuspage.pages.documents import Wants, frame_of, render
from statuspage.pages.store import Document


def offer(board: Board, wants: Wants) -> Iterator[Document]:
    """Call in the organization's scope, in the transaction that `board` was read in. Drawing needs neither."""
    record = read_record(board, wants)
    yield from api_documents.offer(board, record)
    paths = [
        "/",
        "/history",
        "/data",
        *(month.path for month in record.months),
        *(brief.path for brief in record.briefs),
    ]
    yield from sitemap.offer(board, paths)
    yield from embedding.offer()
    for edition in board.editions():
        frame = frame_of(edition)
        archives = histories.archives_of(edition, record.months, frame)
        yield Document(edition.name("/"), partial(_page, edition, record), is_watched=True)
        yield Document(edition.file("api/ripple/page.json"), partial(_page_json, edition, record), is_watched=True)
        draw = partial(render, "public/data.html", edition, "/data", api=list(api_documents.ANSWERS))
        yield Document(edition.name("/data"), draw, made_of=frame)
        yield _badge(edition, record)
        yield _card(edition, record)
        yield from _embeds(edition, record)
        yield from _of_each(edition, record, frame)
        yield from histories.offer(edition, record.months, frame)
        yield from feeds.offer(edition, record, archives, frame)
        yield from calendars.offer(edition, record, frame)


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


def _page_json(board: Board, record: Record) -> bytes:
    with board.spoken():
        return page_json.draw(board, record, headline_of(board, record))


def _badge(board: Board, record: Record) -> Document:
    """As honest as the headline: not green while anything is open."""
    name, tone = board.page.name, headline_of(board, record).tone
    draw = partial(badge, board, name, tone)
    return Document(board.file("badge.svg"), draw, made_of=badges.made_of(board.language, name, tone))


def _card(board: Board, record: Record) -> Document:
    """Drawn anew only when it would show something else."""
    with board.spoken():
        said = headline_of(board, record)
    host = board.page.url.partition("://")[2]
    shown = Card(name=board.page.name, sentence=said.sentence, host=host, tone=said.tone, colour=said.colour)
    return Document(board.file("og.png"), partial(draw_card, shown), made_of=digest("card", shown))


def _embeds(board: Board, record: Record) -> Iterator[Document]:
    """Only what everybody may read stands on other people's sites."""
    if board.eyes is None:
        with board.spoken():
            said = headline_of(board, record)
        yield from embeds.offer(board, said, incidents=record.open_incidents, works=record.works)


def _of_each(board: Board, record: Record, frame: str) -> Iterator[Document]:
    """Only what was asked for has been read in full; nobody draws the others."""
    for brief in record.briefs:
        for (name, made_of), draw in zip(own_documents(brief, board, frame), OWN, strict=False):
            source = partial(_draw_own, draw, board, record, brief.public_id)
            yield Document(name, source, made_of=made_of, is_watched=draw is _incident_page)


def _draw_own(draw: Callable[[Board, PublicIncident], bytes], board: Board, record: Record, public_id: str) -> bytes:
    return draw(board, record.in_full[public_id])


def _incident_page(board: Board, incident: PublicIncident) -> bytes:
    return render("public/incident.html", board, incident.path, incident=incident)


OWN = (_incident_page, feeds.of_incident, calendars.of_maintenance)
"""In the order of record.own_documents."""

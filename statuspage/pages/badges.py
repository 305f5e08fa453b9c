"""Badges: a word about the page, or about one service, for somebody else's site. Small SVGs without style or script.

They carry their own background, so they can be read on light and on dark. Every text is told how long it may be
(`textLength`), because nobody knows which font will draw it.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache, partial
from html import escape

from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.status import ServiceStatus
from statuspage.pages.store import Document

LONGEST_NAME = 40
NAMES_KEPT = 20_000
PADDING, SHAPE, HEIGHT = 8, 14, 24
NAME_BACKGROUND = "#333a45"
COLOURS = {
    ServiceStatus.OPERATIONAL: "#157347",
    ServiceStatus.UNDER_MAINTENANCE: "#24539e",
    ServiceStatus.DEGRADED_PERFORMANCE: "#7d5a00",
    ServiceStatus.PARTIAL_OUTAGE: "#a84a08",
    ServiceStatus.MAJOR_OUTAGE: "#b8232b",
}
SHAPES = {
    ServiceStatus.OPERATIONAL: '<circle cx="7" cy="7" r="5"/>',
    ServiceStatus.UNDER_MAINTENANCE: '<path d="m7 1.5 5.5 5.5L7 12.5 1.5 7z"/>',
    ServiceStatus.DEGRADED_PERFORMANCE: (
        '<path d="M7 2a5 5 0 0 1 0 10z"/><circle cx="7" cy="7" r="4.3" fill="none" stroke="#fff" stroke-width="1.4"/>'
    ),
    ServiceStatus.PARTIAL_OUTAGE: '<path d="M7 2l5.5 10h-11z"/>',
    ServiceStatus.MAJOR_OUTAGE: '<path d="M2.5 2.5h9v9h-9z"/>',
}
_NARROW, _WIDE = set("iljtfrI.,:;'|!()[] "), set("mwMW@%—")


def offer(board: Board) -> Iterator[Document]:
    """One for each service. The page's own needs its incidents, too (incidents/documents.py)."""
    for shown in board.services:
        name, status = shown.service.name, shown.status
        draw = partial(badge, board, name, status)
        path = f"badge/{shown.service.public_id}.svg"
        yield Document(board.file(path), draw, made_of=made_of(board.language, name, status))


@lru_cache(maxsize=NAMES_KEPT)
def made_of(language: str, name: str, status: ServiceStatus) -> str:
    return digest("badge", language, name, status.value)


def badge(board: Board, name: str, status: ServiceStatus) -> bytes:
    """ "Checkout ● Operational", in the edition's language."""
    with board.spoken():
        word = status.label
    name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
    first, second = _width(name), _width(word)
    split = first + 2 * PADDING
    width = split + SHAPE + second + 2 * PADDING + 4
    label = escape(_drawable(f"{name}: {word}"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" role="img" aria-label="{label}">'
        f"<title>{label}</title>"
        f'<rect width="{width}" height="{HEIGHT}" rx="4" fill="{NAME_BACKGROUND}"/>'
        f'<path d="M{split} 0h{width - split - 4}a4 4 0 0 1 4 4v{HEIGHT - 8}a4 4 0 0 1-4 4h-{width - split - 4}z"'
        f' fill="{COLOURS[status]}"/>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="12">'
        f"{_text(name, PADDING, first)}"
        f'<g transform="translate({split + PADDING} 5)">{SHAPES[status]}</g>'
        f"{_text(word, split + PADDING + SHAPE + 4, second)}"
        "</g></svg>"
    ).encode()


def _text(words: str, left: int, width: int) -> str:
    return f'<text x="{left}" y="16" textLength="{width}">{escape(_drawable(words))}</text>'


def _drawable(words: str) -> str:
    """Without what XML 1.0 has no place for."""
    return "".join(each if each >= " " and each not in "\ufffe\uffff" else " " for each in words)


def _width(words: str) -> int:
    """In pixels at 12 px, about as Verdana is."""
    return max(8, round(sum(map(_advance, words))))


def _advance(each: str) -> float:
    if unicodedata.combining(each):
        return 0.0
    if unicodedata.east_asian_width(each) in {"W", "F"}:
        return 12.0
    if each in _NARROW:
        return 4.6
    if each in _WIDE:
        return 11.0
    return 8.4 if each.isupper() else 7.2

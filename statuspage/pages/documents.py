"""What a page publishes that needs nothing but its services: the files every page has, and how a page is drawn."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.template import engines

from statuspage.kit.markup import allowed_in_xml
from statuspage.pages import badges, data
from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.languages import LANGUAGES
from statuspage.pages.look import asset
from statuspage.pages.store import Document

STATIC = Path(__file__).resolve().parent.parent / "static" / "statuspage"
NOT_FOUND = "404.html"

Wants = Callable[[str, str], bool]
"""Whether a document is wanted, given its name and what it is made of. Whoever gathers knows: a publisher wants what
has changed, a door that shows one page wants that one."""

_PREFORMATTED = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)
_INDENT = re.compile(r"\n\s+")
_AUTHORS_OWN = re.compile(r"^\s*//.*\n|^\s+", re.MULTILINE)


def offer(board: Board) -> Iterator[Document]:
    yield Document("robots.txt", _robots(board))
    if board.page.security_contact:
        yield Document("security.txt", _security(board))
    yield from data.offer(board)
    for edition in board.editions():
        yield from badges.offer(edition)
    yield Document(NOT_FOUND, lambda: render("public/not_found.html", board, "/"), made_of=frame_of(board))
    yield from assets()
    yield from board.look.documents


def _robots(board: Board) -> bytes:
    if not board.page.is_found_by_search:
        return b"User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nAllow: /\n\nSitemap: {board.page.url}/sitemap.xml\n".encode()


def _security(board: Board) -> bytes:
    """RFC 9116. It says itself until when it may be believed: for eleven months from the next."""
    page = board.page
    this_month = board.now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    expires = (this_month + timedelta(days=366)).replace(day=1)
    lines = [
        f"Contact: {page.security_contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(page.languages)}",
        f"Canonical: {page.url}/.well-known/security.txt",
    ]
    return "\n".join([*lines, ""]).encode()


@cache
def assets() -> tuple[Document, Document]:
    """The style sheet and the script, read once per process."""
    style = b"\n".join((STATIC / name).read_bytes() for name in ("tokens.css", "page.css"))
    return asset("page", ".css", style), asset("page", ".js", lean("page.js"))


def lean(script: str) -> bytes:
    """A script of ours without what only its authors need. None of them has a text that goes over several lines."""
    return _AUTHORS_OWN.sub("", (STATIC / script).read_text()).encode()


def render(template: str, board: Board, path: str, **context: Any) -> bytes:
    """A page of HTML in the edition's language, without the indentation that only its authors need.

    `path` is its own address without the language: "/incidents/x". It leads to the same page in other languages.
    """
    style, script = assets()
    common = {
        "board": board,
        "page": board.page,
        "style": style.name,
        "script": script.name,
        "look": board.look,
        "home": board.at("/"),
        "editions": [(edition, dict(LANGUAGES)[edition.language], edition.at(path)) for edition in board.editions()],
    }
    with board.spoken():
        rendered = engines["html"].get_template(template).render(common | context)
    pieces = _PREFORMATTED.split(str(rendered).strip())
    return "".join(piece if piece.startswith("<pre>") else _INDENT.sub("\n", piece) for piece in pieces).encode()


def draw_xml(template: str, board: Board, **context: Any) -> bytes:
    """A document of XML in the edition's language. Whatever was typed or pasted, it can be read by any parser."""
    with board.spoken():
        drawn = engines["html"].get_template(template).render({"board": board, "page": board.page} | context)
    return allowed_in_xml(str(drawn).strip()).encode()


def frame_of(board: Board) -> str:
    """What stands for everything around the words of any page of this edition: the owner's look, links."""
    page = board.page
    look = (page.name, page.url, page.zone, page.support_url, page.links, page.languages)
    files = [each.name for each in (*assets(), *board.look.documents)]
    return digest(look, board.naming, board.language, board.root, files)

"""What a page publishes that needs nothing but its services: the short JSON, and the files every page has."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.template import engines

from statuspage.pages import compatible
from statuspage.pages.board import Board
from statuspage.pages.store import ASSETS, Document

STATIC = Path(__file__).resolve().parent.parent / "static" / "statuspage"
NOT_FOUND = "404.html"

_PREFORMATTED = re.compile(r"(<pre>.*?</pre>)", re.DOTALL)
_INDENT = re.compile(r"\n\s+")


def offer(board: Board) -> Iterator[Document]:
    status = {"page": compatible.page_json(board), "status": compatible.status_json(board)}
    yield Document("api/v2/status.json", compatible.encode(status))
    yield Document("robots.txt", b"User-agent: *\nAllow: /\n")
    yield Document(NOT_FOUND, render("public/not_found.html", board))
    yield from assets()


@cache
def assets() -> tuple[Document, Document]:
    """The style sheet and the script, read once per process.

    Each name holds a hash of the bytes, so that browsers may keep them for ever.
    """
    style = b"\n".join((STATIC / name).read_bytes() for name in ("tokens.css", "page.css"))
    return _asset("page", ".css", style), _asset("page", ".js", (STATIC / "page.js").read_bytes())


def _asset(stem: str, suffix: str, body: bytes) -> Document:
    return Document(f"{ASSETS}{stem}.{hashlib.sha256(body).hexdigest()[:12]}{suffix}", body)


def render(template: str, board: Board, **context: Any) -> bytes:
    """A page of HTML, without the indentation that only its authors need."""
    style, script = assets()
    common = {
        "board": board,
        "page": board.page,
        "style": style.name,
        "script": script.name,
    }
    rendered = engines["html"].get_template(template).render(common | context)
    pieces = _PREFORMATTED.split(str(rendered).strip())
    return "".join(piece if piece.startswith("<pre>") else _INDENT.sub("\n", piece) for piece in pieces).encode()

"""sitemap.xml: every address a reader may be sent to, in every language (sitemaps.org, and hreflang alternates)."""

from collections.abc import Iterator, Sequence
from functools import partial
from html import escape

from statuspage.pages.board import Board
from statuspage.pages.digests import digest
from statuspage.pages.store import Document

AT_ONCE = 5_000
"""Paths in one file. The protocol allows 50,000 addresses, and each path has one in every language."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def offer(board: Board, paths: Sequence[str]) -> Iterator[Document]:
    """`paths` are without languages: "/", "/history", "/incidents/x". Nothing where search is not welcome."""
    if not board.page.is_found_by_search:
        return
    pieces = [paths[start : start + AT_ONCE] for start in range(0, len(paths), AT_ONCE)]
    made_of = digest(board.page.url, board.page.languages, paths)
    if len(pieces) == 1:
        yield Document("sitemap.xml", partial(_addresses, board, pieces[0]), made_of=made_of)
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(pieces) + 1)]
    yield Document("sitemap.xml", partial(_index, board, names), made_of=made_of)
    for name, piece in zip(names, pieces, strict=True):
        yield Document(name, partial(_addresses, board, piece), made_of=made_of)


def _addresses(board: Board, paths: Sequence[str]) -> bytes:
    editions = board.editions()
    rows = []
    for path in paths:
        found = [(edition.language, escape(f"{board.page.url}{edition.at(path)}")) for edition in editions]
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>' for language, address in found
        )
        rows += [f"<url><loc>{address}</loc>{others if len(found) > 1 else ''}</url>" for _language, address in found]
    body = "\n".join(rows)
    return f'{_HEAD}<urlset {_SITEMAP} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{body}\n</urlset>\n'.encode()


def _index(board: Board, names: Sequence[str]) -> bytes:
    rows = "\n".join(f"<sitemap><loc>{escape(f'{board.page.url}/{name}')}</loc></sitemap>" for name in names)
    return f"{_HEAD}<sitemapindex {_SITEMAP}>\n{rows}\n</sitemapindex>\n".encode()

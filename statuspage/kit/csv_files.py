"""CSV that is handed out: streamed, and harmless in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A spreadsheet would run what begins like a formula (OWASP, CSV injection): an apostrophe makes it text."""
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell


def as_it_was(cell: str) -> str:
    """What `harmless` was given."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_BEGINS_A_FORMULA) else cell


class _Echo:
    """csv writes a line into this and gets it back."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Every cell harmless, every line with CRLF (RFC 4180)."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def download(name: str, rows: Iterable[Sequence[str]]) -> StreamingHttpResponse:
    """For a browser to keep. Excel needs the mark at the beginning to see that it is UTF-8."""

    def body() -> Iterator[str]:
        yield "\ufeff"
        yield from lines(rows)

    answer = StreamingHttpResponse(body(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

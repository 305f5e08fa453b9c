"""Text → rows of cells, as RFC 4180 has them and as people write them. Pure.

One row that is wrong never takes its neighbours with it: a quotation mark that nobody closes costs its own line only.
"""

import csv
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from subscribers.importing.cutting import MOST_LINE_BYTES, MOST_LINES_A_ROW
from subscribers.importing.problems import Problem

QUOTE = '"'


class Record(NamedTuple):
    """One row and the line it begins on, counted from 0. `problem`: it could not be taken apart."""

    line: int
    cells: Sequence[str]
    problem: Problem | None = None


def records(text: str, *, separator: str, most_cells: int) -> Iterator[Record]:
    """Rows of a piece. Empty lines are none."""
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        line = lines[index]
        if QUOTE not in line:
            if line:
                yield _plain(index, line, separator)
            index += 1
            continue
        taken = _lines_of_row(lines, index)
        record = _quoted(index, "\n".join(lines[index : index + taken]), separator)
        if taken > 1 and (record.problem or len(record.cells) > most_cells):
            record, taken = _quoted(index, line, separator), 1
        yield record
        index += taken


def _plain(index: int, line: str, separator: str) -> Record:
    if len(line) >= MOST_LINE_BYTES:
        return Record(index, [line[:1000]], Problem.LONG)
    return Record(index, line.split(separator))


def _lines_of_row(lines: list[str], index: int) -> int:
    """How many lines until every quotation mark is closed; 1 when that never happens."""
    is_open = False
    for taken, line in enumerate(lines[index : index + MOST_LINES_A_ROW], 1):
        is_open ^= line.count(QUOTE) % 2 == 1
        if not is_open:
            return taken
    return 1


def _quoted(index: int, text: str, separator: str) -> Record:
    if len(text) >= MOST_LINE_BYTES:
        return Record(index, [text[:1000]], Problem.LONG)
    try:
        cells = next(csv.reader([text], delimiter=separator, strict=True))
    except (csv.Error, StopIteration):
        return Record(index, [text[:1000]], Problem.QUOTES)
    return Record(index, cells)

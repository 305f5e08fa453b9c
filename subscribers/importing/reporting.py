"""What somebody sees of an import: how far it is, its first rows as we understand them, and what was rejected."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from statuspage.organizations.models import Ring
from statuspage.pages.models import Service
from subscribers.importing.models import ImportFile, ImportLine, ImportState
from subscribers.importing.problems import Problem

FIRST_ROWS = 8
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`left` None: nobody can say yet."""

    percent: int
    rows: int
    a_second: int
    left: timedelta | None

    @property
    def seconds_left(self) -> int | None:
        return None if self.left is None else max(1, round(self.left.total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as we understand it, in words. `problem` None: nothing is wrong."""

    line: int
    name: str
    addresses: str
    hears: str
    problem: Problem | None
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    problem: Problem
    rows: int


def progress(file: ImportFile, now: datetime) -> Progress:
    """Of the stage it is in."""
    is_reading = file.stage is ImportState.READING
    began, rows = (file.created_at, file.rows_seen) if is_reading else (file.agreed_at or now, file.applied)
    seconds = max(0.001, (now - began).total_seconds())
    done = file.pieces_done / max(1, file.pieces_in_all)
    left = timedelta(seconds=seconds / done * (1 - done)) if done else None
    return Progress(percent=file.percent, rows=rows, a_second=round(rows / seconds), left=left)


def first_rows(file: ImportFile) -> list[Row]:
    """The first of the file, good and bad."""
    lines = list(ImportLine.objects.filter(file_id=file.pk).order_by("line", "channel")[: FIRST_ROWS * 2])
    rings = dict(Ring.objects.values_list("pk", "name"))
    named = {each for line in lines for each in line.services or []}
    services = dict(Service.objects.filter(pk__in=named).values_list("pk", "name"))
    return [_row(list(of_one), rings, services) for _line, of_one in groupby(lines, attrgetter("line"))][:FIRST_ROWS]


def _row(lines: list[ImportLine], rings: dict[int, str], services: dict[int, str]) -> Row:
    first = lines[0]
    hears = "Everything on the page" if first.services is None else ", ".join(services[each] for each in first.services)
    return Row(
        line=first.line,
        name=first.name,
        addresses=", ".join(filter(None, [line.value for line in lines])),
        hears=f"What {rings[first.ring_id]} hears" if first.ring_id else hears,
        problem=Problem(first.problem) if first.problem else None,
        cell=first.cell,
    )


def counts(file: ImportFile) -> list[Count]:
    """Rejected rows by what is wrong with them, the most frequent first."""
    return [Count(problem=Problem(key), rows=rows) for key, rows in file.foreseen.get("problems", {}).items()]


def rejected(file: ImportFile) -> Iterator[list[str]]:
    """For download: the line in the file, what is wrong, the cell, and what to do. A stretch of lines at a time."""
    yield ["line", "problem", "cell", "what to do"]
    wrong = ImportLine.objects.filter(file_id=file.pk).exclude(problem="").order_by("line", "channel")
    last = 0
    while rows := list(wrong.filter(line__gt=last)[:AT_ONCE]):
        for row in rows:
            if row.line != last:
                problem = Problem(row.problem)
                yield [str(row.line), problem.what, row.cell, problem.remedy]
            last = row.line

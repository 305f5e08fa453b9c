"""Worlds that many tests begin with. Each is made once, as the product makes it, and put back as rows: 5 ms for 100.

What is kept is the difference that making it made to the database, so one world may stand on another. Numbers are given
once only (sequences never go back), so that rows put back meet nobody under theirs.
"""

import io
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db import connection, transaction

from tests.database import TABLES

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Difference:
    """To one table: keys that are no more, or are others now, and the lines that COPY reads."""

    table: str
    key: str
    gone: list[str]
    come: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    differences: list[Difference]
    result: bytes


_kept: dict[tuple[object, ...], Kept] = {}


def once(name: str, make: Callable[[], T]) -> T:
    """What `make` gives, and in the database what it writes. The database must be as it was when `name` was made.

    A world is made anew for each instant at which a story's clock may stand.
    """
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SELECT nullif(clock_now(), now())")
        place = (name, *cursor.fetchone())
        if place in _kept:
            _put_back(cursor, _kept[place].differences)
        else:
            before = _everything(cursor)
            made = pickle.dumps(make())
            _kept[place] = Kept(_differences(before, _everything(cursor)), made)
    return cast(T, pickle.loads(_kept[place].result))


def _everything(cursor: Any) -> Mapping[tuple[str, str], set[bytes]]:
    """The lines of every table, by its name and its key, which is always its first column."""
    cursor.execute(TABLES)
    lines: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    for table, key in cursor.fetchall():
        written = io.BytesIO()
        cursor.copy_expert(f"COPY {table} TO STDOUT", written)
        lines[table, key] = set(written.getvalue().splitlines(keepends=True))
    return lines


def _differences(
    before: Mapping[tuple[str, str], set[bytes]], after: Mapping[tuple[str, str], set[bytes]]
) -> list[Difference]:
    return [
        Difference(table, key, _keys(before[table, key] - lines), b"".join(sorted(lines - before[table, key])))
        for (table, key), lines in after.items()
        if lines != before[table, key]
    ]


def _keys(lines: Iterable[bytes]) -> list[str]:
    return [line.partition(b"\t")[0].decode().rstrip("\n") for line in lines]


def _put_back(cursor: Any, differences: Iterable[Difference]) -> None:
    """No trigger and no foreign key is asked: they agreed when it was made."""
    cursor.execute("SET LOCAL session_replication_role = replica")
    for one in differences:
        if one.gone:
            cursor.execute(f"DELETE FROM {one.table} WHERE {one.key}::text = ANY(%s)", [one.gone])
        cursor.copy_expert(f"COPY {one.table} FROM STDIN", io.BytesIO(one.come))
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")

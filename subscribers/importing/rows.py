"""What a row means: the addresses of one person, or what is wrong. Pure: what exists is given (`Known`)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import NamedTuple

import phonenumbers
from django.core.exceptions import ValidationError

from statuspage.kit.csv_files import as_it_was
from statuspage.organizations.plan import Channel
from subscribers.importing.columns import Columns
from subscribers.importing.problems import Problem
from subscribers.importing.records import Record
from subscribers.reaching import Reachable

MOST_NAME = 100
MOST_ADDRESS = 320
MOST_CELL = 1000
MOST_CHOICES = 1000
"""So many of a piece are remembered: a file whose every row is different costs no more memory."""

# What nearly every address looks like. Whatever does not is looked at properly, which takes twenty times as long.
_ORDINARY = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_UNREADABLE = re.compile("[\0\ufffd\udc80-\udcff]")
_BETWEEN_SERVICES = re.compile(r"[;,|\n]")
_KINDS = {
    "email": Channel.EMAIL,
    "e-mail": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "sms": Channel.SMS,
    "phone": Channel.SMS,
    "text": Channel.SMS,
    "webhook": Channel.WEBHOOK,
}
_CHOOSING = ("ring", "services", "language", "zone")
_ACTIVE = {"", "active", "confirmed", "subscribed", "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What rows may name. Keys are in small letters; an open ring is None, for it is heard by subscription."""

    rings: Mapping[str, int | None]
    services: Mapping[str, tuple[int, ...]]
    languages: frozenset[str]
    language: str
    zones: frozenset[str]


class Choice(NamedTuple):
    """What somebody hears, and how they read it. `services` None: everything. Many people have the same."""

    ring_id: int | None
    services: tuple[int, ...] | None
    language: str
    zone: str


class Entry(NamedTuple):
    """One person as the file has them."""

    line: int
    name: str
    addresses: tuple[Reachable, ...]
    choice: Choice
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """`cell` is what is wrong, as it stands in the file."""

    line: int
    problem: Problem
    cell: str = ""


class _WrongError(Exception):
    def __init__(self, problem: Problem, cell: str = "") -> None:
        self.problem, self.cell = problem, cell


def understand(rows: Iterator[Record], columns: Columns, known: Known, *, is_plain: bool) -> Iterator[Entry | Rejected]:
    """An entry or what is wrong, for every row that is not empty. `is_plain`: all of it is ASCII, without NUL."""
    meanings, most, choices = list(columns.at), len(columns.names), _Choices(known)
    pick = itemgetter(*columns.at.values(), most)  # one more than there are, so that it always gives a tuple
    for record in rows:
        cells = record.cells
        try:
            if record.problem:
                raise _WrongError(record.problem, cells[0])
            if not any(cells) or not any(map(str.strip, cells)):
                continue
            if len(cells) != most or not is_plain or max(map(len, cells)) > MOST_CELL:
                _look_closely(cells, columns, is_plain=is_plain)
                cells = [*cells, *[""] * (most - len(cells))]
            by_meaning = dict(zip(meanings, map(str.strip, pick([*cells, ""])), strict=False))
            yield _entry(record.line, by_meaning, choices)
        except _WrongError as wrong:
            yield Rejected(line=record.line, problem=wrong.problem, cell=wrong.cell[:100])


def _look_closely(cells: Sequence[str], columns: Columns, *, is_plain: bool) -> None:
    for cell in cells:
        if len(cell) > MOST_CELL:
            raise _WrongError(Problem.LONG, cell)
        if not is_plain and _UNREADABLE.search(cell):
            raise _WrongError(Problem.UNREADABLE, _UNREADABLE.sub("\ufffd", cell))
    if any(map(str.strip, cells[len(columns.names) :])):
        raise _WrongError(Problem.CELLS, columns.separator.join(cells))


def _entry(line: int, cells: Mapping[str, str], choices: "_Choices") -> Entry:
    state = cells.get("state", "")
    if state.lower() not in _ACTIVE or cells.get("quarantined"):
        raise _WrongError(Problem.STATE, state or cells["quarantined"])
    return Entry(
        line, _name(cells.get("name", "")), _addresses(cells), choices.of(cells), _instant(cells.get("since", ""))
    )


class _Choices:
    """What the same four cells mean is looked up once."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._found: dict[tuple[str, ...], Choice] = {}

    def of(self, cells: Mapping[str, str]) -> Choice:
        key = ring, services, language, zone = tuple([cells.get(each, "") for each in _CHOOSING])
        if found := self._found.get(key):
            return found
        known = self._known
        choice = Choice(_ring(ring, known), _services(services, known), _language(language, known), _zone(zone, known))
        if len(self._found) < MOST_CHOICES:
            self._found[key] = choice
        return choice


def _name(cell: str) -> str:
    cell = as_it_was(cell)
    if len(cell) <= MOST_NAME and cell.isprintable():
        return cell
    name = " ".join(cell.split())
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME - 1]}…"


def _addresses(cells: Mapping[str, str]) -> tuple[Reachable, ...]:
    email, phone = cells.get("email", ""), cells.get("phone", "")
    if cells.get("kind"):
        return (_of_kind(cells),)
    if not email and not phone:
        email, phone = _of_either(cells.get("address", ""))
    found = [_email(email)] if email else []
    found += [_phone(phone, cells.get("country", ""))] if phone else []
    if not found:
        raise _WrongError(Problem.NOBODY)
    return tuple(found)


def _of_kind(cells: Mapping[str, str]) -> Reachable:
    """A Statuspage says in each row how somebody is reached; a webhook's e-mail address is only for its owner."""
    channel, whole = _KINDS.get(cells["kind"].lower()), cells.get("address", "")
    if channel is None:
        raise _WrongError(Problem.CHANNEL, cells["kind"])
    if channel is Channel.EMAIL:
        return _email(_given(cells.get("email") or whole))
    if channel is Channel.SMS:
        return _phone(_given(cells.get("phone") or whole or cells.get("email", "")), cells.get("country", ""))
    url = _given(cells.get("endpoint") or whole)
    try:
        return Reachable.endpoint(channel, url)
    except ValidationError:
        raise _WrongError(Problem.ENDPOINT, url) from None


def _given(cell: str) -> str:
    if not cell:
        raise _WrongError(Problem.NOBODY)
    return cell


def _of_either(cell: str) -> tuple[str, str]:
    return ("", cell) if cell.startswith("+") else (cell, "")


def _email(cell: str) -> Reachable:
    normalised = cell.lower()
    if len(cell) > MOST_ADDRESS:
        raise _WrongError(Problem.LONG, cell)
    if len(cell) <= 64 and _ORDINARY.fullmatch(normalised):
        return Reachable(channel=Channel.EMAIL, value=cell, normalised=normalised)
    try:
        found = Reachable.parse(cell)
    except ValidationError:
        raise _WrongError(Problem.EMAIL, cell) from None
    if found.channel is not Channel.EMAIL:
        raise _WrongError(Problem.EMAIL, cell)
    return found


def _phone(cell: str, country: str) -> Reachable:
    cell = as_it_was(cell)
    number = cell if cell.startswith("+") else _with_country(cell, country)
    try:
        return Reachable.parse(number)
    except ValidationError:
        raise _WrongError(Problem.PHONE, cell) from None


def _with_country(cell: str, country: str) -> str:
    """A number as it is dialled at home, with the country's two letters or its code."""
    region = country.upper()
    if country.lstrip("+").isdigit():
        region = phonenumbers.region_code_for_country_code(int(country.lstrip("+")))
    try:
        number = phonenumbers.parse(cell, region)
    except phonenumbers.NumberParseException:
        raise _WrongError(Problem.PHONE if country else Problem.COUNTRY, cell) from None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _ring(cell: str, known: Known) -> int | None:
    if not cell:
        return None
    try:
        return known.rings[cell.lower()]
    except KeyError:
        raise _WrongError(Problem.RING, cell) from None


def _services(cell: str, known: Known) -> tuple[int, ...] | None:
    if not cell:
        return None
    whole = known.services.get(cell.lower())
    if whole:
        return whole
    names = [name.strip(" \"'") for name in _BETWEEN_SERVICES.split(cell.strip("[]"))]
    found: set[int] = set()
    for name in filter(None, names):
        if name.lower() not in known.services:
            raise _WrongError(Problem.SERVICE, name)
        found.update(known.services[name.lower()])
    return tuple(sorted(found)) or None


def _language(cell: str, known: Known) -> str:
    """One that we do not speak is no reason to tell somebody nothing: they get the page's own."""
    short = cell.lower().replace("_", "-").partition("-")[0]
    return short if short in known.languages else known.language


def _zone(cell: str, known: Known) -> str:
    if cell and cell not in known.zones:
        raise _WrongError(Problem.ZONE, cell)
    return cell


def _instant(cell: str) -> datetime | None:
    """When they subscribed. Only told, never a reason to reject."""
    try:
        instant = datetime.fromisoformat(cell.removesuffix(" UTC")) if cell else None
    except ValueError:
        return None
    return instant and (instant if instant.tzinfo else instant.replace(tzinfo=UTC))

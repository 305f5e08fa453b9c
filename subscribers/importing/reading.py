"""A piece of a file becomes staged lines: what each row means, or what is wrong with it."""

import io
from collections.abc import Iterator
from functools import cache
from zoneinfo import available_timezones

from django.db import connection
from django.db.models import F

from statuspage.kit import public_ids
from statuspage.organizations.models import Ring
from statuspage.organizations.plan import Channel
from statuspage.pages.languages import LANGUAGES
from statuspage.pages.models import Service
from subscribers.importing.models import ImportFile, ImportPiece
from subscribers.importing.records import records
from subscribers.importing.rows import Choice, Entry, Known, Rejected, understand
from subscribers.reaching import Reachable
from subscribers.suppressing import fingerprints_by

_COPY = (
    "COPY subscribers_importline (file_id, line, channel, value, normalised, fingerprint, public_id, name, ring_id,"
    " services, language, zone, since, problem, cell) FROM STDIN"
)
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def read(piece: ImportPiece) -> None:
    """Within the transaction in which the piece was taken, in the scope of its organization."""
    file = piece.file
    staged, stage = io.StringIO(), _Stage(file.pk, piece.first_line)
    for row in _rows(file, piece):
        staged.write(stage.rejected(row) if isinstance(row, Rejected) else stage.entry(row))
    staged.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(_COPY, staged)
    ImportPiece.objects.filter(pk=piece.pk).update(is_read=True, body=b"")
    ImportFile.objects.filter(pk=file.pk).update(
        pieces_done=F("pieces_done") + 1,
        rows_seen=F("rows_seen") + stage.seen,
        rejected=F("rejected") + stage.wrong,
    )


def known_for(file: ImportFile) -> Known:
    """What rows of this file may name."""
    services: dict[str, set[int]] = {}
    for service in Service.objects.living().filter(pages=file.page).select_related("group"):
        names = [service.name, service.public_id, *([f"{service.group} - {service}"] if service.group else [])]
        for name in names:
            services.setdefault(name.lower(), set()).add(service.pk)
    rings = list(Ring.objects.all())
    return Known(
        rings={name.lower(): None if ring.is_open else ring.pk for ring in rings for name in (ring.name, ring.key)},
        services={name: tuple(sorted(ids)) for name, ids in services.items()},
        languages=frozenset(code for code, _name in LANGUAGES),
        language=file.page.languages[0],
        zones=_zones(),
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _rows(file: ImportFile, piece: ImportPiece) -> Iterator[Entry | Rejected]:
    text = bytes(piece.body).decode(file.encoding, errors="surrogateescape" if file.encoding == "utf-8" else "replace")
    if piece.number == 0:
        text = "\n" * file.header_lines + text.split("\n", file.header_lines)[-1]
    columns = file.found
    rows = records(text, separator=columns.separator, most_cells=len(columns.names))
    return understand(rows, columns, known_for(file), is_plain=text.isascii() and "\0" not in text)


class _Stage:
    """Writes rows in COPY's text format. A million are written: nothing here is more general than it must be."""

    def __init__(self, file_id: int, first_line: int) -> None:
        self._file_id, self._first_line = file_id, first_line
        self._fingerprints = {channel: fingerprints_by(channel).of for channel in Channel}
        self._ids = public_ids.many()
        self._choices: dict[Choice, str] = {}
        self.seen = self.wrong = 0

    def rejected(self, row: Rejected) -> str:
        self.seen += 1
        self.wrong += 1
        line, cell = self._first_line + row.line, row.cell.translate(_ESCAPED)
        return f"{self._file_id}\t{line}\t\t\t\t\\\\x\t\t\t\\N\t\\N\t\t\t\\N\t{row.problem.value}\t{cell}\n"

    def entry(self, row: Entry) -> str:
        self.seen += 1
        name = row.name.translate(_ESCAPED) if "\\" in row.name else row.name  # of what it escapes, names hold only \\
        line, of_the_row = self._first_line + row.line, f"{name}\t{self._choice(row.choice)}\t{_known(row.since)}\t\t"
        return "".join([f"{self._file_id}\t{line}\t{self._address(each)}\t{of_the_row}\n" for each in row.addresses])

    def _choice(self, choice: Choice) -> str:
        found = self._choices.get(choice)
        if found is None:
            found = f"{_known(choice.ring_id)}\t{_array(choice.services)}\t{choice.language}\t{choice.zone}"
            self._choices[choice] = found
        return found

    def _address(self, address: Reachable) -> str:
        value, normalised = address.value, address.normalised
        digest = self._fingerprints[address.channel](normalised).hex()
        if "\\" in value:
            value, normalised = value.translate(_ESCAPED), normalised.translate(_ESCAPED)
        return f"{address.channel.value}\t{value}\t{normalised}\t\\\\x{digest}\t{next(self._ids)}"


def _known(value: object) -> object:
    return "\\N" if value is None else value


def _array(services: tuple[int, ...] | None) -> str:
    return "\\N" if services is None else "{" + ",".join(map(str, services)) + "}"

"""A file arrives: it is cut into pieces and kept, all of it or nothing."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import User
from statuspage.pages.models import Page
from subscribers.importing.columns import NoColumnsError, read_header
from subscribers.importing.cutting import Cut, Cutter
from subscribers.importing.models import ImportFile, ImportLine, ImportPiece, ImportState

MOST_BYTES = 1024**3
CHUNK_BYTES = 64 * 1024


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


@transaction.atomic
def receive(page: Page, name: str, chunks: Iterable[bytes], *, by: User | None) -> ImportFile:
    """Keep a file for `page`, to be read at once. Raises ValidationError saying what to do."""
    file = _begin(page, name, by)
    cutter = Cutter()
    pieces = cutter.cut(chunks)
    first = next(pieces, None)
    try:
        columns, header_lines = read_header(_head(first))
    except NoColumnsError as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal
    for cut in chain([first] if first else [], pieces):
        if cutter.size > MOST_BYTES:
            raise ValidationError({"file": "A file may have at most 1 GB. Split it, and bring the parts in turn."})
        file.pieces_in_all += 1
        _keep(file, cut)
    file.size, file.encoding, file.was = cutter.size, cutter.encoding, cutter.was
    file.columns, file.header_lines = columns.to_json(), header_lines
    file.save()
    audit.record(
        page.organization, by=by, verb="brought a file", target=f"import {file.public_id}", after={"name": file.name}
    )
    clock.wake()
    return file


def _begin(page: Page, name: str, by: User | None) -> ImportFile:
    try:
        with transaction.atomic():
            return ImportFile.objects.create(organization=page.organization, page=page, name=name[:200], by=by)
    except IntegrityError as taken:
        raise ValidationError("Another import is under way. Finish or drop that one first.") from taken


def _head(first: Cut | None) -> str:
    return first.body[:20_000].decode("utf-8", errors="replace") if first else ""


def _keep(file: ImportFile, cut: Cut) -> None:
    last_line = cut.first_line + cut.lines - 1
    ImportPiece.objects.create(
        file=file, number=cut.number, first_line=cut.first_line, last_line=last_line, body=cut.body
    )


@transaction.atomic
def drop(file: ImportFile, *, by: User | None) -> None:
    """Forget a file that nobody wants added any more. What was applied of it stays."""
    locked = ImportFile.objects.select_for_update().get(pk=file.pk)
    if locked.stage.is_over:
        return
    forget(locked)
    ImportFile.objects.filter(pk=file.pk).update(state=ImportState.DROPPED, ended_at=clock.now())
    audit.record(file.organization, by=by, verb="dropped", target=f"import {file.public_id}")


def forget(file: ImportFile) -> None:
    """What the file says. That there was one, and what became of it, stays."""
    file.pieces.all().delete()
    ImportLine.objects.filter(file_id=file.pk).delete()

"""Bytes as they arrive → pieces that can be read alone. Pure, and never holds more than a piece.

Whatever the file was saved as, a piece holds whole lines that end in LF, in bytes that agree with ASCII: UTF-16
becomes UTF-8 here. Which 8-bit encoding it is, is certain only at the end (`Cutter.encoding`).
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PIECE_BYTES = 512 * 1024
MOST_LINE_BYTES = 64 * 1024
"""Of a longer line only the beginning is kept: no row needs so much, and it is rejected for it."""
MOST_LINES_A_ROW = 20
"""A cell may hold line breaks between quotation marks. A mark that is open for longer was never meant to be closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`first_line` counts from 1, as editors do."""

    number: int
    first_line: int
    lines: int
    body: bytes


class Cutter:
    """Cuts one file. Afterwards `encoding` is the name of the codec its pieces are read with, `size` its bytes."""

    def __init__(self) -> None:
        self.size = 0
        self._is_wide = False
        self._known = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._foreign = self._broken = 0

    @property
    def encoding(self) -> str:
        """UTF-8 with a few broken rows is UTF-8; where nearly nothing fits, it is what old Excel writes."""
        return "cp1252" if self._broken * 10 > self._foreign else "utf-8"

    @property
    def was(self) -> str:
        """The encoding as people call it."""
        return "UTF-16" if self._is_wide else {"utf-8": "UTF-8", "cp1252": "Windows-1252"}[self.encoding]

    def cut(self, chunks: Iterable[bytes]) -> Iterator[Cut]:
        number, line = 0, 1
        for body in _pieces(self._lines_of(chunks)):
            self._look_at(body)
            lines = body.count(b"\n") + (not body.endswith(b"\n"))
            yield Cut(number=number, first_line=line, lines=lines, body=body)
            number, line = number + 1, line + lines

    def _look_at(self, body: bytes) -> None:
        if body.isascii():
            return
        text = self._known.decode(body, final=True)
        self._broken += text.count("\ufffd")
        self._foreign += sum(not character.isascii() for character in text[:100_000]) or 1

    def _lines_of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """With \\n at the end of lines, however they ended before."""
        is_held = False
        for chunk in self._narrow(chunks):
            text = b"\r" + chunk if is_held else chunk
            is_held = text.endswith(b"\r")
            yield (text[:-1] if is_held else text).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if is_held:
            yield b"\n"

    def _narrow(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        decoder: codecs.IncrementalDecoder | None = None
        for chunk in _from_four_bytes_on(chunks):
            if not self.size:
                wide = _wide_encoding(chunk)
                self._is_wide = wide is not None
                decoder = codecs.getincrementaldecoder(wide)(errors="replace") if wide else None
                beginning = chunk.removeprefix(codecs.BOM_UTF8)
            else:
                beginning = chunk
            self.size += len(chunk)
            yield decoder.decode(beginning).encode() if decoder else beginning


def _from_four_bytes_on(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The first chunk tells the encoding: it must not be shorter than a mark that says it."""
    held = b""
    for chunk in chunks:
        held += chunk
        if len(held) >= 4:
            yield held
            held = b""
    if held:
        yield held


def _wide_encoding(beginning: bytes) -> str | None:
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = beginning[:1000]
    # Without a mark: of mostly Latin letters in UTF-16 every other byte is NUL.
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[first::2].count(0) > len(sample) // 4:
            return encoding
    return None


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in _without_endless_lines(chunks):
        rest += chunk
        while len(rest) >= PIECE_BYTES:
            end = _end_of_piece(rest)
            yield rest[:end]
            rest = rest[end:]
    if rest:
        yield rest


def _without_endless_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What a line has beyond MOST_LINE_BYTES is let go, however many chunks it goes on."""
    length = 0
    for chunk in chunks:
        end = chunk.find(b"\n")
        unfinished = chunk if end < 0 else chunk[:end]
        yield unfinished[: max(0, MOST_LINE_BYTES - length)] + (b"" if end < 0 else chunk[end:])
        length = length + len(chunk) if end < 0 else len(chunk) - chunk.rfind(b"\n") - 1


def _end_of_piece(rest: bytes) -> int:
    """After the last line break that is not between quotation marks."""
    last = rest.rfind(b"\n", 0, PIECE_BYTES) + 1 or len(rest)
    end = last
    for _line in range(MOST_LINES_A_ROW):
        if rest.count(b'"', 0, end) % 2 == 0:
            return end
        end = rest.rfind(b"\n", 0, max(0, end - 1)) + 1
    return last

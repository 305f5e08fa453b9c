"""A tenant's own words for a message: checked on saving, and filled in when a message is rendered. Pure.

Plain text with {placeholders} from a fixed list and nothing else: no conditions, no loops, no templates. {{ and }} are
braces that are meant. A line whose placeholders all turn out empty is left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial, reduce
from itertools import groupby

from django.utils.html import format_html, format_html_join

from notifications.placeholders import BY_NAME, MAINTENANCE, Placeholder, lines, paragraph
from notifications.reading import Reading
from statuspage.kit import gsm7
from statuspage.organizations.plan import Channel

LONGEST_SUBJECT, LONGEST_BODY = 200, 5_000
MOST_SEGMENTS = 2
SHORTER = (120, 80, 50, 30, 15)
"""What is long is cut to these, one after the other, until an SMS fits."""
CHANNELS = (Channel.EMAIL, Channel.SMS)

_TOKEN = re.compile(r"{{|}}|{([^{}\n]*)}|[{}]|[^{}]+")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_CANNOT_BE_MISSED = ("notes", "next_update", "page_link", "bridge_link")
"""In a mail they are added at the end when the words do not name them."""

Piece = str | Placeholder
Line = tuple[Piece, ...]


class RefusedError(ValueError):
    """One sentence that says what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """An SMS has no subject."""

    body: str
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What the words are for. `is_open`: somebody may read them who may read public words only."""

    kind: str
    channel: Channel
    is_open: bool


def refusals(own: OwnWords, use: Use) -> dict[str, str]:
    """What is wrong, by field; empty when the words may be used."""
    found = {}
    fields = {"body": own.body} if use.channel is Channel.SMS else {"subject": own.subject, "body": own.body}
    for field, typed in fields.items():
        try:
            _check(field, typed, use)
        except RefusedError as refusal:
            found[field] = str(refusal)
    return found


def subject(own: OwnWords, reading: Reading) -> str:
    return _filled(_parse(own.subject), reading)


def text(own: OwnWords, reading: Reading) -> str:
    """The body of a mail as plain text, without its frame."""
    return "\n\n".join(filter(None, ("\n".join(_told(paragraph, reading)) for paragraph in _paragraphs(own.body))))


def html(own: OwnWords, reading: Reading) -> str:
    """The same in paragraphs: everything typed is escaped, and what stands alone becomes what it is."""
    return format_html_join("\n", "{}", ((_drawn(each, reading),) for each in _paragraphs(own.body)))


def sms(own: OwnWords, reading: Reading) -> str:
    """In two segments, if need be with the ends of long words cut off."""
    whole = _short(own, reading, None)
    for longest in SHORTER:
        if gsm7.segments(whole) <= MOST_SEGMENTS:
            break
        whole = _short(own, reading, longest)
    return whole


def sms_as_written(own: OwnWords, reading: Reading) -> str:
    """With nothing cut off."""
    return _short(own, reading, None)


def starter(use: Use) -> OwnWords:
    """Something to begin with: what Ripple says, in placeholders."""
    names = {each.name for each in offered(use)}
    severity = "{severity} " if "severity" in names else ""
    began = "{state}: {title} ({started})." if "started" in names else "{state}: {title}."
    opening = "{state}: {title} ({lasted})." if "lasted" in names else began
    last = [f"{{{name}}}" for name in ("when", "next_update", "page_link") if name in names]
    if use.channel is Channel.SMS:
        return OwnWords(body=" ".join(["{organization}: {title}. {state}.", *last]))
    notes = ["{notes}"] if "notes" in names else []
    return OwnWords(
        subject=f"[{{organization}}] {severity}{{state}}: {{title}}",
        body="\n\n".join([opening, "{words}", *notes, "{services}", *last]),
    )


def _short(own: OwnWords, reading: Reading, longest: int | None) -> str:
    written = [_parse(line) for line in own.body.splitlines()]
    if not any(piece is BY_NAME["bridge_link"] for line in written for piece in line):
        written[-1:] = [(*written[-1], " ", BY_NAME["bridge_link"])]
    return gsm7.transliterated("\n".join(_told(written, reading, longest)))


def _check(field: str, typed: str, use: Use) -> None:
    _check_shape(field, typed)
    named = [piece for piece in _parse(typed) if isinstance(piece, Placeholder)]
    for placeholder in named:
        _check_place(placeholder, use)
    for name in compulsory(field, use):
        if BY_NAME[name] not in named:
            raise RefusedError(f"{{{name}}} is missing, and readers cannot do without it: put it in.")


def _check_shape(field: str, typed: str) -> None:
    longest = LONGEST_SUBJECT if field == "subject" else LONGEST_BODY
    if not typed.strip():
        raise RefusedError("Write something, or go back to Ripple's words.")
    if field == "subject" and len(typed.splitlines()) > 1:
        raise RefusedError("A subject is one line: take the line break out.")
    if _INVISIBLE.search(typed):
        raise RefusedError("Take out the invisible characters: they may have come along when you copied it.")
    if len(typed) > longest:
        raise RefusedError(f"That is {len(typed):,} characters, and {longest:,} is the most: shorten it.")


def compulsory(field: str, use: Use) -> list[str]:
    """Names of what must stand in a field."""
    if field == "subject":
        return ["title"]
    needed = ["title", "page_link"] if use.channel is Channel.SMS else ["page_link"]
    if use.kind == MAINTENANCE:
        return [*needed, "when"]
    return [*needed, "next_update"] if use.is_open and use.kind in BY_NAME["next_update"].kinds else needed


def offered(use: Use) -> list[Placeholder]:
    """What these words may name."""
    return [each for each in BY_NAME.values() if use.kind in each.kinds and not (each.is_inner and use.is_open)]


def _check_place(placeholder: Placeholder, use: Use) -> None:
    if placeholder.is_inner and use.is_open:
        raise RefusedError(
            f"{{{placeholder.name}}} is for inner rings only, and everybody may read this: take it out,"
            " or write these words for one inner ring."
        )
    if use.kind not in placeholder.kinds:
        raise RefusedError(f"{{{placeholder.name}}} is always empty in this kind of message: take it out.")


def _parse(typed: str) -> Line:
    """Raises RefusedError for what is no placeholder, and for braces that stand alone."""
    return tuple(_piece(found) for found in _TOKEN.finditer(typed))


def _piece(found: re.Match[str]) -> Piece:
    token, name = found[0], found[1]
    if token in {"{{", "}}"}:
        return token[0]
    if token in {"{", "}"}:
        near = found.string[max(0, found.start() - 12) : found.end() + 12].replace("\n", " ").strip()
        raise RefusedError(f"A brace stands alone in “{near}”: close it, or write {token * 2} for one that is meant.")
    if name is None:
        return token
    if name not in BY_NAME:
        raise RefusedError(f"{{{name}}} is no placeholder: {_suggested(name)}")
    return BY_NAME[name]


def _suggested(name: str) -> str:
    like = get_close_matches(name.strip().lower(), BY_NAME, n=1)
    return f"did you mean {{{like[0]}}}?" if like else "take one of the list, or write {{ for a brace that is meant."


def _paragraphs(body: str) -> Iterator[list[Line]]:
    """What is written between empty lines, and then what nobody must miss."""
    named: set[Piece] = set()
    for blank, written in groupby(body.splitlines(), key=lambda line: not line.strip()):
        if not blank:
            paragraph = [_parse(line) for line in written]
            named |= {piece for line in paragraph for piece in line}
            yield paragraph
    for name in _CANNOT_BE_MISSED:
        if BY_NAME[name] not in named:
            yield [(BY_NAME[name],)]


def _told(written: Iterable[Line], reading: Reading, longest: int | None = None) -> Iterator[str]:
    """Line by line, without those that turn out empty."""
    return filter(None, (_filled(line, reading, longest).strip() for line in written))


def _filled(line: Line, reading: Reading, longest: int | None = None) -> str:
    return "".join(piece if isinstance(piece, str) else _cut(piece, reading, longest) for piece in line)


def _cut(placeholder: Placeholder, reading: Reading, longest: int | None) -> str:
    value = placeholder.text(reading)
    if longest is None or not placeholder.is_long or len(value) <= longest:
        return value
    return f"{value[:longest].rstrip()}..."


def _drawn(written: list[Line], reading: Reading) -> str:
    shown = [line for line in written if _filled(line, reading).strip()]
    if not shown:
        return ""
    only = [piece for line in shown for piece in line if not isinstance(piece, str) or piece.strip()]
    if len(only) == 1 and isinstance(only[0], Placeholder):
        return only[0].alone(reading)
    return paragraph(reduce(partial(format_html, "{}<br>{}"), (_inline(line, reading) for line in shown)))


def _inline(line: Line, reading: Reading) -> str:
    said = (lines(piece) if isinstance(piece, str) else piece.inline(reading) for piece in line)
    return format_html_join("", "{}", ((each,) for each in said))

"""Inner words that have slipped into what everybody will read: found while the author can still take them out. Pure."""

from collections.abc import Iterable

from incidents.drafts import NoteDraft

SHORTEST_LINE = 12  # shorter lines of a note are ordinary words


def inner_words(*, title: str, bridge_url: str, severities: Iterable[str], notes: Iterable[NoteDraft]) -> list[str]:
    """What no open ring may read: the inner title, the bridge, the names of severities, lines of notes."""
    lines = [line.strip() for note in notes for line in note.body.splitlines()]
    words = [title.strip(), bridge_url.strip(), *severities, *(line for line in lines if len(line) >= SHORTEST_LINE)]
    return [word for word in dict.fromkeys(words) if word]


def found_in(text: str, words: Iterable[str], *, allowed: str = "") -> list[str]:
    """Those of `words` that stand in `text`, whatever the case. `allowed` is what may be said although it is inner."""
    said = text.casefold()
    return [word for word in words if word.casefold() in said and word.casefold() not in allowed.casefold()]

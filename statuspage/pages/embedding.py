"""Scripts and style for other people's sites: the same bytes on every page. What they show is incidents/embeds.py."""

import re
from collections.abc import Iterator
from functools import cache

from statuspage.pages.digests import digest
from statuspage.pages.documents import STATIC, lean
from statuspage.pages.look import asset
from statuspage.pages.store import Document

FOLDER = "embed/"
SCRIPTS = ("notice.js", "script.js", "se-v2.js")
"""Their addresses stand in other people's pages and never change, so they hold no hash."""

_COLOURS = re.compile(r":root \{(.*?)\}", re.DOTALL)


def offer() -> Iterator[Document]:
    yield from _scripts()
    yield from frame_assets()


@cache
def _scripts() -> tuple[Document, ...]:
    bodies = {name: lean(f"{FOLDER}{name}") for name in SCRIPTS}
    return tuple(Document(f"{FOLDER}{name}", body, made_of=digest(body)) for name, body in bodies.items())


@cache
def frame_assets() -> tuple[Document, Document]:
    """The style sheet and the script of what stands in a frame. A site may ask for one of the two schemes by name."""
    tokens = (STATIC / "tokens.css").read_text()
    light, dark = _COLOURS.findall(tokens)
    by_name = [
        f":root[data-theme={name}] {{ color-scheme: {name};{colours.replace('color-scheme: light dark;', '')}}}"
        for name, colours in (("light", light), ("dark", dark))
    ]
    style = "\n".join([tokens, *by_name, (STATIC / FOLDER / "frame.css").read_text()])
    return asset("frame", ".css", style.encode()), asset("frame", ".js", lean(f"{FOLDER}frame.js"))

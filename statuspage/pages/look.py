"""How a page looks because its owner chose so. Nothing of theirs reaches a style sheet but colours we have mended."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from statuspage.kit.markdown import to_html
from statuspage.pages.colours import DARK, LIGHT, mend, on_accent
from statuspage.pages.models import Page
from statuspage.pages.store import ASSETS, Document

PAGES_KEPT = 10_000
SCHEMES = ("light", "dark")

_IS_DARK = "(prefers-color-scheme: dark)"


@dataclass(frozen=True, slots=True)
class Look:
    """What an owner's choices add to a page. None: the house's own. `intro` is safe HTML."""

    theme: Document | None
    intro: str

    @property
    def documents(self) -> Iterator[Document]:
        if self.theme:
            yield self.theme


def look_of(page: Page) -> Look:
    return Look(theme=_theme(page.accent, page.accent_dark), intro=_intro(page.intro))


@lru_cache(maxsize=PAGES_KEPT)
def _intro(text: str) -> str:
    return to_html(text).strip()


@lru_cache(maxsize=PAGES_KEPT)
def _theme(accent: str, accent_dark: str) -> Document | None:
    """A style sheet to stand after the page's own: custom properties for both schemes, and nothing else."""
    rules = [":root { --mark: var(--accent); --on-mark: var(--on-accent); }"]
    if accent:
        rules.append(_properties(mend(accent, on=LIGHT).colour))
    if accent or accent_dark:
        rules.append(f"@media {_IS_DARK} {{ {_properties(mend(accent_dark or accent, on=DARK).colour)} }}")
        return asset("theme", ".css", "\n".join([*rules, ""]).encode())
    return None


def _properties(accent: str) -> str:
    return f":root {{ --accent: {accent}; --on-accent: {on_accent(accent)}; }}"


def asset(stem: str, suffix: str, body: bytes) -> Document:
    """Its name holds a hash of the bytes, so that browsers may keep it for ever."""
    hashed = hashlib.sha256(body).hexdigest()[:12]
    return Document(f"{ASSETS}{stem}.{hashed}{suffix}", body, made_of=hashed)


def in_scheme(text: str, scheme: str) -> str:
    """Style or HTML as it is on a screen that is "light", or "dark", whatever the reader's own screen is."""
    return text.replace(_IS_DARK, "all" if scheme == "dark" else "not all").replace(
        "color-scheme: light dark", f"color-scheme: {scheme}"
    )

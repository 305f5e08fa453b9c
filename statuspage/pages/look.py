"""How a page looks because its owner chose so. Nothing of theirs reaches a style sheet but colours we have mended."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from statuspage.kit.markdown import to_html
from statuspage.pages import pictures
from statuspage.pages.colours import DARK, LIGHT, mend, on_accent
from statuspage.pages.models import Page, PageImage
from statuspage.pages.store import ASSETS, Document

Kind = PageImage.Kind
PAGES_KEPT, PICTURES_KEPT = 10_000, 200
SHOWN_AT_MOST = (240, 48)
SCHEMES = ("light", "dark")

_IS_DARK = "(prefers-color-scheme: dark)"


@dataclass(frozen=True, slots=True)
class Logo:
    """`document` is its file; `width` and `height` are what it takes up on the page.

    `is_lost` says that it would hardly be seen on the background it is for, so that a plate is put behind it.
    """

    document: Document
    width: int
    height: int
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What an owner's choices add to a page. None: the house's own. `intro` is safe HTML.

    `logo` without a `logo_dark` is shown in the dark, too.
    """

    theme: Document | None
    intro: str
    logo: Logo | None
    logo_dark: Logo | None
    icons: tuple[Document, ...]

    @property
    def icon(self) -> Document | None:
        """For the browser's tab."""
        return self.icons[0] if self.icons else None

    @property
    def documents(self) -> Iterator[Document]:
        yield from (each for each in (self.theme, *self.icons) if each)
        yield from self.logos

    @property
    def logos(self) -> Sequence[Document]:
        return list({each.document.name: each.document for each in (self.logo, self.logo_dark) if each}.values())


def look_of(page: Page) -> Look:
    images = {image.kind: bytes(image.body) for image in page.images.all()}
    logo, dark, icon = images.get(Kind.LOGO), images.get(Kind.LOGO_DARK), images.get(Kind.FAVICON)
    return Look(
        theme=_theme(page.accent, page.accent_dark),
        intro=_intro(page.intro),
        logo=_logo(logo, LIGHT[0]) if logo else None,
        logo_dark=_logo(dark or logo, DARK[0]) if logo else None,
        icons=_icons(icon) if icon else (),
    )


@lru_cache(maxsize=PICTURES_KEPT)
def _logo(body: bytes, ground: str) -> Logo:
    width, height = pictures.size_of(body)
    shrunk = max(width / SHOWN_AT_MOST[0], height / SHOWN_AT_MOST[1], 1)
    width, height = (max(1, round(side / shrunk)) for side in (width, height))
    return Logo(asset("logo", ".png", body), width, height, pictures.is_lost_on(ground, body))


@lru_cache(maxsize=PICTURES_KEPT)
def _icons(master: bytes) -> tuple[Document, ...]:
    """What is linked first, then what browsers and telephones ask for by themselves."""
    linked = asset("icon", ".png", pictures.tab_icon(master))
    hashed = linked.made_of
    return (
        linked,
        Document("apple-touch-icon.png", partial(pictures.apple_icon, master), made_of=hashed),
        Document("favicon.ico", partial(pictures.ico, master), made_of=hashed),
    )


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

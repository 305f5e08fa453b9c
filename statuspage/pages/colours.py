"""An owner's colour, made readable: contrast as WCAG counts it, mended by moving nothing but the lightness. Pure.

Contrast and relative luminance: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. Lightness is moved in OKLab, where
equal steps look equal and the hue stays what it was (Björn Ottosson, https://bottosson.github.io/posts/oklab/).
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

READABLE = 4.5
"""What WCAG 2.2 asks of text, level AA (1.4.3)."""
WHITE, BLACK = "#ffffff", "#000000"
ACCENT, ACCENT_DARK = "#1f4fd8", "#8fb3ff"
"""The house's own, where an owner chose none."""
LIGHT = (WHITE, "#f5f6f8", "#f9edee")
DARK = ("#0e1116", "#161b22", "#1f1e19")
"""What an accent stands on in each scheme: the page, its surfaces, and the tint of a headline that is hardest on it."""

_GROUNDS = {
    "#ffffff": "white",
    "#f5f6f8": "pale grey",
    "#f9edee": "a tinted headline",
    "#0e1116": "the dark page",
    "#161b22": "dark grey",
    "#1f1e19": "a tinted headline in the dark",
}
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.ASCII)
_STEPS = 500

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Mended:
    """`colour` is what may be used. `ground` is the first background on which `given` was too hard to read."""

    given: str
    colour: str
    ground: str
    least: float

    @property
    def is_changed(self) -> bool:
        return self.colour != self.given

    @property
    def explanation(self) -> str:
        """What was changed, and why; nothing when nothing was."""
        if not self.is_changed:
            return ""
        ground = _GROUNDS.get(self.ground, self.ground)
        had = math.floor(contrast(self.given, self.ground) * 10) / 10  # never rounded up to what it fell short of
        moved = "darkened" if luminance(self.colour) < luminance(self.given) else "lightened"
        return (
            f"Your {self.given} would be hard to read as a link on {ground} (contrast {had}, needed {self.least}). "
            f"We {moved} it to {self.colour}."
        )


def parse(text: str) -> str:
    """ "#FD0" → "#ffdd00". Raises ValueError with a sentence for whoever typed it."""
    found = _HEX.fullmatch(text.strip().lower())
    if not found:
        raise ValueError("Write a colour as # and six digits from 0 to f, for example #1f4fd8.")
    digits = found[1]
    return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}"


def mend(colour: str, *, on: Iterable[str], least: float = READABLE) -> Mended:
    """The nearest colour of the same hue that is readable on every one of these backgrounds. #rrggbb in and out.

    Raises ValueError when there is none, which cannot be for backgrounds that are all light or all dark.
    """
    grounds = tuple(on)
    ground = next((each for each in grounds if contrast(colour, each) < least), "")
    if not ground:
        return Mended(colour, colour, "", least)
    for candidate in _nearest_first(colour):
        if all(contrast(candidate, each) >= least for each in grounds):
            return Mended(colour, candidate, ground, least)
    raise ValueError(f"No shade of {colour} has a contrast of {least} on all of {', '.join(grounds)}.")


def on_accent(colour: str) -> str:
    """The colour of words on a button of this colour: black or white, whichever is easier to read. Never below 4.5."""
    return max((WHITE, BLACK), key=lambda words: contrast(words, colour))


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _nearest_first(colour: str) -> Iterator[str]:
    """The colour lighter and darker, in ever larger steps."""
    lightness, a, b = _to_oklab(_linear(colour))
    for step in range(1, _STEPS + 1):
        for moved in (lightness - step / _STEPS, lightness + step / _STEPS):
            if 0 <= moved <= 1:
                yield _hex(_displayable(moved, a, b))


def _displayable(lightness: float, a: float, b: float) -> Triple:
    """The most colourful that a screen can show of this lightness and hue, up to the given chroma."""
    low, high = 0.0, 1.0
    if _fits(whole := _from_oklab((lightness, a, b))):
        return whole
    for _ in range(12):
        middle = (low + high) / 2
        if _fits(_from_oklab((lightness, a * middle, b * middle))):
            low = middle
        else:
            high = middle
    return _from_oklab((lightness, a * low, b * low))


def _fits(linear: Triple) -> bool:
    return all(-1e-6 <= part <= 1 + 1e-6 for part in linear)


def _linear(colour: str) -> Triple:
    """Light itself, from 0 to 1: sRGB without its curve."""
    red, green, blue = (_uncurved(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _uncurved(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)


def _curved(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * math.pow(part, 1 / 2.4) - 0.055


def _hex(linear: Triple) -> str:
    return "#" + "".join(f"{round(_curved(min(max(part, 0.0), 1.0)) * 255):02x}" for part in linear)


def _to_oklab(linear: Triple) -> Triple:
    red, green, blue = linear
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lab: Triple) -> Triple:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )

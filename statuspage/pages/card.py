"""The picture that other programs show beside a link to the page (Open Graph): the state, and the sentence. Pure.

It holds nothing that grows old by itself. Words that cannot be drawn as they are written are left out: no letters in
the font, or letters that run from right to left or change beside each other. Shape, colour and host say enough.
"""

import io
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import bidirectional, category

from PIL import Image, ImageDraw, ImageFont

from statuspage.pages.status import ServiceStatus

SIZE = (1200, 630)
EDGE, LINES = 80, 4
FONTS = ("DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "Arial Bold.ttf")
"""The first that this machine has. Pillow's own, where there is none, knows hardly more than English letters."""
TEXT, MUTED, GROUND = "#15181d", "#565e6b", "#ffffff"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Card:
    """`colour` is the state's, six hex digits."""

    name: str
    sentence: str
    host: str
    tone: ServiceStatus
    colour: str


def draw(card: Card) -> bytes:
    image = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(image)
    colour = f"#{card.colour}"
    pen.rectangle((0, 0, SIZE[0], 16), fill=colour)
    _shape(pen, card.tone, colour)
    if _can_say(card.name):
        pen.text((EDGE + 96, EDGE + 8), _shortened(card.name, 40, SIZE[0] - 2 * EDGE - 96), TEXT, _font(40))
    if _can_say(card.sentence):
        pen.multiline_text((EDGE, 210), "\n".join(_lines(card.sentence)), TEXT, _font(60), spacing=18)
    pen.text((EDGE, SIZE[1] - EDGE - 32), _shortened(card.host, 32, SIZE[0] - 2 * EDGE), MUTED, _font(32))
    body = io.BytesIO()
    image.save(body, "PNG", compress_level=2)
    return body.getvalue()


def _shape(pen: ImageDraw.ImageDraw, tone: ServiceStatus, colour: str) -> None:
    left, top, right, bottom = EDGE, EDGE, EDGE + 64, EDGE + 64
    middle, centre = (left + right) // 2, (top + bottom) // 2
    if tone is ServiceStatus.MAJOR_OUTAGE:
        pen.rectangle((left, top, right, bottom), fill=colour)
    elif tone is ServiceStatus.PARTIAL_OUTAGE:
        pen.polygon([(middle, top), (right, bottom), (left, bottom)], fill=colour)
    elif tone is ServiceStatus.UNDER_MAINTENANCE:
        pen.polygon([(middle, top), (right, centre), (middle, bottom), (left, centre)], fill=colour)
    else:
        is_half = tone is ServiceStatus.DEGRADED_PERFORMANCE
        pen.ellipse((left, top, right, bottom), outline=colour, width=8, fill=None if is_half else colour)
        pen.pieslice((left, top, right, bottom), -90, 90, fill=colour)


def _lines(sentence: str) -> list[str]:
    """Broken where the card is full; what does not fit ends in an ellipsis."""
    room, lines = SIZE[0] - 2 * EDGE, [""]
    for word in sentence.split():
        longer = f"{lines[-1]} {word}".strip()
        if _font(60).getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    lines = [_shortened(line, 60, room) for line in lines if line]
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], _shortened(f"{lines[LINES - 1]} …", 60, room)]


def _shortened(text: str, size: int, room: int) -> str:
    if _font(size).getlength(text) <= room:
        return text
    text = text[:80]  # no line holds more
    while text and _font(size).getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _can_say(text: str) -> bool:
    return all(_has(letter) for letter in set(text) if not letter.isspace())


@lru_cache(maxsize=5_000)
def _has(letter: str) -> bool:
    """A letter a font lacks is drawn as the same box as any other it lacks."""
    if bidirectional(letter) in {"R", "AL", "AN"} or category(letter) in {"Mn", "Mc"}:
        return False
    font = _font(32)
    mask, box = font.getmask(letter), font.getmask("\U0010fffe")
    return mask.size != box.size or bytes(mask) != bytes(box)


@lru_cache(maxsize=3)
def _font(size: int) -> Font:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    return ImageFont.load_default(size)

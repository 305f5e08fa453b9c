"""Pictures owners give: decoded within bounds and written anew, so that nothing of the file itself is kept. Pure.

What was hidden in a file (where a photograph was taken, a second file behind the first, the other frames) is gone.
"""

import base64
import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageOps, ImageStat

from statuspage.pages.colours import contrast

MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000
LOGO = (480, 96)
"""For screens with two pixels where others have one: it is shown at half of this."""
ICON = 512
APPLE, TAB, ICO = 180, 32, (16, 32, 48)
LOST = 1.6
"""With less contrast than this a picture as a whole is not seen."""

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_FAILURES = (OSError, ValueError, SyntaxError, IndexError, TypeError, struct.error, Image.DecompressionBombError)


class PictureError(ValueError):
    """Says what is wrong with a file, and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and its size."""

    body: bytes
    width: int
    height: int


def logo(upload: bytes) -> Picture:
    """Without the empty space around it, and no larger than a header has room for."""
    image = _decode(upload)
    image = image.crop(image.getchannel("A").getbbox())
    image.thumbnail(LOGO, Image.Resampling.LANCZOS)
    return _written(image)


def icon(upload: bytes) -> Picture:
    """A square. What is not one gets empty space at its sides."""
    image = _decode(upload)
    side = min(max(image.size), ICON)
    return _written(ImageOps.pad(image, (side, side), Image.Resampling.LANCZOS, color=(0, 0, 0, 0)))


def tab_icon(master: bytes) -> bytes:
    return _written(_square(master, TAB)).body


def apple_icon(master: bytes) -> bytes:
    """Telephones put black behind what is transparent; we put white."""
    opaque = Image.new("RGBA", (APPLE, APPLE), "white")
    opaque.alpha_composite(_square(master, APPLE))
    return _written(opaque.convert("RGB")).body


def ico(master: bytes) -> bytes:
    """The format of /favicon.ico, for whoever asks there without having read the page."""
    body = io.BytesIO()
    _square(master, max(ICO)).save(body, "ICO", sizes=[(side, side) for side in ICO])
    return body.getvalue()


def inlined(body: bytes) -> str:
    """A PNG as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(body).decode()}"


def size_of(body: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(body), formats=["PNG"]).size


def is_lost_on(ground: str, body: bytes) -> bool:
    """Whether a picture of ours would hardly be seen on this background: a black logo on a dark page."""
    image = Image.open(io.BytesIO(body), formats=["PNG"]).convert("RGBA")
    means = ImageStat.Stat(image.convert("RGB"), mask=image.getchannel("A")).mean
    return contrast("#" + "".join(f"{round(mean):02x}" for mean in means), ground) < LOST


def _decode(upload: bytes) -> Image.Image:
    """The first frame, upright, in red, green, blue and alpha. Raises PictureError."""
    if len(upload) > MOST_BYTES:
        raise PictureError("The file has more than one megabyte. Make it smaller.")
    if upload.lstrip()[:1] == b"<":
        raise PictureError(
            "An SVG can hold scripts, so we do not take it. Save it as PNG, at twice the size it is shown."
        )
    try:
        image = _opened(upload)
    except PictureError:
        raise
    except _FAILURES as failure:
        raise PictureError("This picture cannot be read. Save it again as PNG, JPEG, WebP or GIF.") from failure
    if not image.getchannel("A").getbbox():
        raise PictureError("There is nothing in this picture: all of it is transparent.")
    return image


def _opened(upload: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(upload), formats=_FORMATS)
    if max(image.size) > MOST_PIXELS:
        raise PictureError(f"The picture has {image.width} × {image.height} pixels. At most {MOST_PIXELS} a side.")
    return _in_colour(ImageOps.exif_transpose(image))


def _in_colour(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off instead of scaling
        image = image.point(lambda value: value / 256).convert("L")
    return image.convert("RGBA")


def _square(master: bytes, side: int) -> Image.Image:
    image = Image.open(io.BytesIO(master), formats=["PNG"]).convert("RGBA")
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _written(image: Image.Image) -> Picture:
    image.info.clear()  # profiles and comments would be written along
    body = io.BytesIO()
    image.save(body, "PNG", optimize=True)
    return Picture(body.getvalue(), *image.size)

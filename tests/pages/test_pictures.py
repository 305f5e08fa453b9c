"""Uploaded pictures: whatever the file was, what is kept is a small PNG and nothing else."""

import io
import struct
import time
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from statuspage.pages import pictures
from statuspage.pages.pictures import APPLE, ICO, ICON, LOGO, MOST_BYTES, MOST_PIXELS, TAB, PictureError

BRAND = (200, 30, 60, 255)
SECRET = b"48.8584 N, 2.2945 E"


def image(width: int = 300, height: int = 60, colour: Any = BRAND) -> Image.Image:
    return Image.new("RGBA", (width, height), colour)


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    body = io.BytesIO()
    (picture.convert("RGB") if kind == "JPEG" else picture).save(body, kind, **options)
    return body.getvalue()


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body), formats=["PNG"])


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_claims(width: int, height: int, *chunks: bytes) -> bytes:
    """A few bytes that call themselves a picture of this size. At 50 × 50 it is one, and white."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * 200) * 50)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_four_common_kinds_become_a_png(kind: str) -> None:
    found = pictures.logo(saved(image(), kind))
    kept = opened(found.body).convert("RGBA")
    assert (found.width, found.height) == kept.size == (300, 60)
    assert all(abs(is_ - was) < 8 for is_, was in zip(kept.getpixel((150, 30)), BRAND, strict=True))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((480, 96), (480, 96)),
        ((960, 96), (480, 48)),
        ((100, 400), (24, 96)),
        ((MOST_PIXELS, 10), (480, 1)),
        ((40, 20), (40, 20)),
    ],
)
def test_a_logo_fits_into_the_header_and_is_never_blown_up(size: tuple[int, int], kept: tuple[int, int]) -> None:
    found = pictures.logo(saved(image(*size)))
    assert (found.width, found.height) == kept
    assert found.width <= LOGO[0]
    assert found.height <= LOGO[1]


def test_empty_space_around_a_logo_is_cut_off() -> None:
    wide = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    wide.paste(image(200, 50), (100, 175))
    found = pictures.logo(saved(wide))
    assert (found.width, found.height) == (200, 50)


def test_an_icon_is_a_square_with_the_whole_picture_in_it() -> None:
    found = pictures.icon(saved(image(300, 100)))
    kept = opened(found.body)
    assert kept.size == (300, 300)
    assert kept.getpixel((150, 5)) == (0, 0, 0, 0)
    assert kept.getpixel((150, 150)) == BRAND
    assert pictures.icon(saved(image(2000, 2000))).width == ICON


def test_an_icon_is_made_in_every_size_that_is_asked_for() -> None:
    master = pictures.icon(saved(image(600, 600, (200, 30, 60, 128)))).body
    assert opened(pictures.tab_icon(master)).size == (TAB, TAB)
    for_telephones = opened(pictures.apple_icon(master))
    assert (for_telephones.size, for_telephones.mode) == ((APPLE, APPLE), "RGB")
    assert for_telephones.getpixel((90, 90)) == (227, 142, 157), "on white"
    assert Image.open(io.BytesIO(pictures.ico(master))).info["sizes"] == {(side, side) for side in ICO}


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (b"", "cannot be read"),
        (b"GIF89a", "cannot be read"),
        (b"not a picture", "cannot be read"),
        (b"%PDF-1.7 ...", "cannot be read"),
        (saved(image(), "BMP"), "cannot be read"),
        (saved(image(), "TIFF"), "cannot be read"),
        (saved(image(64, 64), "ICO"), "cannot be read"),
        (saved(image())[:-60], "cannot be read"),
        (saved(image(900, 900), "JPEG")[:400], "cannot be read"),
        (saved(image(), "WEBP")[:-20], "cannot be read"),
        (b'\n <svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "An SVG can hold scripts"),
        (b"<?xml version='1.0'?><svg/>", "An SVG can hold scripts"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * MOST_BYTES, "more than one megabyte"),
        (saved(image(MOST_PIXELS + 1, 1)), "4001 × 1 pixels"),
        (saved(Image.new("RGBA", (50, 50), (9, 9, 9, 0))), "all of it is transparent"),
    ],
    ids=range(15),
)
def test_what_is_no_picture_of_ours_is_refused_with_the_reason(upload: bytes, reason: str) -> None:
    for read in (pictures.logo, pictures.icon):
        with pytest.raises(PictureError, match=reason):
            read(upload)


@pytest.mark.parametrize(
    "bomb",
    [
        png_that_claims(60_000, 60_000),
        png_that_claims(2**31 - 1, 2**31 - 1),
        png_that_claims(0, 0),
        png_that_claims(50, 50, chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 80_000_000))),
        png_that_claims(50, 50, chunk(b"iCCP", b"k\0\0" + zlib.compress(b"a" * 80_000_000))),
        b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + b"\x80\0\0" + b"\0" * 6 + b"," + b"\0" * 20 + b";",
        b"GIF89a\1\0\1\0\x80\0\0" + b"\0" * 6 + b"," + struct.pack("<HHHH", 0, 0, 60_000, 60_000) + b"\0\2\2L\1\0;",
    ],
    ids=[
        "60,000 pixels",
        "2 thousand million pixels",
        "no pixels",
        "text",
        "profile",
        "gif",
        "a frame larger than its gif",
    ],
)
def test_a_bomb_goes_off_nowhere(bomb: bytes) -> None:
    assert pictures.logo(png_that_claims(50, 50)).width == 50
    began = time.perf_counter()
    with pytest.raises(PictureError):
        pictures.logo(bomb)
    assert time.perf_counter() - began < 1


def test_where_a_photograph_was_taken_is_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned to the right
    exif[0x010E] = SECRET.decode()
    photograph = saved(image(200, 100), "JPEG", exif=exif, comment=SECRET)
    assert SECRET in photograph
    found = pictures.logo(photograph)
    assert (found.width, found.height) == (48, 96), "200 × 100, turned"
    assert SECRET not in found.body
    assert b"eXIf" not in found.body


def test_comments_profiles_and_what_follows_the_picture_are_gone() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET.decode())
    upload = saved(image(), pnginfo=words, icc_profile=SECRET * 9) + b"<script>alert(1)</script>PK\x03\x04" + SECRET
    for found in (pictures.logo(upload), pictures.icon(upload)):
        assert SECRET not in found.body
        assert b"<script>" not in found.body
        assert b"iCCP" not in found.body
        assert found.body.endswith(chunk(b"IEND", b""))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_of_what_moves_the_first_frame_is_kept(kind: str) -> None:
    frames = [image(colour=colour) for colour in ("red", "green", "blue")]
    moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    kept = opened(pictures.logo(moving).body)
    assert getattr(kept, "n_frames", 1) == 1
    red, green, blue, _alpha = kept.convert("RGBA").getpixel((10, 10))  # type: ignore[misc]
    assert red > 200 > 60 > max(green, blue)


@pytest.mark.parametrize(
    ("colour", "on_light", "on_dark"),
    [
        ((0, 0, 0, 255), False, True),
        ((255, 255, 255, 255), True, False),
        ((30, 40, 60, 255), False, True),
        (BRAND, False, False),
        ((0, 0, 0, 1), False, True),
    ],
)
def test_a_logo_that_would_not_be_seen_is_noticed(colour: Any, on_light: bool, on_dark: bool) -> None:
    body = pictures.logo(saved(image(colour=colour))).body
    assert (pictures.is_lost_on("#ffffff", body), pictures.is_lost_on("#0e1116", body)) == (on_light, on_dark)

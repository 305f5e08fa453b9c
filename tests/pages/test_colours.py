"""Any colour an owner likes becomes one that everybody can read."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from statuspage.pages.colours import (
    ACCENT,
    ACCENT_DARK,
    BLACK,
    DARK,
    LIGHT,
    READABLE,
    WHITE,
    contrast,
    luminance,
    mend,
    on_accent,
    parse,
)
from statuspage.pages.documents import STATIC

any_colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TONES = ("operational", "degraded", "partial", "major", "maintenance")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("#1f4fd8", "#1f4fd8"),
        ("#FD0", "#ffdd00"),
        ("ffd200", "#ffd200"),
        ("  #ABCDEF ", "#abcdef"),
    ],
)
def test_a_colour_may_be_typed_as_people_type_it(typed: str, meant: str) -> None:
    assert parse(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "#", "#ff", "#ffff", "red", "#ggg", "#fffffff", "#fff;}", "rgb(1,2,3)", "#１２３"]
)
def test_what_is_no_colour_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="for example #1f4fd8"):
        parse(typed)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        (WHITE, BLACK, 21.0),
        (BLACK, WHITE, 21.0),
        (WHITE, WHITE, 1.0),
        ("#767676", WHITE, 4.54),  # the palest grey that is readable on white: known from WCAG's own examples
        ("#777777", WHITE, 4.48),
        ("#ff0000", WHITE, 4.00),
        ("#0000ff", WHITE, 8.59),
    ],
)
def test_contrast_is_counted_as_wcag_does(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("chosen", "on_light", "on_dark"),
    [
        ("#ffd200", "#836b00", "#ffd200"),  # yellow: darkened, and left alone where it is fine
        ("#ffffff", "#6d6d6d", "#ffffff"),
        ("#000000", "#000000", "#858585"),
        ("#777777", "#6d6d6d", "#858585"),
        ("#ff0000", "#dd0000", "#ff3024"),
        ("#00ff00", "#007f00", "#00ff00"),
        ("#0000ff", "#0000ff", "#477eff"),
        ("#e6007e", "#d50074", "#f8298c"),
        ("#1f4fd8", "#1f4fd8", "#497eff"),
    ],
)
def test_only_the_lightness_moves_and_no_further_than_it_must(chosen: str, on_light: str, on_dark: str) -> None:
    assert (mend(chosen, on=LIGHT).colour, mend(chosen, on=DARK).colour) == (on_light, on_dark)


@pytest.mark.parametrize("grounds", [LIGHT, DARK])
@settings(max_examples=60, deadline=None)
@given(chosen=any_colour)
@example(chosen=WHITE)
@example(chosen=BLACK)
@example(chosen="#ffff00")
def test_every_colour_becomes_readable_and_stays_as_it_is_then(grounds: tuple[str, ...], chosen: str) -> None:
    mended = mend(chosen, on=grounds)
    assert all(contrast(mended.colour, ground) >= READABLE for ground in grounds)
    assert mend(mended.colour, on=grounds).colour == mended.colour
    assert mended.is_changed == any(contrast(chosen, ground) < READABLE for ground in grounds)
    assert bool(mended.explanation) == mended.is_changed
    assert contrast(on_accent(mended.colour), mended.colour) >= READABLE


@settings(max_examples=60, deadline=None)
@given(chosen=any_colour, ground=any_colour)
def test_there_is_a_readable_shade_on_any_one_background(chosen: str, ground: str) -> None:
    assert contrast(mend(chosen, on=[ground]).colour, ground) >= READABLE


def test_what_cannot_be_mended_says_so() -> None:
    with pytest.raises(ValueError, match=r"No shade of #ff0000 has a contrast of 7 on all of #ffffff, #000000\."):
        mend("#ff0000", on=[WHITE, BLACK], least=7)


@pytest.mark.parametrize(
    ("chosen", "grounds", "where", "change"),
    [
        ("#ffd200", LIGHT, "white (contrast 1.4, needed 4.5)", "darkened it to #836b00"),
        ("#777777", LIGHT, "white (contrast 4.4, needed 4.5)", "darkened it to #6d6d6d"),
        ("#e6007e", LIGHT, "pale grey (contrast 4.1, needed 4.5)", "darkened it to #d50074"),
        ("#0000ff", DARK, "the dark page (contrast 2.2, needed 4.5)", "lightened it to #477eff"),
    ],
)
def test_the_owner_is_told_what_was_changed_and_why(
    chosen: str, grounds: tuple[str, ...], where: str, change: str
) -> None:
    words = f"Your {chosen} would be hard to read as a link on {where}. We {change}."
    assert mend(chosen, on=grounds).explanation == words


def test_nothing_is_explained_where_nothing_was_changed() -> None:
    assert mend("#1f4fd8", on=LIGHT).explanation == ""


def test_the_backgrounds_are_the_style_sheets_own() -> None:
    """Page, surface, and of all the tints a headline can have the one that leaves an accent the least contrast."""
    light, dark = (STATIC / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    for grounds, accent, sheet, hardest in ((LIGHT, ACCENT, light, min), (DARK, ACCENT_DARK, dark, max)):
        tokens = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", sheet))
        tints = [mixed(tokens[tone], tokens["bg"]) for tone in TONES]
        assert grounds == (tokens["bg"], tokens["surface"], hardest(tints, key=luminance))
        assert tokens["accent"] == accent == mend(accent, on=grounds).colour


def mixed(tone: str, ground: str) -> str:
    """What page.css makes of a headline: 8% of its tone."""
    pairs = [(int(tone[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(0.08 * of + 0.92 * on):02x}" for of, on in pairs)

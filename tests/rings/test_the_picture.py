"""docs/pictures/ripples.svg tells commanders what the ring machine does; so it must be what the machine does."""

from xml.etree import ElementTree as ET

import pytest

from notifications import rings
from statuspage.organizations.plan import default_plan
from tests.rings.playing import Case, heard
from tooling import ROOT

SVG = "{http://www.w3.org/2000/svg}"
PICTURE = ET.parse(ROOT / "docs" / "pictures" / "ripples.svg").getroot()
TEN_O_CLOCK, TEN_FIFTY = 500.0, 920.0
POSTS = ("10:00", "10:04", "10:09", "10:20", "10:34", "10:46")


def drawn(group: str, shape: str, middle: str, *, off: float = 0.0) -> list[str]:
    """When the shapes of a group are, left to right."""
    (found,) = [each for each in PICTURE.iter(f"{SVG}g") if each.get("id") == group]
    places = [float(each.get(middle, "")) + off for each in found.iter(f"{SVG}{shape}")]
    minutes = [round((place - TEN_O_CLOCK) / (TEN_FIFTY - TEN_O_CLOCK) * 50) for place in places]
    return [f"10:{minute:02}" for minute in minutes]


@pytest.mark.parametrize("ring", [ring.key for ring in default_plan().line_rings])
def test_the_picture_shows_what_each_ring_hears_of_a_sev1(ring: str) -> None:
    assert drawn("posts", "rect", "x", off=4) == list(POSTS)
    opening, *between, end = POSTS
    script = [f"{opening} sev1 {ring}: public", *(f"{time} public" for time in between), f"{end} resolve public"]
    told = heard(rings, Case("", "the picture", "\n".join(script)))
    assert drawn(ring, "circle", "cx") == [line.split()[0] for line in told]

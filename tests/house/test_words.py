"""Whatever visitors read can be read in every language: catalogs are whole, and Django reads what we edit."""

from pathlib import Path

import pytest

from statuspage.pages.languages import LANGUAGES
from tooling.words import LOCALE, compiled, merged, missing_in

CATALOGS = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def test_every_language_but_english_has_a_catalog() -> None:
    assert {po.parent.parent.name for po in CATALOGS} == {code for code, _name in LANGUAGES} - {"en"}


@pytest.mark.parametrize("po", CATALOGS, ids=lambda po: po.parent.parent.name)
def test_a_catalog_says_everything_and_is_the_one_that_is_read(po: Path) -> None:
    catalog = merged(po)
    assert missing_in(catalog) == [], "run: python3 dev.py words"
    assert po.with_suffix(".mo").read_bytes() == compiled(catalog), "run: python3 dev.py words"

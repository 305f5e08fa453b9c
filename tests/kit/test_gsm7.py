"""Short messages: what fits into a segment, and what is written instead of what does not."""

import pytest

from statuspage.kit.gsm7 import is_plain, segments, transliterated


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“Überlastet” – Zahlungen…", '"Überlastet" - Zahlungen...'),
        ("Łódź, Škoda, ação", "Lodz, Skoda, acao"),
        ("Déjà vu", "Déjà vu"),
        ("a\u00a0b", "a b"),
    ],
)
def test_what_has_a_like_becomes_it(text: str, plain: str) -> None:
    assert transliterated(text) == plain
    assert is_plain(plain)


def test_what_has_none_stays() -> None:
    assert transliterated("Отказ 🔥") == "Отказ 🔥"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("🔥" * 35, 1),
        ("🔥" * 36, 2),
    ],
)
def test_a_provider_would_count_the_same(text: str, number: int) -> None:
    assert segments(text) == number

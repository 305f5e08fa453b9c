"""Inner words are found in what everybody will read, while they can still be taken out."""

from incidents.drafts import NoteDraft
from notifications.leaks import found_in, inner_words

WORDS = inner_words(
    title="Gateway down after deploy 4711",
    bridge_url="https://meet.example/acme",
    severities=["SEV1", "SEV2"],
    notes=[NoteDraft(body="Roll back 4711 at once.\nOK", up_to_position=0)],
)


def test_each_kind_of_inner_words_is_found() -> None:
    for words in ("Gateway down after deploy 4711", "https://meet.example/acme", "SEV1", "Roll back 4711 at once."):
        assert found_in(f"Dear customers, {words} Yours", WORDS) == [words]


def test_case_does_not_hide_them() -> None:
    assert found_in("this is a sev2", WORDS) == ["SEV2"]


def test_ordinary_words_are_no_leak() -> None:
    assert found_in("It is OK again. Payments work.", WORDS) == []


def test_what_the_public_title_says_may_be_said() -> None:
    assert found_in("Gateway down after deploy 4711", WORDS, allowed="Gateway down after deploy 4711") == []


def test_nothing_inner_is_found_where_nothing_inner_was_written() -> None:
    assert inner_words(title=" ", bridge_url="", severities=[], notes=[NoteDraft(body="\n", up_to_position=0)]) == []

"""A tenant's own words: what is refused and why, and that what is kept can always be said, and says nothing more."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import own_words, rendering, sampling
from notifications.channels.base import TOKEN_PLACEHOLDER
from notifications.own_words import OwnWords, Use
from notifications.placeholders import KINDS, MAINTENANCE, PLACEHOLDERS, kind_of
from notifications.reading import Aside, Inner, Reading, Saying
from notifications.wording import Place
from statuspage.kit import gsm7
from statuspage.organizations.plan import Channel, PlanRing

CUSTOMERS = PlanRing(key="customers", name="Customers", position=4, is_open=True)
ON_CALL = PlanRing(key="on_call", name="On-call", position=0, is_open=False)
LEAVE = "https://status.acme.test/u/"


def use(kind: str = "first", channel: Channel = Channel.EMAIL, *, is_open: bool = True) -> Use:
    return Use(kind=kind, channel=channel, is_open=is_open)


def reading(kind: str = "first", ring: PlanRing = CUSTOMERS, language: str = "en") -> Reading:
    place = Place(kind=kind, ring=None, channel=Channel.EMAIL, language=language)
    return sampling.sample("Acme", ring, place, None)


RIGHT = "{title}\n\n{words}\n\n{next_update}\n\n{page_link}"
REFUSED = [
    ("", "Write something"),
    (" \n ", "Write something"),
    ("{titel} {page_link} {next_update}", "{titel} is no placeholder: did you mean {title}?"),
    ("{Title} {page_link} {next_update}", "did you mean {title}?"),
    ("{zebra} {page_link} {next_update}", "take one of the list"),
    ("{} {page_link} {next_update}", "{} is no placeholder"),
    ("{title.__class__} {page_link} {next_update}", "is no placeholder"),
    ("{title!r:>10} {page_link} {next_update}", "is no placeholder"),
    ("{title {page_link} {next_update}", "A brace stands alone in “{title {page_”"),
    ("title} {page_link} {next_update}", "write }} for one that is meant"),
    ("{ti\ntle} {page_link} {next_update}", "A brace stands alone"),
    ("{next_update}", "{page_link} is missing"),
    ("{page_link}", "{next_update} is missing"),
    ("{severity} {page_link} {next_update}", "{severity} is for inner rings only"),
    ("{notes} {page_link} {next_update}", "{notes} is for inner rings only"),
    ("{bridge_link} {page_link} {next_update}", "{bridge_link} is for inner rings only"),
    ("{commander} {lead} {page_link} {next_update}", "is for inner rings only"),
    ("{lasted} {page_link} {next_update}", "{lasted} is always empty in this kind of message"),
    ("{when} {page_link} {next_update}", "{when} is always empty"),
    ("Evil \u202etxt {page_link} {next_update}", "Take out the invisible characters"),
    ("Bell \x07 {page_link} {next_update}", "Take out the invisible characters"),
    ("x" * 5001 + "{page_link} {next_update}", "is the most: shorten it"),
]


@pytest.mark.parametrize(("body", "sentence"), REFUSED)
def test_words_that_are_not_right_are_refused_with_a_sentence(body: str, sentence: str) -> None:
    refused = own_words.refusals(OwnWords(subject="{title}", body=body), use())
    assert list(refused) == ["body"]
    assert sentence in refused["body"]
    assert len(refused["body"].splitlines()) == 1


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("Hello", "{title} is missing"),
        ("{title}\nBcc: everybody@example.com", "A subject is one line"),
        ("{title}\u2028Bcc: x", "A subject is one line"),
        ("{severity} {title}", "for inner rings only"),
        ("{title}" + "x" * 200, "is the most"),
    ],
)
def test_a_subject_that_is_not_right_is_refused(subject: str, sentence: str) -> None:
    refused = own_words.refusals(OwnWords(subject=subject, body=RIGHT), use())
    assert list(refused) == ["subject"]
    assert sentence in refused["subject"]


def test_each_kind_and_channel_needs_what_its_readers_need() -> None:
    def needed(of: Use) -> set[str]:
        return set(own_words.compulsory("body", of))

    assert needed(use()) == {"page_link", "next_update"}
    assert needed(use(is_open=False)) == {"page_link"}
    assert needed(use("resolved")) == {"page_link"}
    assert needed(use(MAINTENANCE)) == {"page_link", "when"}
    assert needed(use(channel=Channel.SMS)) == {"title", "page_link", "next_update"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channel", own_words.CHANNELS)
@pytest.mark.parametrize("ring", [CUSTOMERS, ON_CALL])
def test_what_one_begins_with_is_right_and_says_what_a_message_must(
    kind: str, channel: Channel, ring: PlanRing
) -> None:
    of = use(kind, channel, is_open=ring.is_open)
    begin = own_words.starter(of)
    assert own_words.refusals(begin, of) == {}
    for language in ("en", "de"):
        it = reading(kind, ring, language)
        words = rendering.render(it, channel=channel, unsubscribe=LEAVE if ring.is_open else "", own=begin)
        assert it.title in words.text
        assert it.url in words.text
        assert "{" not in words.text + words.subject
        if channel is Channel.SMS:
            assert gsm7.segments(words.text) <= 2
        elif ring.is_open:
            assert f"{LEAVE}{TOKEN_PLACEHOLDER}" in words.text
            assert f"{LEAVE}{TOKEN_PLACEHOLDER}" in words.html


def test_a_mail_keeps_our_frame_and_loses_nothing_its_ring_must_know() -> None:
    own = OwnWords(subject="{title}", body="Dear colleagues & friends,\n\n{page_link}")
    words = rendering.render(reading(ring=ON_CALL), channel=Channel.EMAIL, own=own)
    assert "Dear colleagues & friends," in words.text
    assert "Dear colleagues &amp; friends," in words.html
    for part in (words.text, words.html):
        assert "Next update by 10:34 UTC." in part
        assert "For On-call:" in part
        assert "https://meet.example.com/incident" in part
        assert "Please do not pass it on" in part
    sms = rendering.render(reading(ring=ON_CALL), channel=Channel.SMS, own=OwnWords(body="{title} {page_link}"))
    assert sms.text.endswith("https://meet.example.com/incident")


def test_double_braces_are_braces_and_values_are_never_read_again() -> None:
    own = OwnWords(subject="{{{title}}}", body="{{title}} {title}\n\n{words}\n\n{next_update}\n\n{page_link}")
    it = replace(
        reading(),
        title="{severity} {{x}} <b>",
        newest=Saying(number=1, status="", at=NOW, text="{notes}", html="<p>ok"),
    )
    words = rendering.render(it, channel=Channel.EMAIL, own=own)
    assert words.subject == "{{severity} {{x}} <b>}"
    assert "{title} {severity} {{x}} <b>\n\n{notes}" in words.text
    assert "{title} {severity} {{x}} &lt;b&gt;" in words.html


def test_a_line_that_comes_to_nothing_is_left_out() -> None:
    own = OwnWords(subject="{title}", body="{title}\n{expected_fix}\nBye.\n\n{words}\n\n{next_update}\n\n{page_link}")
    it = replace(reading(), expected_fix_at=None, newest=None, next_update_at=None)
    assert own_words.text(own, it) == f"{it.title}\nBye.\n\n{it.url}"
    assert "<p></p>" not in own_words.html(own, it)


def test_an_sms_is_cut_until_it_fits() -> None:
    own = OwnWords(body="{organization}: {title}. {words} {next_update} {page_link}")
    long = Saying(number=1, status="", at=NOW, text="Word for word. " * 60, html="")
    it = replace(reading(), title="A very long title " * 12, newest=long)
    text = rendering.render(it, channel=Channel.SMS, own=own).text
    assert gsm7.segments(text) <= 2
    assert it.url in text
    assert "Next update by 10:34 UTC." in text


@pytest.mark.parametrize(
    "own",
    [
        OwnWords(subject="{title}", body="{severity} {page_link} {next_update}"),
        OwnWords(subject="{title}", body="{broken"),
        OwnWords(subject="{title}\nBcc: x@y.example", body=RIGHT),
        OwnWords(subject="", body=""),
    ],
)
def test_a_row_that_somebody_broke_stops_nothing(own: OwnWords, caplog: pytest.LogCaptureFixture) -> None:
    ours = rendering.render(reading(), channel=Channel.EMAIL)
    assert rendering.render(reading(), channel=Channel.EMAIL, own=own) == ours
    assert "cannot be said, Ripple's are" in caplog.text


NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CANARY = "KANARIENVOGEL"
SECRETS = Inner(
    severity=CANARY, severity_before=CANARY, commander=CANARY, lead=CANARY, bridge_url=f"https://x.example/{CANARY}"
)
readable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80)
names = st.sampled_from([f"{{{each.name}}}" for each in PLACEHOLDERS])
pieces = st.sampled_from(["{", "}", "{{", "}}", "\n\n", "{title", "{%", "<script>", "%(title)s", "{nothing}"])
typed = st.lists(readable | names | pieces, max_size=14).map("".join)
tame = st.lists(st.text("abc <&>%\n.", max_size=20) | st.sampled_from(["{{", "}}"]), max_size=6).map("".join)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    kind = draw(st.sampled_from(KINDS))
    is_open = draw(st.booleans())
    ring = CUSTOMERS if is_open else ON_CALL
    said = st.builds(Saying, number=st.just(1), status=readable, at=st.just(NOW), text=readable, html=readable)
    return replace(
        reading(kind, ring, draw(st.sampled_from(["en", "de"]))),
        title=draw(readable),
        newest=draw(st.none() | said),
        earlier=tuple(draw(st.lists(said, max_size=3))),
        services=tuple(draw(st.lists(readable, max_size=3))),
        notes=() if is_open else (Aside(reader=CANARY, text=draw(readable)),),
        inner=None if is_open else SECRETS,
        next_update_at=draw(st.none() | st.just(NOW + timedelta(minutes=30))),
        expected_fix_at=draw(st.none() | st.just(NOW)),
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first drawing of characters is
@given(
    body=typed | tame, subject=typed | st.just("{title}"), it=readings(), channel=st.sampled_from(own_words.CHANNELS)
)
def test_whatever_is_kept_can_be_said_of_anything(body: str, subject: str, it: Reading, channel: Channel) -> None:
    of = use(kind_of(it), channel, is_open=it.inner is None)
    needed = "".join(f"{{{name}}}" for name in own_words.compulsory("body", of))
    own = OwnWords(subject=subject, body=f"{body}\n\n{needed}")
    is_right = not own_words.refusals(own, of)
    words = rendering.render(it, channel=channel, unsubscribe=LEAVE, own=own)
    if not is_right:
        assert words == rendering.render(it, channel=channel, unsubscribe=LEAVE)
        return
    assert words.text.strip()
    assert not re.search("[\r\n]", words.subject)
    if channel is Channel.EMAIL:
        assert TOKEN_PLACEHOLDER in words.text
        assert "<script" not in words.html.replace(str(it.newest.html if it.newest else ""), "")
    if it.inner is None:
        assert CANARY not in words.text + words.html + words.subject


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=typed)
def test_a_value_is_said_as_it_is(value: str) -> None:
    it = replace(reading(), title=value)
    own = OwnWords(subject="<{title}>", body="{title}")
    assert own_words.subject(own, it) == f"<{value}>"
    assert own_words.text(own, it).startswith(value.strip())

"""A mail is built once as bytes and filled in per person: what Python's own mail parser reads back is what we meant."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifications.channels.base import TOKEN_PLACEHOLDER, Recipient, Words
from notifications.channels.letter import prepared
from statuspage.kit.links import TOKEN_LENGTH

TOKEN = "Zz9-_" * 8
READER = Recipient(key="77.1234", address="reader@example.org", token=TOKEN)
UNSUBSCRIBE = f"https://acme.example/unsubscribe/{TOKEN_PLACEHOLDER}/"
WORDS = Words(
    subject="Störung: Logins fail 🚨 for some people who log in with a third party, we are looking into it",
    sender="Müller & Söhne, Status <status@acme.example>",
    text=f"Logins fail.\n\n.hidden dot\nChange what you get: https://acme.example/m/{TOKEN_PLACEHOLDER}\n",
    html=f'<p>Logins fäil.</p>\n<a href="https://acme.example/m/{TOKEN_PLACEHOLDER}">Change what you get</a>\n',
    unsubscribe_url=UNSUBSCRIBE,
    headers=(("References", "<incident.77@acme.example>"), ("Feedback-ID", "77:acme:update:ripple")),
)


def wire(words: Words, recipient: Recipient = READER) -> bytes:
    return prepared(words).addressed_to(recipient)


def read(words: Words, recipient: Recipient = READER) -> EmailMessage:
    """What arrives: the wire with its doubled dots taken back."""
    octets = b"\r\n".join(line.removeprefix(b".") for line in wire(words, recipient).split(b"\r\n"))
    mail = message_from_bytes(octets, policy=policy.default)
    assert mail.defects == []
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    part = cast("EmailMessage", mail.get_body((kind,)))
    assert part.get_content_charset() == "utf-8"
    return str(part.get_content()).replace("\r\n", "\n")


def test_one_mail_read_back_has_every_header_and_both_texts() -> None:
    mail = read(WORDS)
    date = parsedate_to_datetime(mail["Date"])
    assert date.tzinfo is not None
    assert dict(mail.items()) == {
        "To": "reader@example.org",
        "Message-ID": "<77.1234@acme.example>",
        "Date": mail["Date"],
        "From": '"Müller & Söhne, Status" <status@acme.example>',
        "Subject": WORDS.subject,
        "MIME-Version": "1.0",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "References": "<incident.77@acme.example>",
        "Feedback-ID": "77:acme:update:ripple",
        "List-Unsubscribe": f"<https://acme.example/unsubscribe/{TOKEN}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Content-Type": 'multipart/alternative; boundary="=_ripple"',
    }
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert body(mail, "plain") == WORDS.text.replace(TOKEN_PLACEHOLDER, TOKEN)
    assert body(mail, "html") == WORDS.html.replace(TOKEN_PLACEHOLDER, TOKEN)


def test_a_mail_without_html_is_plain_text() -> None:
    mail = read(Words(sender="status@acme.example", text="Logins fail."))
    assert mail.get_content_type() == "text/plain"
    assert mail["From"] == "status@acme.example"
    assert body(mail, "plain") == "Logins fail.\n"


def test_a_mail_one_cannot_leave_offers_no_way_out() -> None:
    mail = read(Words(sender="status@acme.example", text="Confirm your address."))
    assert "List-Unsubscribe" not in mail
    assert "List-Unsubscribe-Post" not in mail


def test_a_message_id_stays_the_same_whenever_the_mail_is_sent() -> None:
    later = Recipient(key=READER.key, address=READER.address, token="-" * TOKEN_LENGTH)
    assert read(WORDS)["Message-ID"] == read(WORDS, later)["Message-ID"] == "<77.1234@acme.example>"


def test_the_wire_has_short_ascii_lines_and_no_bare_line_end() -> None:
    octets = wire(WORDS)
    assert octets.isascii()
    assert octets.endswith(b"\r\n")
    lines = octets.split(b"\r\n")
    assert all(len(line) <= 100 for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert b"." not in lines
    assert b"..hidden dot" in lines


def test_words_are_prepared_once() -> None:
    assert prepared(WORDS) is prepared(WORDS)


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("status@acme.example", ""),
        ("<status@acme.example>", ""),
        ("Acme <status@acme.example>", "Acme"),
        ("Acme, Inc. <status@acme.example>", "Acme, Inc."),
        ('"Acme, \\"Inc.\\"" <status@acme.example>', 'Acme, "Inc."'),
        ("boss@acme.example <status@acme.example>", "boss@acme.example"),
        ("Acme <boss@acme.example>, <status@acme.example>", "Acme <boss@acme.example>,"),
        ("=?utf-8?q?Bank?= <status@acme.example>", "=?utf-8?q?Bank?="),
    ],
)
def test_a_sender_name_is_never_read_as_an_address(sender: str, name: str) -> None:
    (address,) = read(Words(sender=sender, text=""))["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "status@acme.example")


@pytest.mark.parametrize("sender", ["", "Acme", "Acme <status>", "a@b.example, c@d.example", "Acme <a b@c.example>"])
def test_a_sender_that_is_not_one_address_is_refused_with_an_example(sender: str) -> None:
    with pytest.raises(ValueError, match="must look like: Acme"):
        prepared(Words(sender=sender, text=""))


@pytest.mark.parametrize(
    "url", ["mailto:stop@acme.example", "https://acme.example/a b", "https://acme.example/>", "https://ü.example"]
)
def test_an_unsubscribe_address_that_would_break_its_header_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="unsubscribe address"):
        prepared(Words(sender="status@acme.example", text="", unsubscribe_url=url))


@pytest.mark.parametrize(
    "words",
    [
        Words(sender="status@acme.example", text="", subject=f"See {TOKEN_PLACEHOLDER}"),
        Words(sender=f"{TOKEN_PLACEHOLDER} <status@acme.example>", text=""),
        Words(sender="status@acme.example", text="", headers=(("X-Own", TOKEN_PLACEHOLDER),)),
    ],
)
def test_headers_cannot_differ_per_person(words: Words) -> None:
    with pytest.raises(ValueError, match="may differ per person"):
        prepared(words)


def test_a_header_with_a_colon_in_its_name_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be a header"):
        prepared(Words(sender="status@acme.example", text="", headers=(("Bcc: x", "y"),)))


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PIECES = st.lists(
    st.one_of(
        ANY_TEXT,
        st.just(TOKEN_PLACEHOLDER),
        st.sampled_from(
            [".", "\n.", "\r\n", "\r", "=\r\n", "=", " \n", "\t", "--=_ripple", "\n--=_ripple--\n", "From "]
        ),
        st.integers(1, 90).map("x".__mul__),
    ),
    max_size=12,
).map("".join)


def as_lines(text: str) -> str:
    """What a mail can carry of a text: line ends are all alike, and the last line has one."""
    octets = text.encode().splitlines()
    return "".join(line.decode() + "\n" for line in octets)


@given(text=PIECES, html=PIECES, token=st.text("abcXYZ019-_", min_size=TOKEN_LENGTH, max_size=TOKEN_LENGTH))
@settings(max_examples=400, deadline=None)
def test_any_text_and_any_token_arrive_exactly(text: str, html: str, token: str) -> None:
    words = Words(sender="status@acme.example", text=text, html=html)
    recipient = Recipient(key="1.2", address="reader@example.org", token=token)
    mail = read(words, recipient)
    assert body(mail, "plain") == as_lines(text.replace(TOKEN_PLACEHOLDER, token))
    if html:
        assert body(mail, "html") == as_lines(html.replace(TOKEN_PLACEHOLDER, token))
    lines = wire(words, recipient).split(b"\r\n")
    assert all(len(line) <= 78 and b"\n" not in line and b"\r" not in line for line in lines)


@given(
    subject=st.one_of(
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=255),
        st.text(' \ta=?_:;,.-"é(<>)', max_size=255),
        st.text("ab", min_size=60, max_size=255),
    ),
)
@example(" ")
@example(" a")
@example("a ")
@example("a  b")
@example("=?utf-8?q?x?=")
@settings(max_examples=300, deadline=None)
def test_any_subject_and_any_sender_name_arrive_exactly(subject: str) -> None:
    mail = read(Words(sender="status@acme.example", text="", subject=subject))
    assert mail["Subject"] == subject
    if not subject.startswith('"'):
        (address,) = read(Words(sender=f"{subject} <status@acme.example>", text=""))["From"].addresses
        # Python's parser of names keeps the fold between two RFC 2047 words as a space, against RFC 2047 §6.2.
        assert ("".join(address.display_name.split()), address.addr_spec) == (
            "".join(subject.split()),
            "status@acme.example",
        )

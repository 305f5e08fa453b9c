"""What somebody types becomes a host name, or they read what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuspage.pages import host_names
from statuspage.pages.store import _HOST

CONSOLE, PAGES = "console.ripple.test", "pages.ripple.test"


def own(typed: str) -> str:
    return host_names.own_domain(typed, console=CONSOLE, pages_domain=PAGES)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("status.acme.com", "status.acme.com"),
        ("  Status.ACME.com. ", "status.acme.com"),
        ("https://status.acme.com/incidents/1", "status.acme.com"),
        ("status.bücher.example", "status.xn--bcher-kva.example"),
        ("status.xn--bcher-kva.example", "status.xn--bcher-kva.example"),
        ("ＳＴＡＴＵＳ.acme.com", "status.acme.com"),
        ("status。acme。com", "status.acme.com"),
        ("acme.com", "acme.com"),
        ("acme.co.uk", "acme.co.uk"),
        ("ripple.test", "ripple.test"),
        ("notpages.ripple.test", "notpages.ripple.test"),
        ("1.2.3.4.acme.com", "1.2.3.4.acme.com"),
        ("x" * 63 + ".com", "x" * 63 + ".com"),
    ],
)
def test_a_domain_is_written_as_the_dns_knows_it(typed: str, name: str) -> None:
    assert own(typed) == name


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "no host name"),
        ("https://", "no host name"),
        ("status acme.com", "no host name"),
        ("status_page.acme.com", "no host name"),
        ("-status.acme.com", "no host name"),
        ("status..acme.com", "no host name"),
        ("*.acme.com", "no host name"),
        ("status.acme.com:8443", "no host name"),
        ("me@acme.com", "no host name"),
        ("☃.com", "no host name"),
        ("a\0b.com", "no host name"),
        ("x" * 64 + ".com", "no host name"),
        (".".join(["x" * 60] * 4) + ".acme", "no host name"),
        ("xn--.com", "no host name"),
        ("127.0.0.1", "IP address"),
        ("1.1", "IP address"),
        ("0x7f.0x1", "IP address"),
        ("[::1]", "no host name"),
        ("localhost", "Nobody outside"),
        ("status", "Nobody outside"),
        ("printer.local", "Nobody outside"),
        ("1.0.0.127.in-addr.arpa", "Nobody outside"),
        ("co.uk", "nobody's own"),
        ("com.au", "nobody's own"),
        (CONSOLE, "console itself"),
        (PAGES, "need no proof"),
        (f"acme.{PAGES}", "need no proof"),
        (f"a.b.{PAGES.upper()}", "need no proof"),
    ],
)
def test_what_cannot_be_a_pages_domain_is_refused_with_a_reason(typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        own(typed)


def test_a_subdomain_is_made_of_its_first_part() -> None:
    for typed in ("acme", " ACME ", f"acme.{PAGES}"):
        assert host_names.subdomain(typed, console=CONSOLE, pages_domain=PAGES) == f"acme.{PAGES}"


@pytest.mark.parametrize(
    "typed", ["", ".", "a.b", "-a", "a-", "a_b", "ü", "a" * 64, "xn--bcher-kva", "a\0", "www", "Mail", "console", "api"]
)
def test_some_subdomains_are_not_given_away(typed: str) -> None:
    with pytest.raises(ValueError, match=r"letters a to z|not given away"):
        host_names.subdomain(typed, console=CONSOLE, pages_domain=PAGES)


def test_the_consoles_own_host_is_not_given_away() -> None:
    with pytest.raises(ValueError, match="not given away"):
        host_names.subdomain("office", console=f"office.{PAGES}", pages_domain=PAGES)


def test_without_a_domain_for_pages_there_are_no_subdomains() -> None:
    with pytest.raises(ValueError, match="domain of your own"):
        host_names.subdomain("acme", console=CONSOLE, pages_domain="")


@given(st.text(max_size=80) | st.from_regex(r"[a-zA-Z0-9.\-_:/\[\]]{1,80}", fullmatch=True))
def test_whatever_is_typed_becomes_a_name_that_can_be_published_or_a_reason(typed: str) -> None:
    try:
        name = own(typed)
    except ValueError:
        return
    assert _HOST.fullmatch(name)
    assert own(name) == name
    assert len(f"_ripple.{name}") <= 253

"""Addresses, networks and domains as people and proxies write them."""

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from statuspage.kit.client_addresses import client_address
from statuspage.kit.domains import ascii_domain
from statuspage.kit.networks import block_of, is_within, read_address, read_network


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::ffff:192.0.2.1]:80", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("unknown", None),
        ("192.0.2.1, 10.0.0.1", None),
        ("192.0.2.01", None),
        ("1.2.3", None),
        ("[", None),
        ("localhost:80", None),
    ],
)
def test_an_address_however_it_is_written(text: str, meaning: str | None) -> None:
    address = read_address(text)
    assert (str(address) if address else None) == meaning


@pytest.mark.parametrize(
    ("network", "address", "is_in_it"),
    [
        ("192.0.2.0/24", "192.0.2.255", True),
        ("192.0.2.0/24", "192.0.3.0", False),
        ("192.0.2.77/24", "192.0.2.1", True),
        ("192.0.2.77", "192.0.2.77", True),
        ("192.0.2.77", "192.0.2.78", False),
        ("192.0.2.0/24", "::ffff:192.0.2.9", True),
        ("::ffff:192.0.2.0/120", "192.0.2.9", True),
        ("::ffff:192.0.2.0/120", "192.0.3.9", False),
        ("2001:db8::/32", "2001:db8:ffff::1", True),
        ("2001:db8::/32", "2001:db9::1", False),
        ("::/0", "192.0.2.1", False),
        ("0.0.0.0/0", "2001:db8::1", False),
    ],
)
def test_who_is_in_a_network(network: str, address: str, is_in_it: bool) -> None:
    found = read_address(address)
    assert found
    assert is_within(found, [read_network(network)]) is is_in_it


@pytest.mark.parametrize("text", ["", "acme.example", "192.0.2.0/33", "192.0.2.0/24/24", "300.0.0.1", "2001:db8::/129"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_network(text)


def test_neighbours_are_counted_as_one() -> None:
    def block(text: str) -> str:
        return block_of(read_address(text))

    assert block("192.0.2.1") == block("192.0.2.254") == block("::ffff:192.0.2.3") != block("192.0.3.1")
    assert block("2001:db8:1:100::1") == block("2001:db8:1:1ff::2") != block("2001:db8:1:200::1")
    assert block("nobody") == "unknown"


PROXY, OTHER_PROXY, STRANGER = "10.0.0.1", "10.0.0.2", "203.0.113.9"


@pytest.mark.parametrize(
    ("asked_by", "forwarded", "client"),
    [
        (STRANGER, None, STRANGER),
        (STRANGER, "192.0.2.1", STRANGER),
        (PROXY, "192.0.2.1", "192.0.2.1"),
        (PROXY, "198.51.100.1, 192.0.2.1", "192.0.2.1"),
        (PROXY, "192.0.2.1, 10.0.0.2", "192.0.2.1"),
        (PROXY, "198.51.100.1, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        (f"::ffff:{PROXY}", "192.0.2.1", "192.0.2.1"),
        (PROXY, "192.0.2.1:4711", "192.0.2.1"),
        (PROXY, "192.0.2.1, nonsense", None),
        (PROXY, "10.9.9.9", "10.9.9.9"),
        (PROXY, None, PROXY),
        (PROXY, "", PROXY),
        ("", "192.0.2.1", None),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, asked_by: str, forwarded: str | None, client: str | None
) -> None:
    settings.TRUSTED_PROXIES = (read_network(f"{PROXY}/32"), read_network(f"{OTHER_PROXY}/32"))
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    found = client_address(RequestFactory().get("/", REMOTE_ADDR=asked_by, headers=headers))
    assert (str(found) if found else None) == client


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Acme.Example", "acme.example"),
        (" acme.example. ", "acme.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("XN--STRAE-OQA.example", "xn--strae-oqa.example"),
        ("acme。example", "acme.example"),
        ("ａｃｍｅ.example", "acme.example"),
        ("mail.acme.example", "mail.acme.example"),
    ],
)
def test_a_domain_however_it_is_written(text: str, domain: str) -> None:
    assert ascii_domain(text) == domain


NO_DOMAINS = ["", "a b.example", "acme.example\n.evil", "a" * 64 + ".example", ".".join(["abcdefgh"] * 32)]
NO_DOMAINS += [".", "example", "acme..example", ".acme.example", "acme.example..", "*.acme", "acme_.example"]
NO_DOMAINS += ["192.0.2.1", "[192.0.2.1]", "-acme.example", "acme.example/x", "acme.example:25", "x@acme.example"]


@pytest.mark.parametrize("text", NO_DOMAINS)
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        ascii_domain(text)

"""Which addresses of others may be called at all, when somebody else than the operator has typed them. Pure.

Whoever may type an address could otherwise make us ask our own database, our cloud's metadata or our neighbour's
printer. So a name must be a name, and everything it leads to must be on the public internet.
"""

import re
from collections.abc import Container, Iterable

from statuspage.kit.domains import ascii_domain
from statuspage.kit.networks import Address, Network, is_within, read_network

HTTPS = 443
PORTS = (HTTPS, 8443)
"""TLS's own and the usual second one. With two ports nobody can have us knock at all the doors of a third party."""
LONGEST_URL = 2000
REFUSAL = (
    "Ripple does not call this address. It must begin with https://, name a public host, and use port 443 or 8443."
)
"""The same for whatever is refused: nobody learns from it what stands behind a name."""

# One grammar, narrower than RFC 3986: no user, no bracket, no backslash, nothing that two programs read in two ways.
_URL = re.compile(r"https://([^\s/?#@:\\\[\]%]+)(?::([0-9]{1,5}))?((?:[/?][!-~]*)?)", re.IGNORECASE)
_FORBIDDEN_IN_PATH = re.compile(r"[\\#\"<>^`{|}]")

# https://www.iana.org/assignments/iana-ipv4-special-registry, and one address that only looks public.
_NOT_PUBLIC = tuple(
    read_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # Azure's own server, on every machine there
        # Inside 2000::/3 (below): protocols and Teredo, documentation, 6to4, AS112, documentation again.
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
# https://www.iana.org/assignments/ipv6-address-space: all that is given out. Everything that carries an IPv4 address
# (mapped, compatible, translated) lies outside, and so do loopback, link-local, unique-local and multicast.
_UNICAST = read_network("2000::/3")


class ForbiddenTargetError(ValueError):
    """Says REFUSAL, whatever the reason."""

    def __init__(self) -> None:
        super().__init__(REFUSAL)


def read_target(text: str, *, ports: Container[int] = PORTS) -> str:
    """The address in the one form it is called by: "HTTPS://Straße.example" is https://xn--strae-oqa.example/.

    Raises ForbiddenTargetError for everything that is not https to a host with a name, on one of `ports`.
    """
    found = _URL.fullmatch(text.strip()) if len(text) <= LONGEST_URL else None
    if found is None or _FORBIDDEN_IN_PATH.search(found[3]):
        raise ForbiddenTargetError
    host, port, path = found[1], int(found[2] or HTTPS), found[3]
    if port not in ports or _ends_in_a_number(host):
        raise ForbiddenTargetError
    try:
        domain = ascii_domain(host)
    except (ValueError, UnicodeError):
        raise ForbiddenTargetError from None
    if _ends_in_a_number(domain):  # full-width digits are digits by now
        raise ForbiddenTargetError
    where = domain if port == HTTPS else f"{domain}:{port}"
    return f"https://{where}{path if path.startswith('/') else '/' + path}"


def host_of(target: str) -> str:
    """Of an address as `read_target` gives it."""
    found = _URL.fullmatch(target)
    return found[1] if found else ""


def is_public(address: Address, *, never: Iterable[Network] = ()) -> bool:
    """Whether this may be on the other end. `never` are networks that are the operator's own."""
    if address.version == 6 and address not in _UNICAST:
        return False
    return not is_within(address, _NOT_PUBLIC) and not is_within(address, never)


def _ends_in_a_number(host: str) -> bool:
    """Then it is an IPv4 address to somebody: 127.1, 0x7f.1, 017700000001 (https://url.spec.whatwg.org/#host-parsing)."""
    last = host.rstrip(".").rpartition(".")[2].lower()
    return last.isdigit() or last.startswith("0x")

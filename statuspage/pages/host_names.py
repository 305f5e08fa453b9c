"""Which host names a page may have. Pure: what somebody typed becomes a name, or a ValueError says why not."""

import re

import idna

from statuspage.kit.domains import is_nowhere, is_registry

LONGEST = 245
"""So that the name of its TXT record is a name as well."""
RESERVED = frozenset(
    (
        *("www", "mail", "smtp", "imap", "pop", "mx", "autoconfig", "autodiscover", "ns", "ns1", "ns2", "dns", "ftp"),
        *("admin", "administrator", "root", "postmaster", "hostmaster", "webmaster", "abuse", "security", "internal"),
        *("console", "api", "app", "apps", "auth", "login", "account", "accounts", "static", "assets", "cdn"),
        *("docs", "help", "support", "status", "ripple", "demo", "test", "staging"),
    )
)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_PASTED = re.compile(r"https?://|/.*", re.ASCII | re.IGNORECASE | re.DOTALL)


def own_domain(typed: str, *, console: str, pages_domain: str) -> str:
    """A name of the owner's, in lower case and in the DNS's letters: "Status.Bücher.example" → "status.xn--…"."""
    name = _in_ascii(_PASTED.sub("", typed.strip()).removesuffix("."))
    labels = name.split(".")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        raise ValueError("This is an IP address. A page needs a name, like status.example.com.")
    if is_nowhere(name):
        raise ValueError(f"Nobody outside can find “{name}”. Take a name like status.example.com.")
    if is_registry(name):
        raise ValueError(f"Names are registered below “{name}”; it is nobody's own.")
    if name == console:
        raise ValueError("This is the address of the console itself.")
    if pages_domain and (name == pages_domain or name.endswith(f".{pages_domain}")):
        raise ValueError(f"Names below {pages_domain} need no proof: choose one in the other form.")
    return name


def subdomain(typed: str, *, console: str, pages_domain: str) -> str:
    """A page's name below the installation's own domain, from its first part."""
    label = typed.strip().lower().removesuffix(f".{pages_domain}")
    if not pages_domain:
        raise ValueError("This installation has no domain for pages. Use a domain of your own.")
    if not _LABEL.fullmatch(label) or label[2:4] == "--":
        raise ValueError("Use the letters a to z, digits, and hyphens between them.")
    if label in RESERVED or f"{label}.{pages_domain}" == console:
        raise ValueError(f"“{label}” is not given away. Choose another.")
    return f"{label}.{pages_domain}"


def _in_ascii(name: str) -> str:
    try:
        ascii_name = idna.encode(name, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        ascii_name = ""
    if not ascii_name or len(ascii_name) > LONGEST or not all(map(_LABEL.fullmatch, ascii_name.split("."))):
        raise ValueError("This is no host name. It should look like status.example.com.")
    return ascii_name

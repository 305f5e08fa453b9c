"""Domain names as the DNS knows them, however people write them. Pure."""

import re

import idna

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
LONGEST = 253
NOWHERE = frozenset(
    ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "invalid", "onion", "arpa", "alt")
)
"""Top-level names that the public DNS never answers (RFC 6761, 6762, 7686, 9476)."""
REGISTRIES = frozenset(
    ("ac", "co", "com", "edu", "gob", "gov", "ltd", "me", "mil", "ne", "net", "nom", "or", "org", "plc", "sch")
)
"""Below two-letter countries, these are where names are sold: co.uk is nobody's own."""


def ascii_domain(text: str) -> str:
    """ "Straße.Example." → "xn--strae-oqa.example": two that lead to the same place are equal. Raises ValueError."""
    domain = idna.encode(text.strip().removesuffix("."), uts46=True, std3_rules=True).decode()
    labels = domain.split(".")
    is_name = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    if not is_name or len(domain) > LONGEST:
        raise ValueError(f"“{text}” is not a domain")
    return domain


def is_nowhere(domain: str) -> bool:
    """Whether the public DNS certainly has no such name."""
    labels = domain.split(".")
    return len(labels) == 1 or labels[-1] in NOWHERE


def is_registry(domain: str) -> bool:
    """Whether names are sold below it, so that it is nobody's own: co.uk."""
    labels = domain.split(".")
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in REGISTRIES


def readable_domain(domain: str) -> str:
    """ "xn--bcher-kva.example (bücher.example)": what is not what it looks like is shown both ways."""
    try:
        written = idna.decode(domain)
    except idna.IDNAError:
        return domain
    return domain if written == domain else f"{domain} ({written})"

"""Domain names as the DNS knows them, however people write them. Pure."""

import re

import idna

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
LONGEST = 253


def ascii_domain(text: str) -> str:
    """ "Straße.Example." → "xn--strae-oqa.example": two that lead to the same place are equal. Raises ValueError."""
    domain = idna.encode(text.strip().removesuffix("."), uts46=True, std3_rules=True).decode()
    labels = domain.split(".")
    is_name = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    if not is_name or len(domain) > LONGEST:
        raise ValueError(f"“{text}” is not a domain")
    return domain

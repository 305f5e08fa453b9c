"""What stands for the things a document is made of. Pure, but for our own source, read once per process."""

import hashlib
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
DRAWING = ("templates/public", "locale", "statuspage/kit", "statuspage/pages", "incidents")
"""Where everything stands that has a hand in what a document looks like."""


def digest(*parts: object) -> str:
    """Equal for equal parts, in any process of the same release. Parts are plain values whose repr says all there is.

    A new release draws everything anew, and writes what has become different.
    """
    return hashlib.sha256(repr((release(), parts)).encode()).hexdigest()[:20]


@cache
def release() -> str:
    found = (path for folder in DRAWING for path in (HOUSE / folder).rglob("*") if path.suffix not in {".po", ".pyc"})
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(found) if path.is_file())).hexdigest()

"""What social networks have in common: a pointer to the page, made of the public message alone, cut to what fits."""

import unicodedata
from collections.abc import Callable

from notifications.channels.notice import Notice

GAP = "\n\n"


def pointer(notice: Notice, *, room: int, weigh: Callable[[str], int] = len, link: int | None = None) -> str:
    """State and title, as much of the words as fits into `room`, and always the link.

    `weigh` is how the network counts; `link` what it counts a link as, whatever its length (None: as text).
    """
    used = (weigh(notice.url) if link is None else link) + weigh(GAP) if notice.url else 0
    said = _fitting(GAP.join(filter(None, (notice.heading, notice.text))), room - used, weigh)
    return f"{said}{GAP}{notice.url}" if notice.url else said


def _fitting(text: str, room: int, weigh: Callable[[str], int]) -> str:
    """Halving the step finds the longest beginning that fits, with its ellipsis."""
    if weigh(text) <= room:
        return text
    longest, step = 0, len(text)
    while step:
        if longest + step <= len(text) and weigh(text[: longest + step] + "…") <= room:
            longest += step
        else:
            step //= 2
    return text[:longest].rstrip() + "…"


def weight_on_x(text: str) -> int:
    """https://docs.x.com/fundamentals/counting-characters: most of Latin script counts one, everything else two."""
    return sum(1 if _is_light(ord(each)) else 2 for each in unicodedata.normalize("NFC", text))


def _is_light(point: int) -> bool:
    return point <= 4351 or 8192 <= point <= 8205 or 8208 <= point <= 8223 or 8242 <= point <= 8247

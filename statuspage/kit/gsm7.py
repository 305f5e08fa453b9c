"""The alphabet of short messages (3GPP TS 23.038): in it 160 characters are a segment, outside of it only 70. Pure."""

import unicodedata

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("^{}\\[~]|€\f")
"""Each of these takes the room of two."""
_ALIKE = {
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "→": "->",
    "·": "-",
    "•": "-",
    "×": "x",
    "ẞ": "SS",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ı": "i",
    "\u00a0": " ",
    "\u202f": " ",
    "`": "'",
}


def transliterated(text: str) -> str:
    """As much of `text` in that alphabet as keeps its meaning: quotes, dashes, and letters without their accents.

    What has no like (another script, a picture) stays: such a message is sent in Unicode, in more segments.
    """
    return "".join(_alike(char) for char in text)


def is_plain(text: str) -> bool:
    """Whether it can be sent in that alphabet."""
    return all(char in _BASIC or char in _EXTENDED for char in text)


def segments(text: str) -> int:
    """How many a provider charges for. A message of several gives up some room of each to tell their order."""
    if is_plain(text):
        length, alone, together = sum(2 if char in _EXTENDED else 1 for char in text), 160, 153
    else:
        length, alone, together = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else -(-length // together)


def _alike(char: str) -> str:
    if char in _BASIC or char in _EXTENDED:
        return char
    if char in _ALIKE:
        return _ALIKE[char]
    bare = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    return bare if bare and is_plain(bare) else char

"""Text for forms stricter than HTML: what they have no place for is left out, whoever typed or pasted it."""

import re

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def allowed_in_xml(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold, not even escaped (its production 2)."""
    return _NOT_XML.sub("", text)


def plain(text: str) -> str:
    r"""Without control characters, and with every line ended by \n and nothing else."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    return " ".join(plain(text).split())

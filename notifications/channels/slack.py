"""Slack, by an incoming webhook. Limits: https://docs.slack.dev/reference/block-kit/blocks

What people typed is plain_text, in which nothing is a mention or a link. A thread needs the first message's `ts`, which
an incoming webhook does not tell: every message stands by itself.
"""

from typing import Any, ClassVar

from notifications.channels.chat import ChatTransport
from notifications.channels.endpoint import GONE, TROUBLE, Meaning
from notifications.channels.notice import Notice, cut, note_heading

MOST_BLOCKS, MOST_FIELDS = 50, 10
LONGEST_HEADER, LONGEST_SECTION, LONGEST_FIELD = 150, 3000, 2000
MOST_NOTES = 10


class SlackTransport(ChatTransport):
    hosts = (r"hooks\.slack\.com", r"hooks\.slack-gov\.com")
    # https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
    meanings: ClassVar[dict[int, Meaning]] = {404: GONE, 500: TROUBLE}


def body(notice: Notice) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(notice.heading, LONGEST_HEADER)}]
    if notice.text:
        blocks.append({"type": "section", "text": _plain(notice.text, LONGEST_SECTION)})
    for reader, words in notice.notes[:MOST_NOTES]:
        blocks.append({"type": "section", "text": _plain(f"{note_heading(reader)} {words}", LONGEST_SECTION)})
    fields = [_plain(f"{name}\n{value}", LONGEST_FIELD) for name, value in notice.facts[:MOST_FIELDS]]
    if fields:
        blocks.append({"type": "section", "fields": fields})
    words = "  ·  ".join(f"<{_escaped(url)}|{label}>" for url, label in notice.links)
    if words:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}})
    blocks.append({"type": "context", "elements": [_plain(notice.footer, LONGEST_FIELD)]})
    return {"text": _escaped(notice.heading), "blocks": blocks[:MOST_BLOCKS], "unfurl_links": False}


def _plain(text: str, longest: int) -> dict[str, Any]:
    """Cut by UTF-16 units, as their editor counts: never too long whichever way they count."""
    short = cut(text, longest)
    while len(short.encode("utf-16-le")) // 2 > longest:
        short = cut(text, len(short) - 1)
    return {"type": "plain_text", "text": short, "emoji": False}


def _escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text#escaping: then no "<!channel>" is one."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦")

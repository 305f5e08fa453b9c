"""Discord, by a channel's webhook. Limits: https://discord.com/developers/docs/resources/message#embed-object

Nothing is a mention: allowed_mentions is empty, and what people typed is escaped and stands in an embed. A webhook can
post into a thread it is told the id of, and cannot begin one in an ordinary channel: every message stands by itself.
"""

import json
import re
from typing import Any, ClassVar

from notifications.channels.chat import ChatTransport, with_query
from notifications.channels.endpoint import GONE, Meaning, json_of
from notifications.channels.notice import Notice, cut, note_heading
from statuspage.kit.outbound import Answer

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_FIELD, LONGEST_FOOTER, ALTOGETHER = 256, 3500, 300, 300, 6000
MOST_FIELDS, MOST_NOTES = 10, 3

_MARKDOWN = re.compile(r"([\\*_~`|>\[\]()<:#@-])")


class DiscordTransport(ChatTransport):
    hosts = (r"discord\.com", r"discordapp\.com", r"(?:canary|ptb)\.discord\.com")
    # 10015 Unknown Webhook, and 50027 Invalid Webhook Token.
    meanings: ClassVar[dict[int, Meaning]] = {401: GONE, 404: GONE}

    def url(self, address: str) -> str:
        """Waited for, so that an answer says the message was taken, and what it is called."""
        return with_query(address, "wait=true")

    def provider_id(self, answer: Answer) -> str:
        return str(json_of(answer).get("id") or "")


def body(notice: Notice) -> dict[str, Any]:
    fields = [
        {"name": cut(name, LONGEST_TITLE), "value": _safe(value, LONGEST_FIELD), "inline": len(value) < 40}
        for name, value in notice.facts[:MOST_FIELDS]
        if value
    ]
    notes = "\n\n".join(f"{note_heading(reader)} {words}" for reader, words in notice.notes[:MOST_NOTES])
    ending = "\n\n" + "  ·  ".join(f"[{label}]({_bare(url)})" for url, label in notice.links)
    embed = {
        "title": _safe(notice.heading, LONGEST_TITLE),
        "color": notice.tone.rgb,
        "fields": fields,
        "footer": {"text": cut(notice.footer, LONGEST_FOOTER)},
    }
    room = min(LONGEST_DESCRIPTION, ALTOGETHER - len(json.dumps(embed, ensure_ascii=False)) - len(ending))
    words = "\n\n".join(filter(None, (notice.text, notes)))
    embed["description"] = (_safe(words, max(room, 100)) + ending).strip()
    if notice.url:
        embed["url"] = notice.url
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _safe(text: str, longest: int) -> str:
    """Its characters as they are, none of them Markdown; not longer than that together with the backslashes."""
    escaped = _MARKDOWN.sub(r"\\\1", text)
    short = cut(text, longest)
    while len(escaped) > longest:
        short = cut(text, len(short) - max(1, (len(escaped) - longest) // 2))
        escaped = _MARKDOWN.sub(r"\\\1", short)
    return escaped


def _bare(url: str) -> str:
    """Inside the round brackets of a link."""
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")

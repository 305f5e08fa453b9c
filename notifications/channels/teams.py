"""Microsoft Teams, by the address of a workflow ("Post to a channel when a webhook request is received").

What people typed is in TextRuns, which know no Markdown: no link, no mention. A workflow does not answer with an id,
so there is nothing to reply to: every message stands by itself.
"""

import json
from typing import Any, ClassVar

from notifications.channels.chat import ChatTransport
from notifications.channels.endpoint import GONE, Meaning
from notifications.channels.notice import Notice, Tone, cut_to_bytes, note_heading

# https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages: 28 KB with everything.
LONGEST_MESSAGE = 27_000
MOST_LINES = 60
STYLES = {Tone.TROUBLE: "attention", Tone.OVER: "good", Tone.PLANNED: "accent"}


class TeamsTransport(ChatTransport):
    hosts = (
        r"[a-z0-9-]+\.webhook\.office\.com",
        r"[a-z0-9-]+\.[a-z0-9-]+\.logic\.azure\.com",
        r"[a-z0-9.-]+\.api\.powerplatform\.com",
    )
    # A workflow that was deleted is not found.
    meanings: ClassVar[dict[int, Meaning]] = {404: GONE}


def body(notice: Notice) -> dict[str, Any]:
    room = LONGEST_MESSAGE
    while True:
        message = _message(notice, room=room)
        excess = len(json.dumps(message, ensure_ascii=False).encode()) - LONGEST_MESSAGE
        if excess <= 0 or room <= 100:
            return message
        room = max(100, min(room, len(notice.text.encode())) - excess)


def _message(notice: Notice, *, room: int) -> dict[str, Any]:
    content: list[dict[str, Any]] = [
        {
            "type": "Container",
            "style": STYLES[notice.tone],
            "bleed": True,
            "items": [_runs((cut_to_bytes(notice.heading, 1000), {"weight": "bolder", "size": "medium"}))],
        }
    ]
    lines = [line for line in cut_to_bytes(notice.text, room).splitlines() if line.strip()]
    content += [_runs((line, {})) for line in lines[:MOST_LINES]]
    content += [
        _runs((f"{note_heading(reader)} ", {"weight": "bolder"}), (cut_to_bytes(words, min(room, 1500)), {}))
        for reader, words in notice.notes[:5]
    ]
    content += [
        _runs((f"{name}: ", {"weight": "bolder"}), (cut_to_bytes(value, 800), {})) for name, value in notice.facts
    ]
    content.append(_runs((notice.footer, {"isSubtle": True, "size": "small"})))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": cut_to_bytes(notice.heading, 1000),
        "body": content,
        "actions": [{"type": "Action.OpenUrl", "title": label, "url": url} for url, label in notice.links],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _runs(*pieces: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    inlines = [{"type": "TextRun", "text": text, **style} for text, style in pieces]
    return {"type": "RichTextBlock", "inlines": inlines}

"""Google Chat, by a space's webhook: a card, in the thread of its incident.

https://developers.google.com/workspace/chat/quickstart/webhooks. What people typed is HTML to a card, so it is escaped;
it never stands in `text`, where "<users/all>" calls everybody.
"""

import html
from typing import Any, ClassVar

from notifications.channels.chat import ChatTransport, with_query
from notifications.channels.endpoint import GONE, Meaning, json_of
from notifications.channels.notice import Notice, cut_to_bytes, note_heading
from statuspage.kit.outbound import Answer

LONGEST_TEXT, LONGEST_NOTE, LONGEST_FACT, LONGEST_TITLE = 4000, 1500, 800, 300
MOST_NOTES = 5
REPLY = "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"


class GoogleChatTransport(ChatTransport):
    hosts = (r"chat\.googleapis\.com",)
    meanings: ClassVar[dict[int, Meaning]] = {404: GONE}

    def url(self, address: str) -> str:
        return with_query(address, REPLY)

    def provider_id(self, answer: Answer) -> str:
        return str(json_of(answer).get("name") or "")


def body(notice: Notice) -> dict[str, Any]:
    widgets: list[dict[str, Any]] = []
    if notice.text:
        widgets.append({"textParagraph": {"text": _safe(notice.text, LONGEST_TEXT)}})
    for reader, words in notice.notes[:MOST_NOTES]:
        text = f"<b>{_safe(note_heading(reader), LONGEST_TITLE)}</b> {_safe(words, LONGEST_NOTE)}"
        widgets.append({"textParagraph": {"text": text}})
    for name, value in notice.facts:
        fact = {"topLabel": name, "text": _safe(value, LONGEST_FACT), "wrapText": True}
        widgets.append({"decoratedText": fact})
    buttons = [{"text": label, "onClick": {"openLink": {"url": url}}} for url, label in notice.links]
    if buttons:
        widgets.append({"buttonList": {"buttons": buttons}})
    widgets.append({"textParagraph": {"text": f"<i>{_safe(notice.footer, LONGEST_TITLE)}</i>"}})
    header = {"title": cut_to_bytes(notice.heading, LONGEST_TITLE), "subtitle": notice.organization}
    card = {"header": header, "sections": [{"widgets": widgets}]}
    return {
        "cardsV2": [{"cardId": "notice", "card": card}],
        "fallbackText": cut_to_bytes(notice.heading.replace("<", "‹").replace(">", "›"), LONGEST_TITLE),
        "thread": {"threadKey": notice.thread},
    }


def _safe(text: str, longest: int) -> str:
    """Escaped, and not longer than that with everything that escaping adds."""
    room = longest
    while True:
        escaped = html.escape(cut_to_bytes(text, room), quote=False).replace("\n", "<br>")
        excess = len(escaped.encode()) - longest
        if excess <= 0:
            return escaped
        room -= max(4, excess // 4)

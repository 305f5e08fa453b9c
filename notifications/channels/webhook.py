"""Webhooks: JSON to somebody's machine, signed as https://www.standardwebhooks.com says. One event per POST.

The body of an event is what Statuspage posts to its subscribers, so that their receivers go on working.
"""

import json
import time

from notifications.channels.base import TOKEN_PLACEHOLDER, Recipient, Verdict, Words
from notifications.channels.endpoint import GONE, EndpointTransport, Meaning
from statuspage.kit.outbound import Answer
from statuspage.kit.standard_webhooks import signature
from statuspage.kit.strangers import Call

TYPE_HEADER = "Ripple-Event"

NOT_TAKEN: Meaning = (Verdict.TRY_AGAIN, "the receiver does not take it")


class WebhookTransport(EndpointTransport):
    """Whatever is not a success is tried again: a receiver that is mended within days has missed nothing."""

    def parts(self, words: Words) -> list[str]:
        """Raises ValueError for words that are not events."""
        return [json.dumps(event) for event in json.loads(words.text)]

    def call(self, part: str, recipient: Recipient, *, number: int) -> Call:
        kind, text = json.loads(part)
        body = str(text).replace(TOKEN_PLACEHOLDER, recipient.token).encode()
        message_id, now = webhook_id(recipient.key, number), int(time.time())
        headers = {
            "Content-Type": "application/json",
            TYPE_HEADER: str(kind),
            "webhook-id": message_id,
            "webhook-timestamp": str(now),
            "webhook-signature": " ".join(signature(each, message_id, now, body) for each in recipient.secrets),
        }
        return Call(url=recipient.address, body=body, headers=headers)

    def meaning(self, answer: Answer) -> Meaning:
        found = super().meaning(answer)
        return NOT_TAKEN if found[0] is Verdict.NEVER and found is not GONE else found


def webhook_id(key: str, number: int) -> str:
    """The event for ever, however often it is sent. A signed text is split at full stops: there is none in it."""
    return f"msg_{key.replace('.', '_')}_{number}"

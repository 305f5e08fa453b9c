"""Mastodon: a post by an account, with a token that may write (https://docs.joinmastodon.org/methods/statuses/#create).

The key of the delivery makes a repeated post one post, for the hour in which a server remembers it.
"""

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from notifications.channels.base import TOKEN_PLACEHOLDER, Recipient, Verdict
from notifications.channels.endpoint import EndpointTransport, Meaning, json_of
from notifications.channels.notice import Notice
from notifications.channels.social import pointer
from statuspage.kit.outbound import Answer
from statuspage.kit.strangers import Call

LONGEST, LINK = 500, 23
PROFILE = r"https://[^/]+/@[A-Za-z0-9_]+/?"


class MastodonTransport(EndpointTransport):
    meanings: ClassVar[dict[int, Meaning]] = {
        401: (Verdict.NEVER, "the token is not accepted"),
        403: (Verdict.NEVER, "the token may not post"),
    }

    @classmethod
    def knows(cls, url: str) -> bool:
        """Servers are anybody's; what a profile's address looks like is the same everywhere."""
        return re.fullmatch(PROFILE, url) is not None and super().knows(url)

    def call(self, part: str, recipient: Recipient, *, number: int) -> Call:
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {next(iter(recipient.secrets), '')}",
            "Idempotency-Key": recipient.key,
        }
        server = urlsplit(recipient.address).netloc
        return Call(
            url=f"https://{server}/api/v1/statuses",
            body=part.replace(TOKEN_PLACEHOLDER, recipient.token).encode(),
            headers=headers,
        )

    def provider_id(self, answer: Answer) -> str:
        return str(json_of(answer).get("id") or "")


def body(notice: Notice) -> dict[str, Any]:
    return {"status": pointer(notice, room=LONGEST, link=LINK), "visibility": "public", "language": notice.language}

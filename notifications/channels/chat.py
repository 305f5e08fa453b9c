"""What the chat platforms have in common: one message to a room's own address, which is also the permission to post."""

from notifications.channels.base import TOKEN_PLACEHOLDER, Recipient
from notifications.channels.endpoint import EndpointTransport
from statuspage.kit.strangers import Call


class ChatTransport(EndpointTransport):
    """No platform promises to show a repeated message only once, so one in doubt is repeated once and no more."""

    def call(self, part: str, recipient: Recipient, *, number: int) -> Call:
        headers = {"Content-Type": "application/json; charset=UTF-8", "Idempotency-Key": recipient.key}
        body = part.replace(TOKEN_PLACEHOLDER, recipient.token).encode()
        return Call(url=self.url(recipient.address), body=body, headers=headers)

    def url(self, address: str) -> str:
        """Where to post, when it is not just the room's address."""
        return address


def with_query(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}"

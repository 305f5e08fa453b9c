"""Bluesky: a post by an account, with an app password (https://docs.bsky.app/docs/advanced-guides/posts).

Every post has an address of its own, made from the delivery: written again, it is still the one post. So a record is
put, not created. Accounts are those of bsky.social; other servers would have to be found by the handle.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from notifications.channels.base import TOKEN_PLACEHOLDER, Outcome, Recipient, Verdict, out_of_time
from notifications.channels.endpoint import EndpointTransport, Meaning, json_of
from notifications.channels.notice import Notice
from notifications.channels.social import pointer
from statuspage.kit.outbound import Answer
from statuspage.kit.strangers import Call, Manners, Reply

SERVER = "https://bsky.social/xrpc"
LONGEST = 300
"""In graphemes; there are never more of those than of the characters that are counted here."""
COLLECTION = "app.bsky.feed.post"
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
Session = dict[str, object]


class BlueskyTransport(EndpointTransport):
    hosts = (r"bsky\.app",)
    meanings: ClassVar[dict[int, Meaning]] = {401: (Verdict.NEVER, "the handle or the app password is not accepted")}

    def __init__(self, manners: Manners, **more: Any) -> None:
        super().__init__(manners, **more)
        self._sessions: dict[tuple[str, tuple[str, ...]], Session] = {}

    def _tell(self, parts: list[str], group: Sequence[Recipient], *, until: float) -> list[Outcome]:
        """One after the other: somebody's own account is hardly ever one of many."""
        return [outcome for one in group for outcome in self._tell_one(parts, one, until=until)]

    def _tell_one(self, parts: list[str], one: Recipient, *, until: float) -> list[Outcome]:
        session = self._log_in(one)
        if isinstance(session, Outcome):
            return [session]
        (outcome,) = super()._tell(parts, [one], until=until)
        if outcome.verdict is not Verdict.ACCEPTED:
            self._sessions.pop((one.address, one.secrets), None)  # it may have come to its end
        return [outcome]

    def _log_in(self, one: Recipient) -> Session | Outcome:
        known = self._sessions.get((one.address, one.secrets))
        if known or not self.knows(one.address):
            return known or {}
        login = {"identifier": _handle(one.address), "password": next(iter(one.secrets), "")}
        call = Call(url=f"{SERVER}/com.atproto.server.createSession", body=json.dumps(login).encode(), headers=JSON)
        reply: Reply = self._strangers.call_all([call])[0]
        session = json_of(reply) if isinstance(reply, Answer) and reply.status == 200 else {}
        if not session:
            outcome = self._outcome(one, reply, taken=0)
            # Nothing was posted yet, whatever the login's answer was.
            return outcome if outcome.verdict in {Verdict.NEVER, Verdict.TRY_AGAIN} else out_of_time(one)
        self._sessions[one.address, one.secrets] = session
        return session

    def call(self, part: str, recipient: Recipient, *, number: int) -> Call:
        session, record = (
            self._sessions[recipient.address, recipient.secrets],
            json.loads(part.replace(TOKEN_PLACEHOLDER, recipient.token)),
        )
        address = {
            "repo": session.get("did"),
            "collection": COLLECTION,
            "rkey": rkey(recipient.key, record["createdAt"]),
        }
        return Call(
            url=f"{SERVER}/com.atproto.repo.putRecord",
            body=json.dumps({**address, "record": record}, ensure_ascii=False).encode(),
            headers={**JSON, "Authorization": f"Bearer {session.get('accessJwt')}", "Idempotency-Key": recipient.key},
        )

    def provider_id(self, answer: Answer) -> str:
        return str(json_of(answer).get("uri") or "")


JSON = {"Content-Type": "application/json"}


def body(notice: Notice) -> dict[str, Any]:
    text = pointer(notice, room=LONGEST)
    end = len(text.encode())
    link = {"$type": "app.bsky.richtext.facet#link", "uri": notice.url}
    facet = {"index": {"byteStart": end - len(notice.url.encode()), "byteEnd": end}, "features": [link]}
    return {
        "$type": COLLECTION,
        "text": text,
        "createdAt": notice.at.isoformat().replace("+00:00", "Z"),
        "langs": [notice.language],
        **({"facets": [facet]} if notice.url else {}),
    }


def rkey(key: str, created_at: str) -> str:
    """A timestamp identifier (https://atproto.com/specs/tid): the same for the same delivery, for ever."""
    microseconds = int(datetime.fromisoformat(created_at).timestamp() * 1_000_000)
    own = int.from_bytes(hashlib.sha256(key.encode()).digest()[:2]) % 1024
    number = microseconds << 10 | own
    return "".join(_DIGITS[number >> 5 * place & 31] for place in range(12, -1, -1))


def _handle(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]

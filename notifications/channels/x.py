"""X: a post by an account, signed with its four keys (OAuth 1.0a, RFC 5849; https://docs.x.com/x-api/posts/create-post).

X refuses the same words twice in a row, so a post in doubt is repeated once without harm.
"""

import base64
import hashlib
import hmac
import secrets
import time
from typing import Any, ClassVar
from urllib.parse import quote

from notifications.channels.base import TOKEN_PLACEHOLDER, Recipient, Verdict
from notifications.channels.endpoint import EndpointTransport, Meaning, json_of
from notifications.channels.notice import Notice
from notifications.channels.social import pointer, weight_on_x
from statuspage.kit.outbound import Answer
from statuspage.kit.strangers import Call

POSTS = "https://api.x.com/2/tweets"
LONGEST, LINK = 280, 23
KEYS = 4
"""API key, its secret, access token, its secret: separated by spaces."""


class XTransport(EndpointTransport):
    hosts = (r"x\.com", r"twitter\.com")
    meanings: ClassVar[dict[int, Meaning]] = {
        401: (Verdict.NEVER, "the keys are not accepted"),
        403: (Verdict.NEVER, "the account may not post this, or has just posted the same"),
    }

    def call(self, part: str, recipient: Recipient, *, number: int) -> Call:
        keys = next(iter(recipient.secrets), "").split()
        headers = {
            "Content-Type": "application/json",
            "Authorization": authorization(keys, nonce=secrets.token_hex(16), now=int(time.time())),
            "Idempotency-Key": recipient.key,
        }
        return Call(url=POSTS, body=part.replace(TOKEN_PLACEHOLDER, recipient.token).encode(), headers=headers)

    def provider_id(self, answer: Answer) -> str:
        data = json_of(answer).get("data")
        return str(data.get("id") or "") if isinstance(data, dict) else ""


def body(notice: Notice) -> dict[str, Any]:
    return {"text": pointer(notice, room=LONGEST, weigh=weight_on_x, link=LINK)}


def authorization(keys: list[str], *, nonce: str, now: int, method: str = "POST", url: str = POSTS) -> str:
    """RFC 5849 §3.4: a JSON body is no part of what is signed."""
    api_key, api_secret, token, token_secret = [*keys, "", "", "", ""][:KEYS]
    fields = {
        "oauth_consumer_key": api_key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(now),
        "oauth_token": token,
        "oauth_version": "1.0",
    }
    pairs = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(fields.items()))
    signed = "&".join(map(_encoded, (method, url, pairs)))
    key = f"{_encoded(api_secret)}&{_encoded(token_secret)}"
    fields["oauth_signature"] = base64.b64encode(hmac.digest(key.encode(), signed.encode(), hashlib.sha1)).decode()
    return "OAuth " + ", ".join(f'{_encoded(name)}="{_encoded(value)}"' for name, value in sorted(fields.items()))


def _encoded(text: str) -> str:
    return quote(text, safe="")

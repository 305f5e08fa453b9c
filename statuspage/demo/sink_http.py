"""An HTTP server that plays everybody who gets webhooks and chat messages, and misbehaves when asked.

What the host would be is in `Host`. The last part of the path, before any query, says what happens:

| it ends in | what happens |
|---|---|
| `/again` | 429 with `Retry-After: 7` |
| `/trouble` | 503 |
| `/refused` | 400 |
| `/missing` | 404 |
| `/gone` | 410 |
| `/moved` | 307 to another address |
| `/cut` | the message kept, the connection cut before the answer |
| `/early` | the connection cut before anything is read |
| `/slow` | the message kept, the answer `slowness` late |
| `/long` | the message kept, 200 with an answer of more than 64 kB |

With `-once` behind it, it misbehaves the first time only. Profiles of social networks misbehave by their name;
Mastodon's by the first part of the server's.
"""

import json
import re
import time
from urllib.parse import urlsplit
from uuid import uuid4

from statuspage.demo.sink_ledger import Caught, wall_clock
from statuspage.demo.sink_sms import Door, Fault, SmsSink

FAULTS = {
    "again": Fault(status=429, headers={"Retry-After": "7"}, body=b'{"retry_after": 7}'),
    "trouble": Fault(status=503, body=b"<h1>Trouble</h1>"),
    "refused": Fault(status=400, body=b"invalid_payload"),
    "missing": Fault(status=404, body=b"no_service"),
    "gone": Fault(status=410, body=b"gone"),
    "moved": Fault(status=307, headers={"Location": "https://elsewhere.example/"}, body=b"moved"),
    "cut": Fault(is_kept=True, is_cut=True),
    "early": Fault(is_cut=True),
    "slow": Fault(status=200, is_kept=True, is_slow=True),
    "long": Fault(status=200, is_kept=True, body=b"x" * 70_000),
}
_OURS = re.compile(r"[?&](wait=true|messageReplyOption=\w+)")
"""What the channels add to an address."""
_FORM = {"type", "$schema", "version", "contentType"}
"""How the platforms write what a thing is; nobody reads it."""
NO_FAULT = Fault(status=200, is_kept=True)
PLATFORMS = {
    "hooks.slack.com": "slack",
    "discord.com": "discord",
    "chat.googleapis.com": "google_chat",
    "webhook.office.com": "teams",
    "logic.azure.com": "teams",
    "api.powerplatform.com": "teams",
    "bsky.app": "bluesky",
    "x.com": "x",
}


class HttpSink(SmsSink):
    """See SmsSink for how it is run. `place` is what RIPPLE_SINK wants."""

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def door(self) -> type[Door]:
        return _HttpDoor

    def fault(self, url: str) -> Fault:
        last = url.partition("?")[0].rpartition("/")[2].removeprefix("@").partition(".")[0]
        name, _dash, once = last.replace("_", "-").partition("-")
        fault = FAULTS.get(name, NO_FAULT)
        if once and url in self._misbehaved:
            return NO_FAULT
        self._misbehaved.add(url)
        return fault


class _HttpDoor(Door):
    def take(self, octets: bytes) -> None:
        sink = self.server.sink
        if self.path.endswith("createSession"):
            handle = json.loads(octets)["identifier"]
            self.answer(Fault(status=200, body=json.dumps({"accessJwt": "j", "did": f"did:plc:{handle}"}).encode()))
            return
        url, octets = self._played(octets)
        fault = sink.fault(url)
        self._go_through(fault, url, octets)

    def _played(self, octets: bytes) -> tuple[str, bytes]:
        """Whose address it is about, and what they would read. A profile's name says what happens."""
        if self.path.endswith("/statuses"):
            host = self.headers["Host"]
            return f"https://{host}/@{host.partition('.')[0].replace('-', '_')}", octets
        if self.path.endswith("putRecord"):
            body = json.loads(octets)
            handle = body["repo"].removeprefix("did:plc:")
            return f"https://bsky.app/profile/{handle}", json.dumps(body["record"], ensure_ascii=False).encode()
        if self.path == "/2/tweets":
            (token,) = re.findall('oauth_token="([^"]*)"', self.headers["Authorization"])
            return f"https://x.com/{token}", octets
        return f"https://{self.headers['Host']}{self.path}", octets

    def _go_through(self, fault: Fault, url: str, octets: bytes) -> None:
        sink = self.server.sink
        if fault.is_kept:
            sink.ledger.append(self._heard(url, octets))
        if fault.is_slow:
            time.sleep(sink.slowness.total_seconds())
        if fault.is_cut:
            self.close_connection = True
            return
        self.answer(fault, uuid4().hex)

    def _heard(self, url: str, octets: bytes) -> Caught:
        host = urlsplit(url).hostname or ""
        channel = next((name for ending, name in PLATFORMS.items() if host.endswith(ending)), "webhook")
        channel = "mastodon" if "/@" in url else channel
        _msg, _, named = self.headers.get("webhook-id", "").partition("_")
        key = self.headers.get("Idempotency-Key") or ".".join(named.split("_")[:2])
        return Caught(
            at=wall_clock(),
            channel=channel,
            to=_OURS.sub("", url),
            key=key,
            message_id=self.headers.get("webhook-id", ""),
            text=octets.decode(),
            subject=self.headers.get("Ripple-Event", ""),
            headers=dict(self.headers.items()),
            size=len(octets),
        )


def words_of(caught: Caught) -> str:
    """What a person would read of a message, for the inbox: every string in it, in order, and each once."""
    return "\n".join(dict.fromkeys(text for text in _strings(json.loads(caught.text)) if text))


def _strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for name, part in value.items() if name not in _FORM for text in _strings(part)]
        case list():
            return [text for part in value for text in _strings(part)]
    return []

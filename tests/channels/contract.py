"""The lines the shared contract test is held over: a transport, the sink it speaks to, and that sink's faults."""

import json
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from notifications.channels.base import TOKEN_PLACEHOLDER, Recipient, Transport, Words
from notifications.channels.bluesky import BlueskyTransport
from notifications.channels.discord import DiscordTransport
from notifications.channels.email import EmailTransport
from notifications.channels.endpoint import EndpointTransport
from notifications.channels.google_chat import GoogleChatTransport
from notifications.channels.mastodon import MastodonTransport
from notifications.channels.slack import SlackTransport
from notifications.channels.sms import Provider, SmsTransport
from notifications.channels.smtp import Relay
from notifications.channels.teams import TeamsTransport
from notifications.channels.webhook import WebhookTransport
from notifications.channels.x import XTransport
from statuspage.demo.sinks import HttpSink, SmsSink, SmtpSink
from statuspage.kit.links import TOKEN_LENGTH
from statuspage.kit.names import Resolver
from statuspage.kit.strangers import Manners

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ=="
PATIENCE = timedelta(milliseconds=400)
SLOWNESS = timedelta(seconds=1)
LINK = f"https://acme.example/m/{TOKEN_PLACEHOLDER}"


def token(n: int) -> str:
    return f"{n:x}".rjust(TOKEN_LENGTH, "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Addresses this line's sink misbehaves for. `again_once` and `unknown_once` are accepted the second time."""

    again: str
    again_once: str
    never: str
    malformed: str
    unknown: str
    unknown_once: str
    slow: str


class Line(ABC):
    faults: Faults

    def __init__(self, folder: Path) -> None:
        self.ledger = folder / "ledger.jsonl"

    @abstractmethod
    def sink(self, port: int = 0) -> AbstractContextManager[SmtpSink | SmsSink]: ...

    @abstractmethod
    def transport(self, port: int) -> Transport: ...

    @abstractmethod
    def address(self, n: int) -> str:
        """The address of somebody with whom nothing goes wrong."""

    @abstractmethod
    def words(self, text: str) -> Words: ...

    def recipient(self, n: int, address: str = "") -> Recipient:
        return Recipient(key=f"77.{n}", address=address or self.address(n), token=token(n), secrets=(SECRET,))

    def as_sent(self, words: Words) -> str:
        """What arrives of `words`, but for the tokens."""
        return words.text


class EmailLine(Line):
    faults = Faults(
        again="4xx@acme.example",
        again_once="4xx-once@acme.example",
        never="5xx-rcpt@acme.example",
        malformed="two@acme.example, three@acme.example",
        unknown="cut@acme.example",
        unknown_once="cut-once@acme.example",
        slow="slow@acme.example",
    )

    def sink(self, port: int = 0) -> SmtpSink:
        return SmtpSink(ledger=self.ledger, port=port, slowness=SLOWNESS)

    def transport(self, port: int) -> Transport:
        return EmailTransport(Relay(host="127.0.0.1", port=port, connect_timeout=PATIENCE, answer_timeout=PATIENCE))

    def address(self, n: int) -> str:
        return f"reader{n}@acme.example"

    def words(self, text: str) -> Words:
        return Words(subject="Logins fail", sender="Acme <status@acme.example>", text=text, html=f"<p>{text}</p>")


class SmsLine(Line):
    faults = Faults(
        again="+4915100000429",
        again_once="+4915100001429",
        never="+4915100000400",
        malformed="0151 23456",
        unknown="+4915100000001",
        unknown_once="+4915100001001",
        slow="+4915100000003",
    )

    def sink(self, port: int = 0) -> SmsSink:
        return SmsSink(ledger=self.ledger, port=port, slowness=SLOWNESS)

    def transport(self, port: int) -> Transport:
        url = f"http://127.0.0.1:{port}/Messages.json"
        return SmsTransport(Provider(url=url, sender="+4930111", connect_timeout=PATIENCE, read_timeout=PATIENCE))

    def address(self, n: int) -> str:
        return f"+49151{n:03}5555"

    def words(self, text: str) -> Words:
        return Words(text=text)


class EndpointLine(Line):
    """One after the other, so that what happens has an order; side by side is tested in test_endpoints."""

    transport_class: type[EndpointTransport]
    room: str
    """A URL of the platform's; the last part of the path is left out."""
    never = "missing"

    @property
    def faults(self) -> Faults:  # type: ignore[override]
        return Faults(
            again=f"{self.room}/again",
            again_once=f"{self.room}/trouble-once",
            never=f"{self.room}/{self.never}",
            malformed=f"http://127.0.0.1/{self.room.rpartition('/')[2]}",
            unknown=f"{self.room}/cut",
            unknown_once=f"{self.room}/cut-once",
            slow=f"{self.room}/slow",
        )

    def sink(self, port: int = 0) -> HttpSink:
        return HttpSink(ledger=self.ledger, port=port, slowness=SLOWNESS)

    def transport(self, port: int) -> Transport:
        manners = Manners(resolver=Resolver(["127.0.0.1:1"]), sink=f"127.0.0.1:{port}", time=PATIENCE)
        return self.transport_class(manners, at_once=1)

    def address(self, n: int) -> str:
        return f"{self.room}/n{n}"

    def words(self, text: str) -> Words:
        return Words(text=json.dumps({"text": text}, ensure_ascii=False), subject="Logins fail")


class WebhookLine(EndpointLine):
    transport_class, room, never = WebhookTransport, "https://hooks.acme.example/status", "gone"

    def words(self, text: str) -> Words:
        body = json.dumps({"text": text}, ensure_ascii=False)
        return Words(text=json.dumps([["incident.updated", body]]))

    def as_sent(self, words: Words) -> str:
        ((_kind, body),) = json.loads(words.text)
        return str(body)


class SlackLine(EndpointLine):
    transport_class, room = SlackTransport, "https://hooks.slack.com/services/T0/B0"


class TeamsLine(EndpointLine):
    transport_class, room = TeamsTransport, "https://prod-1.westeurope.logic.azure.com/workflows/1/triggers"


class DiscordLine(EndpointLine):
    transport_class, room = DiscordTransport, "https://discord.com/api/webhooks/1"


class GoogleChatLine(EndpointLine):
    transport_class, room = GoogleChatTransport, "https://chat.googleapis.com/v1/spaces/1"

    def address(self, n: int) -> str:
        return f"{self.room}/n{n}?key=k&token=t"


class ProfileLine(EndpointLine):
    @abstractmethod
    def profile(self, name: str) -> str: ...

    @property
    def faults(self) -> Faults:  # type: ignore[override]
        malformed = "http://127.0.0.1/@acme"
        names = ("again", "trouble-once", "refused", "cut", "cut-once", "slow")
        again, again_once, never, unknown, unknown_once, slow = map(self.profile, names)
        return Faults(
            again=again,
            again_once=again_once,
            never=never,
            malformed=malformed,
            unknown=unknown,
            unknown_once=unknown_once,
            slow=slow,
        )

    def address(self, n: int) -> str:
        return self.profile(f"n{n}")


class MastodonLine(ProfileLine):
    transport_class = MastodonTransport

    def profile(self, name: str) -> str:
        return f"https://{name}.social.example/@{name.replace('-', '_')}"


class BlueskyLine(ProfileLine):
    transport_class = BlueskyTransport

    def profile(self, name: str) -> str:
        return f"https://bsky.app/profile/{name}.bsky.social"

    def words(self, text: str) -> Words:
        record = {"text": text, "createdAt": "2026-01-15T10:00:00.123Z"}
        return Words(text=json.dumps(record, ensure_ascii=False))


class XLine(ProfileLine):
    transport_class = XTransport

    def profile(self, name: str) -> str:
        return f"https://x.com/{name}"

    def recipient(self, n: int, address: str = "") -> Recipient:
        name = (address or self.address(n)).rpartition("/")[2]
        return replace(super().recipient(n, address), secrets=(f"key secret {name} secret",))


ROOMS = (WebhookLine, SlackLine, TeamsLine, DiscordLine, GoogleChatLine)
LINES = (EmailLine, SmsLine, *ROOMS, MastodonLine, BlueskyLine, XLine)

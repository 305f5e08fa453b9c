"""What is particular to endpoints: signatures, several events, side by side, each platform's hosts, form and limits."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from notifications.channels import bluesky, discord, google_chat, mastodon, registry, slack, teams, x
from notifications.channels.base import Outcome, Recipient, Verdict, Words
from notifications.channels.notice import Notice, Tone
from notifications.channels.registry import ENDPOINTS
from notifications.channels.social import weight_on_x
from notifications.channels.webhook import WebhookTransport
from statuspage.demo.sinks import Caught, HttpSink
from statuspage.kit.names import Resolver
from statuspage.kit.standard_webhooks import new_secret
from statuspage.kit.strangers import Manners
from statuspage.organizations.plan import Channel
from tests.channels.contract import SECRET, SLOWNESS, token


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[HttpSink]:
    with HttpSink(ledger=tmp_path / "ledger.jsonl", slowness=SLOWNESS) as running:
        yield running


@pytest.fixture
def transport(sink: HttpSink) -> Iterator[WebhookTransport]:
    made = WebhookTransport(Manners(resolver=Resolver(["127.0.0.1:1"]), sink=sink.place, time=timedelta(seconds=0.4)))
    yield made
    made.close()


def recipient(n: int, name: str = "fine", *, secrets: tuple[str, ...] = (SECRET,), taken: str = "") -> Recipient:
    return Recipient(
        key=f"77.{n}",
        address=f"https://{name}.acme.example/{n}/{name}",
        token=token(n),
        secrets=secrets,
        provider_id=taken,
    )


def words(*kinds: str) -> Words:
    return Words(text=json.dumps([[kind, json.dumps({"kind": kind, "words": "Zürich 東京 & <b>"})] for kind in kinds]))


def sent(transport: WebhookTransport, text: Words, *recipients: Recipient, seconds: float = 60) -> list[Outcome]:
    return list(transport.send(text, recipients, until=time.monotonic() + seconds))


class TestWebhooks:
    def verified(self, caught: Caught, secret: str) -> Any:
        headers = {name.lower(): value for name, value in caught.headers.items()}
        return Webhook(secret).verify(caught.text.encode(), headers)

    def test_the_standards_own_library_finds_our_signature_right(
        self, sink: HttpSink, transport: WebhookTransport
    ) -> None:
        sent(transport, words("incident.updated"), recipient(1))
        (caught,) = sink.messages()
        assert self.verified(caught, SECRET) == {"kind": "incident.updated", "words": "Zürich 東京 & <b>"}
        assert caught.headers["Ripple-Event"] == "incident.updated"
        assert caught.headers["webhook-id"] == "msg_77_1_0"
        assert abs(int(caught.headers["webhook-timestamp"]) - time.time()) < 5
        with pytest.raises(WebhookVerificationError):
            self.verified(replace(caught, text=caught.text + " "), SECRET)

    def test_while_secrets_are_rotated_both_verify(self, sink: HttpSink, transport: WebhookTransport) -> None:
        new = new_secret()
        sent(transport, words("incident.updated"), recipient(1, secrets=(new, SECRET)))
        (caught,) = sink.messages()
        assert self.verified(caught, new)
        assert self.verified(caught, SECRET)
        with pytest.raises(WebhookVerificationError):
            self.verified(caught, new_secret())

    def test_one_event_per_post_each_with_an_id_of_its_own(self, sink: HttpSink, transport: WebhookTransport) -> None:
        (outcome,) = sent(transport, words("incident.updated", "component.updated", "component.updated"), recipient(1))
        assert outcome.verdict is Verdict.ACCEPTED
        assert [(caught.subject, caught.message_id) for caught in sink.messages()] == [
            ("incident.updated", "msg_77_1_0"),
            ("component.updated", "msg_77_1_1"),
            ("component.updated", "msg_77_1_2"),
        ]

    def test_what_was_taken_is_not_posted_again(self, sink: HttpSink, transport: WebhookTransport) -> None:
        text = words("incident.updated", "component.updated")
        (first,) = sent(transport, text, recipient(1, "trouble-once", taken="1"))
        assert (first.verdict, first.provider_id) == (Verdict.TRY_AGAIN, "1")
        (second,) = sent(transport, text, recipient(1, "trouble-once", taken=first.provider_id))
        assert second.verdict is Verdict.ACCEPTED
        assert [caught.message_id for caught in sink.messages()] == ["msg_77_1_1"]

    def test_a_slow_machine_holds_up_no_other(self, sink: HttpSink, transport: WebhookTransport) -> None:
        began = time.monotonic()
        outcomes = sent(transport, words("x"), *(recipient(n, "slow" if n < 4 else "fine") for n in range(40)))
        assert time.monotonic() - began < 2
        assert [outcome.verdict for outcome in outcomes] == [Verdict.UNKNOWN] * 4 + [Verdict.ACCEPTED] * 36

    @pytest.mark.parametrize(
        ("name", "verdict", "is_gone", "wait"),
        [
            ("again", Verdict.TRY_AGAIN, False, 7),
            ("trouble", Verdict.TRY_AGAIN, False, None),
            ("refused", Verdict.TRY_AGAIN, False, None),
            ("missing", Verdict.TRY_AGAIN, False, None),
            ("gone", Verdict.NEVER, True, None),
            ("moved", Verdict.TRY_AGAIN, False, None),
            ("early", Verdict.UNKNOWN, False, None),
            ("long", Verdict.UNKNOWN, False, None),
        ],
    )
    def test_every_fault_means_something(
        self, transport: WebhookTransport, name: str, verdict: Verdict, is_gone: bool, wait: int | None
    ) -> None:
        (outcome,) = sent(transport, words("x"), recipient(1, name))
        assert (outcome.verdict, outcome.is_gone) == (verdict, is_gone)
        assert outcome.retry_after == (timedelta(seconds=wait) if wait else None)


@pytest.mark.parametrize(
    "channel", [channel for channel in Channel if channel.is_endpoint and channel is not Channel.WEBHOOK]
)
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/services/T/B/x",
        "https://hooks.slack.com.evil.example/x",
        "https://evil.example/hooks.slack.com",
        "https://xhooks.slack.com/x",
        "https://discord.com.evil.example/api/webhooks/1/x",
        "https://logic.azure.com/x",
        "https://a.b.logic.azure.com.evil.example/x",
        "https://chat.googleapis.com@evil.example/",
        "http://hooks.slack.com/services/T/B/x",
    ],
)
def test_a_platform_is_called_at_its_own_hosts_only(sink: HttpSink, channel: Channel, url: str) -> None:
    transport = ENDPOINTS[channel](Manners(resolver=Resolver(["127.0.0.1:1"]), sink=sink.place))
    one = Recipient(key="77.1", address=url, token=token(1))
    (outcome,) = transport.send(Words(text="{}"), [one], until=time.monotonic() + 5)
    assert outcome.verdict is Verdict.NEVER
    assert sink.messages() == []
    transport.close()


@pytest.mark.parametrize("channel", [Channel.SLACK, Channel.TEAMS, Channel.DISCORD, Channel.GOOGLE_CHAT])
def test_a_room_that_was_removed_is_gone(sink: HttpSink, channel: Channel) -> None:
    rooms = {
        Channel.SLACK: "https://hooks.slack.com/services/missing",
        Channel.TEAMS: "https://a.b.logic.azure.com/missing",
        Channel.DISCORD: "https://discord.com/api/webhooks/missing",
        Channel.GOOGLE_CHAT: "https://chat.googleapis.com/v1/spaces/missing?key=k",
    }
    transport = ENDPOINTS[channel](Manners(resolver=Resolver(["127.0.0.1:1"]), sink=sink.place))
    one = Recipient(key="77.1", address=rooms[channel], token=token(1))
    (outcome,) = transport.send(Words(text="{}"), [one], until=time.monotonic() + 5)
    assert (outcome.verdict, outcome.is_gone) == (Verdict.NEVER, True)
    transport.close()


HOSTILE = (
    "<!channel> <!everyone> <@U123> <#C1|x> @everyone @here <@&1> <users/all> [Log in](https://evil.example)"
    " <https://evil.example|bank.example> **bold** `code` ||spoiler|| <at>All</at> </b><a href=x>y</a> &lt;"
)


def notice(text: str = HOSTILE, *, size: int = 1) -> Notice:
    return Notice(
        organization="Acme",
        heading=f"[Acme] SEV1 Investigating: {text[:300]}",
        tone=Tone.TROUBLE,
        text=text,
        notes=((f"{text[:80]}", text),) * size,
        facts=tuple((f"Fact {n}", text) for n in range(min(size, 12))),
        url="https://status.acme.test/incidents/abc",
        bridge_url="https://meet.acme.test/a?b=<c>|d",
        footer=text[:400],
        thread="abc",
        at=datetime(2026, 1, 15, 10, 0, 0, 123456, tzinfo=UTC),
    )


def strings(value: object, *, key: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield key, value
        case dict():
            for name, part in value.items():
                yield from strings(part, key=name)
        case list():
            for part in value:
                yield from strings(part, key=key)


class TestNothingTypedIsAMentionOrALink:
    def test_slack(self) -> None:
        message = slack.body(notice())
        assert "<" not in message["text"]
        for block in message["blocks"]:
            for text in [block.get("text"), *block.get("fields", []), *block.get("elements", [])]:
                if text and text["type"] == "mrkdwn":
                    assert "evil.example" not in text["text"]
                    assert text["text"].count("<") == 2, "our own two links"

    def test_teams(self) -> None:
        card = teams.body(notice())["attachments"][0]["content"]
        typed = [(key, text) for key, text in strings(card) if "evil.example" in text]
        assert typed
        assert {key for key, _text in typed} <= {"text", "fallbackText"}
        kinds = {item["type"] for item in card["body"]}
        assert kinds == {"Container", "RichTextBlock"}, "TextBlock and FactSet know Markdown"
        assert "msteams" not in card

    def test_discord(self) -> None:
        message = discord.body(notice())
        assert message["allowed_mentions"] == {"parse": []}
        assert "content" not in message
        (embed,) = message["embeds"]
        typed = [embed["title"], embed["description"], *(field["value"] for field in embed["fields"])]
        for text in typed:
            bare = text.replace("\\\\", "").replace("\\[", "").replace("\\]", "").replace("\\<", "").replace("\\@", "")
            assert "](https://evil" not in bare
            assert "[Log in" not in bare
            assert "<@" not in bare
            assert "@everyone" not in bare

    def test_google_chat(self) -> None:
        message = google_chat.body(notice())
        assert "text" not in message
        assert "<" not in message["fallbackText"]
        for key, text in strings(message["cardsV2"][0]["card"]["sections"]):
            if key == "text":
                assert "<users" not in text
                assert "<a " not in text


class TestLimits:
    @pytest.mark.parametrize("text", ["x" * 32_000, "🚒" * 20_000, "[*" * 16_000, "a\n" * 9_000, ""])
    @pytest.mark.parametrize("size", [0, 1, 30])
    def test_nothing_is_ever_too_long(self, text: str, size: int) -> None:
        long = notice(text, size=size)
        blocks = slack.body(long)["blocks"]
        assert len(blocks) <= 50
        assert all(len(part["text"]) <= 3000 for block in blocks if (part := block.get("text")))
        assert all(len(field["text"]) <= 2000 for block in blocks for field in block.get("fields", []))
        assert len(blocks[0]["text"]["text"]) <= 150
        assert len(json.dumps(teams.body(long), ensure_ascii=False).encode()) <= 28 * 1024
        (embed,) = discord.body(long)["embeds"]
        assert len(embed["description"]) <= 4096
        assert len(embed["title"]) <= 256
        assert all(len(field["value"]) <= 1024 for field in embed["fields"])
        every = [embed["title"], embed["description"], embed["footer"]["text"]]
        assert sum(map(len, every)) + sum(len(f["name"]) + len(f["value"]) for f in embed["fields"]) <= 6000
        assert len(json.dumps(google_chat.body(long), ensure_ascii=False).encode()) <= 32_000

    @pytest.mark.parametrize("text", ["x" * 3_000, "🚒" * 2_000, "日本語" * 500, "Zürich " * 100, "short", ""])
    def test_a_post_fits_and_always_ends_with_the_link(self, text: str) -> None:
        one = replace(notice(text), heading="[Acme] Investigating: Trouble with payments")
        toot, post, tweet = mastodon.body(one)["status"], bluesky.body(one), x.body(one)["text"]
        for said in (toot, post["text"], tweet):
            assert said.startswith(one.heading)
            assert said.endswith(f"\n\n{one.url}")
        assert len(toot) - len(one.url) + 23 <= 500
        assert len(post["text"]) <= 300
        assert len(post["text"].encode()) <= 3000
        assert weight_on_x(tweet.removesuffix(one.url)) + 23 <= 280
        (facet,) = post["facets"]
        span = post["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]]
        assert span.decode() == one.url == facet["features"][0]["uri"]
        if len(text) > 600:
            assert "…" in toot
            assert "…" in tweet

    def test_a_repeated_post_on_bluesky_is_the_same_record(self) -> None:
        at = bluesky.body(notice())["createdAt"]
        assert bluesky.rkey("77.1", at) == bluesky.rkey("77.1", at) != bluesky.rkey("77.2", at)
        assert re.fullmatch("[234567abcdefghij][234567a-z]{12}", bluesky.rkey("77.1", at))

    def test_x_is_signed_for_as_oauthlib_signs(self) -> None:
        """The keys are those of X's own documentation; the signature was made by oauthlib's Client.sign."""
        keys = ["xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"]
        keys += ["370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"]
        said = x.authorization(keys, nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", now=1318622958)
        assert 'oauth_signature="lr%2BtV%2FDKclEvXKVjG6tgaSSLV0k%3D"' in said

    def test_an_incident_is_a_thread_where_the_platform_lets_it(self) -> None:
        assert google_chat.body(notice())["thread"] == {"threadKey": "abc"}


def test_every_endpoint_channel_has_a_transport() -> None:
    assert set(ENDPOINTS) == {channel for channel in Channel if channel.is_endpoint}
    for channel in ENDPOINTS:
        assert registry.transport_for(channel).window == 20
    registry.forget()

"""A reading becomes words: once per broadcast, channel, language and page, never per person.

A message is a folder, templates/messages/<kind>/<channel>/; maintenance has one for all kinds. Text is rendered by the
engine that does not escape.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import css_inline
from django.conf import settings
from django.template import engines
from django.utils.translation import override

from notifications import events, own_words
from notifications.channels import bluesky, discord, google_chat, mastodon, slack, teams, x
from notifications.channels.base import TOKEN_PLACEHOLDER, UNSAFE_IN_HEADER, Words
from notifications.channels.notice import Notice
from notifications.events import Scene
from notifications.notices import notice_of
from notifications.own_words import OwnWords, Use
from notifications.placeholders import kind_of
from notifications.reading import Reading
from statuspage.kit import gsm7
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page

log = logging.getLogger(__name__)

MOST_SEGMENTS = 2
SHORTER_TITLES = (120, 80, 50, 30, 15)
_BLANK_LINES = re.compile(r"\n{3,}")
_BODIES: dict[Channel, Callable[[Notice], dict[str, Any]]] = {
    Channel.SLACK: slack.body,
    Channel.TEAMS: teams.body,
    Channel.DISCORD: discord.body,
    Channel.GOOGLE_CHAT: google_chat.body,
    Channel.MASTODON: mastodon.body,
    Channel.BLUESKY: bluesky.body,
    Channel.X: x.body,
}
_inliner = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def render(
    reading: Reading, *, channel: Channel, unsubscribe: str = "", own: OwnWords | None = None, mailbox: str = ""
) -> Words:
    """`mailbox` is where a letter comes from; empty: the installation's own address. `unsubscribe` is where the
    person's own link begins; empty for rings one does not leave by oneself.

    In the reading's language, whichever is active. `own` are the tenant's words for such a message, which must have
    been written for that language. Words that are not right (somebody changed the row by hand) stop nothing: Ripple's
    are said.
    """
    leave = f"{unsubscribe}{TOKEN_PLACEHOLDER}" if unsubscribe else ""
    context = {"it": reading, "unsubscribe_url": leave}
    folder = kind_of(reading)
    sound = own if own and _is_sound(own, reading, channel) else None
    with override(reading.language):
        if channel in _BODIES:
            heading = one_line(_text(f"{folder}/email/subject.txt", context))
            return chat_words(notice_of(reading, heading=heading), channel=channel)
        if channel is Channel.SMS:
            text = own_words.sms(sound, reading) if sound else _short(f"{folder}/sms/body.txt", context, reading)
            return Words(text=text, sender=settings.SMS_FROM)
        subject, text, html = _own(sound, context) if sound else _ours(folder, context)
    return Words(
        subject=one_line(subject),
        text=text + "\n",
        html=_inliner.inline(html),
        sender=letter_sender(reading.organization, mailbox),
        unsubscribe_url=leave,
        headers=_thread_headers(reading),
    )


def way_out(page: Page | None) -> str:
    """Where a subscriber's own link begins; empty for whoever did not sign up on a page."""
    return f"{page.url}/u/" if page and page.url else ""


def _ours(folder: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a mail."""
    names = (f"{folder}/email/subject.txt", f"{folder}/email/body.txt", f"{folder}/email/body.html")
    return _text(names[0], context), _text(names[1], context), _html(names[2], context)


def _own(own: OwnWords, context: dict[str, Any]) -> tuple[str, str, str]:
    """The same in a tenant's words, within our frame."""
    reading = context["it"]
    said = {**context, "own_text": own_words.text(own, reading), "own_html": own_words.html(own, reading)}
    return own_words.subject(own, reading), _text("worded/email/body.txt", said), _html("worded/email/body.html", said)


def _is_sound(own: OwnWords, reading: Reading, channel: Channel) -> bool:
    if channel not in own_words.CHANNELS:
        return False
    use = Use(kind=kind_of(reading), channel=channel, is_open=reading.inner is None)
    refused = own_words.refusals(own, use)
    if refused:
        where, why = (reading.organization, use.kind, channel.label, reading.ring), " ".join(refused.values())
        log.error("The words of %s for %s by %s to %s cannot be said, Ripple's are. %s", *where, why)
    return not refused


def chat_words(notice: Notice, *, channel: Channel) -> Words:
    return Words(text=json.dumps(_BODIES[channel](notice), ensure_ascii=False), subject=notice.heading)


def webhook_words(scene: Scene) -> Words:
    return Words(text=events.to_text(events.events_of(scene)))


def to_json(words: Words) -> dict[str, Any]:
    return asdict(words)


def from_json(data: dict[str, Any]) -> Words:
    return Words(**{**data, "headers": tuple((name, value) for name, value in data["headers"])})


def content_hash(renditions: list[dict[str, Any]]) -> str:
    """Of every rendition of a broadcast: proof of what was said."""
    return hashlib.sha256(json.dumps(renditions, sort_keys=True).encode()).hexdigest()


def letter_sender(name: str, mailbox: str = "") -> str:
    """The From of a mail that speaks in somebody's name."""
    return f'"{_header_words(name)}" <{mailbox or settings.MAIL_FROM}>'


def _thread_headers(reading: Reading) -> tuple[tuple[str, str], ...]:
    """One incident is one thread in the mailbox."""
    domain = settings.MAIL_FROM.rpartition("@")[2]
    return (
        ("References", f"<incident.{reading.thread}@{domain}>"),
        ("Feedback-ID", f"{reading.kind.value}:{reading.thread}:ripple"),
    )


def _text(name: str, context: dict[str, Any]) -> str:
    text = str(engines["text"].get_template(f"messages/{name}").render(context))
    return _BLANK_LINES.sub("\n\n", text).strip()


def _short(name: str, context: dict[str, Any], reading: Reading) -> str:
    """For a phone: two segments at most, whatever the alphabet. What is too long loses the end of its title."""
    text = gsm7.transliterated(_text(name, context))
    for length in SHORTER_TITLES:
        if gsm7.segments(text) <= MOST_SEGMENTS:
            break
        title = f"{reading.title[:length].rstrip()}..."
        text = gsm7.transliterated(_text(name, {**context, "it": replace(reading, title=title)}))
    return text


def _html(name: str, context: dict[str, Any]) -> str:
    return str(engines["html"].get_template(f"messages/{name}").render(context))


def one_line(text: str) -> str:
    return " ".join(UNSAFE_IN_HEADER.sub(" ", text).split())


def _header_words(text: str) -> str:
    """For the quoted name in From."""
    return one_line(text).replace("\\", "").replace('"', "'")

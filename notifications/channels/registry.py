"""Which transport speaks a channel. The only file here that reads settings."""

import threading
from collections.abc import Callable

from django.conf import settings

from notifications.channels.base import Transport
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
from statuspage.kit.names import the_resolver
from statuspage.kit.strangers import Manners
from statuspage.organizations.plan import Channel


def _email() -> Transport:
    return EmailTransport(Relay.from_url(settings.SMTP_URL))


def _sms() -> Transport:
    return SmsTransport(
        Provider(
            url=settings.SMS_URL,
            account=settings.SMS_ACCOUNT,
            password=settings.SMS_TOKEN,
            # No provider can call an address that leads nowhere, and one refuses messages that name one.
            callback=f"{settings.CONSOLE_URL}/hooks/sms/" if settings.CONSOLE_URL.startswith("https://") else "",
            sender=settings.SMS_FROM,
        )
    )


ENDPOINTS: dict[Channel, type[EndpointTransport]] = {
    Channel.WEBHOOK: WebhookTransport,
    Channel.SLACK: SlackTransport,
    Channel.TEAMS: TeamsTransport,
    Channel.DISCORD: DiscordTransport,
    Channel.GOOGLE_CHAT: GoogleChatTransport,
    Channel.MASTODON: MastodonTransport,
    Channel.BLUESKY: BlueskyTransport,
    Channel.X: XTransport,
}
_MAKERS: dict[Channel, Callable[[], Transport]] = {Channel.EMAIL: _email, Channel.SMS: _sms}


def _made(channel: Channel) -> Transport:
    if channel in _MAKERS:
        return _MAKERS[channel]()
    return ENDPOINTS[channel](Manners(resolver=the_resolver(), never=settings.NEVER_CALL, sink=settings.SINK))


class _Kept(threading.local):
    """Connections are not shared between threads: smtplib is not made for it."""

    def __init__(self) -> None:
        self.transports: dict[Channel, Transport] = {}


_kept = _Kept()


def transport_for(channel: Channel) -> Transport:
    """This thread's transport for `channel`, made when first asked for and kept."""
    if channel not in _kept.transports:
        _kept.transports[channel] = _made(channel)
    return _kept.transports[channel]


def forget() -> None:
    """Close this thread's connections; the next message opens new ones, by the settings of that moment."""
    for transport in _kept.transports.values():
        transport.close()
    _kept.transports.clear()

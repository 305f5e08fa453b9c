"""What `manage.py check` says about sending before anybody needs it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's name

from notifications.channels.smtp import Relay


@register()
def the_mail_relay_can_be_read(**_kwargs: Any) -> list[CheckMessage]:
    try:
        Relay.from_url(settings.SMTP_URL)
    except ValueError as error:
        return [Error(f"RIPPLE_SMTP_URL cannot be used: {error}", id="notifications.E001")]
    return []


@register(deploy=True)
def sms_can_be_sent(**_kwargs: Any) -> list[CheckMessage]:
    if settings.SMS_URL:
        return []
    hint = "Set RIPPLE_SMS_URL, or take SMS out of the plan."
    return [Warning("No SMS can be sent: RIPPLE_SMS_URL is empty.", hint=hint, id="notifications.W001")]

"""Mail providers that tell afterwards what became of a letter. Reading them is anymail's: it knows each one's form and
checks that a request is theirs.
"""

import json
import logging
import re
from http import HTTPStatus

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from statuspage.kit.signatures import Refused

log = logging.getLogger(__name__)

NAME_AND_PASSWORD = "webhook_secret"  # noqa: S105 - what anymail calls it: HTTP basic authentication
HOW_EACH_PROVES_ITSELF = {
    "brevo": ("brevo.BrevoTrackingWebhookView", NAME_AND_PASSWORD),
    "mailersend": ("mailersend.MailerSendTrackingWebhookView", "signing_secret"),
    "mailgun": ("mailgun.MailgunTrackingWebhookView", "webhook_signing_key"),
    "mailjet": ("mailjet.MailjetTrackingWebhookView", NAME_AND_PASSWORD),
    "mailtrap": ("mailtrap.MailtrapTrackingWebhookView", "tracking_secret"),
    "postmark": ("postmark.PostmarkTrackingWebhookView", NAME_AND_PASSWORD),
    "sparkpost": ("sparkpost.SparkPostTrackingWebhookView", NAME_AND_PASSWORD),
}
"""anymail's reader, and what RIPPLE_MAIL_HOOK_SECRET is to it."""

# A full mailbox is no dead one. anymail calls both bounced, and these are what the providers call them.
_PASSES = re.compile(r'"soft_?bounced?"|"hard_bounce": false|"bounce_class": "(?:2[0-4]|70)"', re.IGNORECASE)
_NOT_WHAT_IT_SEEMS = (AnymailError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading JSON of another shape ends in."""


def is_open() -> bool:
    """Without a secret anybody could have anybody suppressed."""
    return settings.MAIL_PROVIDER in HOW_EACH_PROVES_ITSELF and bool(settings.MAIL_HOOK_SECRET)


def events_in(request: HttpRequest) -> list[AnymailTrackingEvent]:
    """What the installation's provider tells. Raises Refused."""
    reader, secret = HOW_EACH_PROVES_ITSELF[settings.MAIL_PROVIDER]
    view = import_string(f"anymail.webhooks.{reader}")(**{secret: settings.MAIL_HOOK_SECRET})
    try:
        view.run_validators(request)
        return list(view.parse_events(request))
    except AnymailWebhookValidationFailure as error:
        raise Refused(HTTPStatus.FORBIDDEN, "This is not signed as the provider does.") from error
    except _NOT_WHAT_IT_SEEMS as error:
        log.warning("The mail provider told something that cannot be read (%s).", type(error).__name__)
        raise Refused(HTTPStatus.BAD_REQUEST, "This cannot be read as the provider's events.") from error


def may_come_right(event: AnymailTrackingEvent) -> bool:
    """A letter came back for a reason that passes."""
    return bool(_PASSES.search(as_told(event)))


def as_told(event: AnymailTrackingEvent) -> str:
    """The provider's own words, as JSON."""
    return json.dumps(event.esp_event, default=str)

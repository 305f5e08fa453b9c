"""What mail providers post when a letter came back or somebody complained: each in its documented form, and signed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    Event = Callable[[str, str, datetime], Any]

WHERE = "/hooks/mail"
SECRET = "ripple:a long secret"
NO_MAILBOX = "550 5.1.1 The account does not exist"
HARD, SOFT, SPAM, FINE = "hard", "soft", "spam", "fine"


def mailgun(kind: str, to: str, at: datetime, *, key: str = "") -> Any:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks"""
    event, severity = {HARD: ("failed", "permanent"), SOFT: ("failed", "temporary")}.get(
        kind, ("complained" if kind == SPAM else "delivered", "")
    )
    stamp, token = str(int(at.timestamp())), "c0ffee"
    signature = hmac.digest(SECRET.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hex()
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {
            "event": event,
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": at.timestamp(),
            "recipient": to,
            **({"severity": severity, "reason": "bounce"} if severity else {}),
            "delivery-status": {"code": 550, "message": NO_MAILBOX, "description": ""},
            "message": {"headers": {"to": to, "message-id": f"{key or 'x'}@ripple.example", "subject": "Hello"}},
            "tags": [],
            "user-variables": {},
        },
    }


def postmark(kind: str, to: str, at: datetime) -> Any:
    """https://postmarkapp.com/developer/webhooks/bounce-webhook"""
    types = {HARD: ("Bounce", "HardBounce"), SOFT: ("Bounce", "SoftBounce"), SPAM: ("SpamComplaint", "SpamComplaint")}
    record, name = types.get(kind, ("Delivery", ""))
    given = {"Description": "The server was unable to deliver your message", "Details": f"smtp;{NO_MAILBOX}"}
    common = {"RecordType": record, "MessageID": "00000000-0000-0000-0000-000000000000", "Metadata": {}}
    if kind == FINE:
        return {**common, "Recipient": to, "DeliveredAt": at.isoformat(), "Details": "Test"}
    return {**common, **given, "ID": 42, "Type": name, "Email": to, "BouncedAt": at.isoformat()}


def brevo(kind: str, to: str, at: datetime) -> Any:
    """https://developers.brevo.com/docs/transactional-webhooks"""
    event = {HARD: "hard_bounce", SOFT: "soft_bounce", SPAM: "spam", FINE: "delivered"}[kind]
    return {
        "event": event,
        "email": to,
        "id": 1,
        "ts_epoch": int(at.timestamp() * 1000),
        "message-id": "<x@ripple.example>",
        "reason": NO_MAILBOX,
    }


def mailjet(kind: str, to: str, at: datetime) -> Any:
    """https://dev.mailjet.com/email/guides/webhooks/"""
    event = {HARD: "bounce", SOFT: "bounce", SPAM: "spam", FINE: "sent"}[kind]
    told: dict[str, Any] = {"event": event, "time": int(at.timestamp()), "MessageID": 13792286917004336, "email": to}
    if event == "bounce":
        error = "user unknown" if kind == HARD else "quota exceeded"
        told |= {"hard_bounce": kind == HARD, "blocked": False, "error_related_to": "recipient", "error": error}
        told["comment"] = NO_MAILBOX
    return [told]


def sparkpost(kind: str, to: str, at: datetime) -> Any:
    """https://developers.sparkpost.com/api/webhooks/"""
    event = {HARD: "bounce", SOFT: "bounce", SPAM: "spam_complaint", FINE: "delivery"}[kind]
    told = {"type": event, "event_id": "92356927693813856", "timestamp": str(int(at.timestamp())), "raw_rcpt_to": to}
    if event == "bounce":
        told |= {"bounce_class": "10" if kind == HARD else "22", "raw_reason": NO_MAILBOX}
    return [{"msys": {"message_event": told}}]


def mailersend(kind: str, to: str, at: datetime) -> Any:
    """https://developers.mailersend.com/api/v1/webhooks"""
    name = {HARD: "hard_bounced", SOFT: "soft_bounced", SPAM: "spam_complaint", FINE: "delivered"}[kind]
    bounce = {"object": "recipient_bounce", "reason": NO_MAILBOX} if kind in {HARD, SOFT} else {"object": name}
    email = {"recipient": {"email": to}, "message": {"id": "62f114f8165fe0d8db0288e5"}, "tags": []}
    data = {"id": "62f114f8", "type": name, "created_at": at.isoformat(), "email": email, "morph": bounce}
    return {"type": f"activity.{name}", "data": data}


def mailtrap(kind: str, to: str, at: datetime) -> Any:
    """https://docs.mailtrap.io/email-api-smtp/advanced/webhooks"""
    event = {HARD: "bounce", SOFT: "soft bounce", SPAM: "spam", FINE: "delivery"}[kind]
    told = {
        "event": event,
        "email": to,
        "timestamp": int(at.timestamp()),
        "message_id": "1df37d17",
        "event_id": "bede7236",
    }
    return {"events": [told | {"response": NO_MAILBOX}]}


PROVIDERS: Mapping[str, "Event"] = {
    one.__name__: one for one in (mailgun, postmark, brevo, mailjet, sparkpost, mailersend, mailtrap)
}
_SIGNED_BY_HEADER = {"mailersend": "signature", "mailtrap": "mailtrap-signature"}


def tell(provider: str, told: Any, *, secret: str = SECRET) -> "Answer":
    """As the provider posts it, proving itself as it does."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    headers = {"host": "localhost"}
    if header := _SIGNED_BY_HEADER.get(provider):
        headers[header] = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    elif provider != "mailgun":
        headers["authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    client = Client(enforce_csrf_checks=True)
    return client.post(WHERE, body, content_type="application/json", headers=headers)

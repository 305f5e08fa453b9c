"""Errors for Sentry, where an operator wants them there (RIPPLE_SENTRY_DSN): without addresses, tokens or bodies."""

import json
from typing import Any

import sentry_sdk
from django.conf import settings

from statuspage.kit.masking import masked


def start() -> None:
    """Called when Django starts, in every process. Nothing happens without an address to send to."""
    if settings.SENTRY_DSN:
        sentry_sdk.init(
            dsn=settings.SENTRY_DSN,  # what tells who somebody is ("default PII") is not collected unless asked for
            include_local_variables=False,  # they hold the very addresses that are being written to
            max_request_body_size="never",
            before_send=_without_addresses,
            before_breadcrumb=lambda crumb, _hint: _without_addresses(crumb, {}),
        )


def _without_addresses(event: Any, _hint: dict[str, Any]) -> Any:
    request = event.get("request", {})
    for name in ("query_string", "cookies", "data", "env", "headers"):
        request.pop(name, None)
    return _masked(json.loads(json.dumps(event, default=str)))


def _masked(value: Any) -> Any:
    """Text by text, whatever it stands in."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [_masked(each) for each in value]
    return {key: _masked(each) for key, each in value.items()} if isinstance(value, dict) else value

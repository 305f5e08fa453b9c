"""Where a request comes from: the address of whoever asked, never one they merely claim."""

from django.conf import settings
from django.http import HttpRequest

from statuspage.kit.networks import Address, is_within, read_address


def client_address(request: HttpRequest) -> Address | None:
    """None when it cannot be known, for example behind a Unix socket.

    Proxies append whom they were asked by, so X-Forwarded-For is read from its end for as long as those are proxies of
    our own (RIPPLE_TRUSTED_PROXIES). What stands before the first stranger is the stranger's claim.
    """
    asked_by = read_address(request.META.get("REMOTE_ADDR", ""))
    claimed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while claimed and asked_by and is_within(asked_by, settings.TRUSTED_PROXIES):
        before = claimed.pop().strip()
        if not before:
            break
        asked_by = read_address(before)
    return asked_by

"""The owner's door to who could not be reached lately."""

from contextlib import suppress
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications import failing
from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console
from statuspage.organizations.plan import Channel


@console
@require_safe
def failures(request: ConsoleRequest) -> HttpResponse:
    now, after = clock.now(), request.GET.get("after", "")
    channel: Channel | None = None
    with suppress(ValueError):
        channel = Channel(request.GET.get("channel", ""))
    page = failing.page_of(channel, after, now=now)
    asked = {"channel": channel.value} if channel else {}
    context = {
        "page": page,
        "channels": failing.channels(now),
        "channel": channel,
        "is_first": not after,
        "days": failing.LATELY.days,
        "next": urlencode({**asked, "after": page.after}) if page.after else "",
    }
    return render(request, "console/subscribers/failures.html", context)

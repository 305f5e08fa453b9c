"""Visitors' doors on a page's host that are not files: what they are told when there is nothing, or something broke.

The console's own error pages must not appear here: they know addresses that this host does not have.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PLAIN = "text/plain; charset=utf-8"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Mostly a link from a mail that was cut in two on its way."""
    return render(request, "public/broken_link.html", status=404)


def not_understood(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse("This request cannot be understood.\n", status=400, content_type=PLAIN)


def broken(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("Something went wrong on our side. Try again in a minute.\n", status=500, content_type=PLAIN)

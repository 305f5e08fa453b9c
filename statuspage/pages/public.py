"""Visitors' doors on a page's host that are not files: what they are told when there is nothing, or something broke.

The console's own error pages must not appear here: they know addresses that this host does not have.
"""

from django.http import HttpRequest, HttpResponse

PLAIN = "text/plain; charset=utf-8"


def not_found(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse("There is nothing at this address.\n", status=404, content_type=PLAIN)


def not_understood(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse("This request cannot be understood.\n", status=400, content_type=PLAIN)


def broken(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("Something went wrong on our side. Try again in a minute.\n", status=500, content_type=PLAIN)

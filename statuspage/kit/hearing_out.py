"""What was sent with a request is read before it is answered, whether the answer needs it or not.

Otherwise a server that speaks to visitors itself closes the connection, and whoever sends the body a moment after the
headers sees it break instead of the answer: a mail provider that clicks “unsubscribe” would think that it failed.
"""

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse, UnreadablePostError

MOST_BYTES = 64 * 1024
"""Of somebody who sends more than this unasked, the connection may break."""


class HearingOutMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if _length(request) <= MOST_BYTES:
            with suppress(UnreadablePostError):  # they have gone
                request.read()
        return answer


def _length(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() else 0

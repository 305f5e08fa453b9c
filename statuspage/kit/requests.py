"""One id for every request: taken over from whoever was asked before us, or made here, and given back."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from statuspage.kit import logs

log = logging.getLogger(__name__)

HEADER = "X-Request-Id"
QUIET = {"/healthz", "/readyz", "/metrics"}
"""Asked by machines every few seconds. Nobody wants to read that all is well."""
_ID = re.compile(r"[A-Za-z0-9._-]{1,36}", re.ASCII)
"""Anything else is not an id but an attempt at our log. Longer ones could be somebody's token."""


class RequestIdMiddleware:
    """First of all, so that every line about a request carries its id. Neither queries nor bodies are written down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex[:16]
        started = time.monotonic()
        with logs.bound(request=request_id):
            answer = self.get_response(request)
            if request.path not in QUIET:
                facts = {"method": request.method, "path": request.path, "status": answer.status_code}
                logs.event(log, "answered", **facts, ms=round((time.monotonic() - started) * 1000))
        answer[HEADER] = request_id
        return answer

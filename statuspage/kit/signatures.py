"""Signatures of others' callbacks, over what was really received."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpResponse


class Refused(Exception):  # noqa: N818 - a reason, not an error
    """A callback that is not signed as its provider does (403), or that cannot be read (400)."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status

    @property
    def answer(self) -> HttpResponse:
        return HttpResponse(f"{self}\n", status=self.status, content_type="text/plain; charset=utf-8")


def is_twilios(signature: str, *, url: str, form: Sequence[tuple[str, str]], secret: str) -> bool:
    """Twilio's form, which other SMS providers took over: base64 of HMAC-SHA1 over the address and every field, sorted.

    https://www.twilio.com/docs/usage/security#validating-requests; `url` is the address as the provider knows it. SHA-1
    is theirs to choose, and as HMAC nobody has broken it. Without a secret nothing is genuine.
    """
    if not secret:
        return False
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    expected = base64.b64encode(hmac.digest(secret.encode(), signed.encode(), hashlib.sha1)).decode()
    return hmac.compare_digest(signature, expected)

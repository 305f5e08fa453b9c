"""Requests we make to others over HTTP: kept connections, time-outs always, no redirects, small answers only.

For addresses the operator gives. An address given by a tenant must not come here: see strangers.py.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import requests
import urllib3

LONGEST_ANSWER = 64 * 1024
NEVER_BEGUN = (
    requests.ConnectTimeout,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
)


class NotSentError(Exception):
    """The request certainly did not reach the other side."""


class CutError(Exception):
    """The request may have reached the other side, and no usable answer came back."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """Names in any case."""
    body: bytes


class Outbound:
    """Belongs to one thread. `read_timeout` is the longest silence, not the longest answer."""

    def __init__(self, *, connect_timeout: timedelta, read_timeout: timedelta) -> None:
        self._timeouts = (connect_timeout.total_seconds(), read_timeout.total_seconds())
        self._session = requests.Session()
        # Neither a proxy from the environment nor a password from ~/.netrc slips into what we send.
        self._session.trust_env = False
        self._session.headers["User-Agent"] = "Ripple"

    def post_form(
        self, url: str, form: Mapping[str, str], *, login: tuple[str, str], headers: Mapping[str, str]
    ) -> Answer:
        """POST `form` with Basic authentication. Raises NotSentError or CutError, nothing else."""
        try:
            with self._session.post(
                url, data=form, auth=login, headers=headers, timeout=self._timeouts, allow_redirects=False, stream=True
            ) as response:
                body = response.raw.read(LONGEST_ANSWER + 1, decode_content=True)
                if len(body) > LONGEST_ANSWER:
                    raise CutError("the answer is too long")
                return Answer(response.status_code, response.headers, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if _was_not_sent(error):
                raise NotSentError(type(error).__name__) from error
            raise CutError(type(error).__name__) from error

    def close(self) -> None:
        self._session.close()


def _was_not_sent(error: Exception) -> bool:
    """Only what is certain: nobody answered the call, the name is not known, the certificate is not theirs."""
    if isinstance(error, NEVER_BEGUN):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, urllib3.exceptions.SSLError):
        return isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)

"""SMS through a provider's HTTP interface in Twilio's form: one POST per message.

No provider promises to send a repeated request only once, so a request that was cut is UNKNOWN, never simply repeated.
"""

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from notifications.channels.base import (
    IN_DOUBT,
    TOKEN_PLACEHOLDER,
    UNREADABLE,
    Outcome,
    Recipient,
    Verdict,
    Words,
    out_of_time,
)
from notifications.channels.retrying import retry_after
from statuspage.kit import links
from statuspage.kit.outbound import Answer, CutError, NotSentError, Outbound

# https://www.twilio.com/docs/api/errors; what is about our account can be mended by the operator before retries end.
CODES: dict[int, tuple[Verdict, str]] = {
    20003: (Verdict.TRY_AGAIN, "the provider refuses our account or password"),
    20429: (Verdict.TRY_AGAIN, "the provider asks us to slow down"),
    21211: (Verdict.NEVER, "no such number"),
    21408: (Verdict.NEVER, "our account may not send to this country"),
    21606: (Verdict.TRY_AGAIN, "the sender number is not ours"),
    21610: (Verdict.NEVER, "this number asked us to stop"),
    21611: (Verdict.TRY_AGAIN, "the provider's queue for our number is full"),
    21612: (Verdict.NEVER, "the provider cannot reach this number"),
    21614: (Verdict.NEVER, "this number cannot take SMS"),
    21617: (Verdict.NEVER, "the message is too long"),
}
STATUSES: dict[int, tuple[Verdict, str]] = {
    401: CODES[20003],
    403: CODES[20003],
    404: (Verdict.TRY_AGAIN, "the provider's address is not right"),
    408: (Verdict.TRY_AGAIN, "the provider is busy"),
    429: CODES[20429],
}
CLASSES: dict[int, tuple[Verdict, str]] = {
    3: (Verdict.TRY_AGAIN, "the provider's address has moved"),
    4: (Verdict.NEVER, "the provider refused the message"),
    5: (Verdict.TRY_AGAIN, "the provider has trouble"),
}
# What a phone or its network said afterwards: https://www.twilio.com/docs/api/errors
FATES: dict[str, str] = {
    "30003": "the provider cannot reach this number",
    "30004": "the phone refuses messages",
    "30005": "no such number",
    "30006": "this number cannot take SMS",
    "30007": "a network took the message for spam",
}
FATE = "sms.fate"
"""The purpose of a callback's token."""
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Whom we hand SMS to. An empty `url` means nobody: every message then waits, saying so."""

    url: str
    account: str = ""
    password: str = field(default="", repr=False)
    callback: str = ""
    """Address below which it tells afterwards what became of a message. Empty: it is not asked to."""
    sender: str = ""
    """Number or name the message comes from, where the words name none."""
    connect_timeout: timedelta = timedelta(seconds=5)
    read_timeout: timedelta = timedelta(seconds=15)


class SmsTransport:
    """See `Transport`."""

    window = 1

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._outbound = Outbound(connect_timeout=provider.connect_timeout, read_timeout=provider.read_timeout)

    def send(self, words: Words, recipients: Sequence[Recipient], *, until: float) -> Iterator[Outcome]:
        for recipient in recipients:
            yield out_of_time(recipient) if time.monotonic() >= until else self._outcome(words, recipient)

    def close(self) -> None:
        self._outbound.close()

    def _outcome(self, words: Words, recipient: Recipient) -> Outcome:
        key = recipient.key
        if not self._provider.url:
            return Outcome(key=key, verdict=Verdict.TRY_AGAIN, reason="no SMS provider is set up")
        if not _NUMBER.fullmatch(recipient.address):
            return Outcome(key=key, verdict=Verdict.NEVER, reason="not a number in international form")
        try:
            answer = self._post(words, recipient)
        except NotSentError:
            return Outcome(key=key, verdict=Verdict.TRY_AGAIN, reason="the provider cannot be reached")
        except CutError:
            return Outcome(key=key, verdict=Verdict.UNKNOWN, reason=IN_DOUBT)
        return _accepted(key, answer) if answer.status // 100 == 2 else _refused(key, answer)

    def _post(self, words: Words, recipient: Recipient) -> Answer:
        form = {
            "To": recipient.address,
            "From": words.sender or self._provider.sender,
            "Body": words.text.replace(TOKEN_PLACEHOLDER, recipient.token),
        }
        if callback := self._callback(recipient):
            form["StatusCallback"] = callback
        login = (self._provider.account, self._provider.password)
        # Twilio ignores the header; providers that honour it send a repeated message only once.
        headers = {"Idempotency-Key": recipient.key}
        return self._outbound.post_form(self._provider.url, form, login=login, headers=headers)

    def _callback(self, recipient: Recipient) -> str:
        """Only for messages of a broadcast: of the others nothing more is to be known."""
        broadcast_id, _, address_id = recipient.key.partition(".")
        if not self._provider.callback or not (broadcast_id.isdecimal() and address_id.isdecimal()):
            return ""
        return self._provider.callback + links.sign(FATE, int(broadcast_id), int(address_id))


def _accepted(key: str, answer: Answer) -> Outcome:
    sid = _json(answer).get("sid")
    if isinstance(sid, str) and sid:
        return Outcome(key=key, verdict=Verdict.ACCEPTED, provider_id=sid)
    return Outcome(key=key, verdict=Verdict.UNKNOWN, reason=UNREADABLE)


def _refused(key: str, answer: Answer) -> Outcome:
    code, status = _json(answer).get("code"), answer.status
    known = CODES.get(code) if isinstance(code, int) else None
    verdict, reason = known or STATUSES.get(status) or CLASSES.get(status // 100) or CLASSES[5]
    wait = retry_after(answer) if verdict is Verdict.TRY_AGAIN else None
    return Outcome(key=key, verdict=verdict, reason=f"{reason} ({code or status})", retry_after=wait)


def _json(answer: Answer) -> dict[str, object]:
    """The answer's JSON object; empty when it is none."""
    try:
        content = json.loads(answer.body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}

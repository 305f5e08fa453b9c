"""E-mail: every recipient is a mail of its own, handed over one after the other on one kept connection."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from notifications.channels.base import Outcome, Recipient, Verdict, Words, out_of_time
from notifications.channels.letter import Letter, prepared
from notifications.channels.smtp import BrokenOffError, Conversation, Relay, RelayAwayError

# What may stand in an envelope and in `To:` as it is. Anything else could be read as more than one address.
_ADDRESS = re.compile(r"(?=.{3,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


class EmailTransport:
    """See `Transport`. The first message opens a connection, which is kept; one that ended is noticed and replaced."""

    window = 50

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._kept: Conversation | None = None
        self._kept_at = 0.0

    def send(self, words: Words, recipients: Sequence[Recipient], *, until: float) -> Iterator[Outcome]:
        return self._outcomes(prepared(words), recipients, until=until)

    def close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.quit()

    def _outcomes(self, letter: Letter, recipients: Sequence[Recipient], *, until: float) -> Iterator[Outcome]:
        away = ""
        for recipient in recipients:
            if time.monotonic() >= until:
                yield out_of_time(recipient)
                continue
            if not away:
                try:
                    yield self._outcome(letter, recipient)
                    continue
                except RelayAwayError as error:
                    away = str(error)
            yield _try_again(recipient, away)

    def _outcome(self, letter: Letter, recipient: Recipient) -> Outcome:
        if not _ADDRESS.fullmatch(recipient.address):
            return Outcome(key=recipient.key, verdict=Verdict.NEVER, reason="no mail can be addressed like this")
        self._leave_if_idle()
        if self._kept is not None:
            try:
                return self._hand_over(letter, recipient)
            except (BrokenOffError, RelayAwayError):
                pass  # the kept connection had gone stale: one more time, on a new one
        try:
            return self._hand_over(letter, recipient)
        except BrokenOffError as error:
            return _try_again(recipient, str(error))

    def _hand_over(self, letter: Letter, recipient: Recipient) -> Outcome:
        with self._conversation() as conversation:
            return conversation.hand_over(letter, recipient)

    @contextmanager
    def _conversation(self) -> Iterator[Conversation]:
        """Kept only when a message came to its end: a connection left in the middle is never spoken on again."""
        conversation, self._kept = self._kept or Conversation(self._relay), None
        try:
            yield conversation
        except BaseException:
            conversation.close()
            raise
        if conversation.is_over:
            conversation.close()
        else:
            self._kept, self._kept_at = conversation, time.monotonic()

    def _leave_if_idle(self) -> None:
        if time.monotonic() - self._kept_at > self._relay.idle_limit.total_seconds():
            self.close()


def _try_again(recipient: Recipient, reason: str) -> Outcome:
    return Outcome(key=recipient.key, verdict=Verdict.TRY_AGAIN, reason=reason)

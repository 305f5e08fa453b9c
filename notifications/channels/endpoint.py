"""What endpoints have in common: one POST for each message, many recipients at once, and what an answer means."""

import json
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from notifications.channels.base import IN_DOUBT, Outcome, Recipient, Verdict, Words, out_of_time
from notifications.channels.retrying import retry_after
from statuspage.kit.outbound import Answer, CutError, NotSentError
from statuspage.kit.strangers import Call, Manners, NotBegunError, RefusedTargetError, Reply, Strangers
from statuspage.kit.targets import ForbiddenTargetError, host_of, read_target

AT_ONCE = 20
NOT_CALLED = "an address that Ripple does not call"
MORE_FOLLOWS = "the rest of its events follows"

Meaning = tuple[Verdict, str]
BUSY: Meaning = (Verdict.TRY_AGAIN, "the other side asks us to slow down")
TROUBLE: Meaning = (Verdict.TRY_AGAIN, "the other side has trouble")
MOVED: Meaning = (Verdict.TRY_AGAIN, "the other side sends us elsewhere, and Ripple follows no redirect")
REFUSED: Meaning = (Verdict.NEVER, "the other side refuses the message")
GONE: Meaning = (Verdict.NEVER, "the other side says this address is no more")
CLASSES: dict[int, Meaning] = {3: MOVED, 4: REFUSED, 5: TROUBLE}
STATUSES: dict[int, Meaning] = {408: TROUBLE, 410: GONE, 425: BUSY, 429: BUSY}


class EndpointTransport(ABC):
    """See `Transport`. `at_once` recipients are told side by side: one that is slow holds up few others."""

    hosts: ClassVar[tuple[str, ...]] = ()
    """Patterns of the only hosts this channel calls; none: any public host."""
    meanings: ClassVar[Mapping[int, Meaning]] = {}
    """What a status means here, where it is not what it means everywhere."""

    def __init__(self, manners: Manners, *, at_once: int = AT_ONCE) -> None:
        self.window = self._at_once = at_once
        self._strangers = Strangers(manners)

    def send(self, words: Words, recipients: Sequence[Recipient], *, until: float) -> Iterator[Outcome]:
        parts = self.parts(words)
        return self._outcomes(parts, recipients, until=until)

    def close(self) -> None:
        self._strangers.close()

    def parts(self, words: Words) -> list[str]:
        """What is posted, one after the other. Nearly always one."""
        return [words.text]

    @abstractmethod
    def call(self, part: str, recipient: Recipient, *, number: int) -> Call:
        """The request that carries a part to somebody; `number` counts from 0."""

    def provider_id(self, _answer: Answer) -> str:
        """What the provider calls the message it took."""
        return ""

    def _outcomes(self, parts: list[str], recipients: Sequence[Recipient], *, until: float) -> Iterator[Outcome]:
        for start in range(0, len(recipients), self._at_once):
            yield from self._tell(parts, recipients[start : start + self._at_once], until=until)

    def _tell(self, parts: list[str], group: Sequence[Recipient], *, until: float) -> list[Outcome]:
        """Part after part, each to all who have taken those before it."""
        told = {recipient.key: _taken(recipient, parts) for recipient in group}
        outcomes = {recipient.key: self._unspeakable(recipient) for recipient in group}
        while waiting := [recipient for recipient in group if outcomes[recipient.key] is None]:
            if time.monotonic() >= until:
                outcomes.update({one.key: _interrupted(one, told[one.key]) for one in waiting})
                break
            calls = [self.call(parts[told[one.key]], one, number=told[one.key]) for one in waiting]
            for one, reply in zip(waiting, self._strangers.call_all(calls), strict=True):
                outcome = self._outcome(one, reply, taken=told[one.key])
                told[one.key] += outcome.verdict is Verdict.ACCEPTED
                is_over = outcome.verdict is not Verdict.ACCEPTED or told[one.key] == len(parts)
                outcomes[one.key] = outcome if is_over else None
        return [outcome for outcome in outcomes.values() if outcome is not None]

    @classmethod
    def knows(cls, url: str) -> bool:
        """Whether this is the address of something the channel tells."""
        return may_be_told(url, cls.hosts)

    def _unspeakable(self, recipient: Recipient) -> Outcome | None:
        if self.knows(recipient.address):
            return None
        return Outcome(key=recipient.key, verdict=Verdict.NEVER, reason=NOT_CALLED)

    def _outcome(self, recipient: Recipient, reply: Reply, *, taken: int) -> Outcome:
        key, progress = recipient.key, str(taken or "")
        match reply:
            case NotBegunError():
                return _interrupted(recipient, taken)
            case RefusedTargetError():
                return Outcome(key=key, verdict=Verdict.TRY_AGAIN, reason=NOT_CALLED, provider_id=progress)
            case NotSentError():
                reason = "the other side cannot be reached"
                return Outcome(key=key, verdict=Verdict.TRY_AGAIN, reason=reason, provider_id=progress)
            case CutError():
                return Outcome(key=key, verdict=Verdict.UNKNOWN, reason=IN_DOUBT, provider_id=progress)
            case Answer(status=status) if status // 100 == 2:
                return Outcome(key=key, verdict=Verdict.ACCEPTED, provider_id=self.provider_id(reply))
        verdict, reason = meaning = self.meaning(reply)
        return Outcome(
            key=key,
            verdict=verdict,
            reason=f"{reason} ({reply.status})",
            retry_after=retry_after(reply) if verdict is Verdict.TRY_AGAIN else None,
            provider_id=progress,
            is_gone=meaning is GONE,
        )

    def meaning(self, answer: Answer) -> Meaning:
        """Of an answer that is no success."""
        status = answer.status
        return self.meanings.get(status) or STATUSES.get(status) or CLASSES.get(status // 100) or TROUBLE


def may_be_told(url: str, hosts: Sequence[str]) -> bool:
    """Whether a URL is one that can be called, at one of the hosts (all of them: no patterns)."""
    try:
        host = host_of(read_target(url))
    except ForbiddenTargetError:
        return False
    return not hosts or any(re.fullmatch(pattern, host) for pattern in hosts)


def json_of(answer: Answer) -> dict[str, object]:
    """The answer's JSON object; empty when it is none."""
    try:
        content = json.loads(answer.body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _taken(recipient: Recipient, parts: list[str]) -> int:
    """How many parts an earlier try has brought over."""
    progress = recipient.provider_id
    return min(int(progress), len(parts) - 1) if progress.isascii() and progress.isdigit() and len(parts) > 1 else 0


def _interrupted(recipient: Recipient, taken: int) -> Outcome:
    if not taken:
        return out_of_time(recipient)
    return Outcome(key=recipient.key, verdict=Verdict.TRY_AGAIN, reason=MORE_FOLLOWS, provider_id=str(taken))

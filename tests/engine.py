"""The engine in this process: the same dispatcher and sending code as in production, stepped by hand.

For tests about words and people. The story and the fault tests run the real processes instead (tests/processes.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from django.test import override_settings

from incidents import moving
from notifications import answering, catching_up, planning, sending
from notifications.channels import registry
from statuspage.demo.sinks import Caught, HttpSink, SmsSink, SmtpSink
from statuspage.kit import clock, queues


class Engine:
    def __init__(self, smtp: SmtpSink, sms: SmsSink, http: HttpSink) -> None:
        self._smtp, self._sms, self._http = smtp, sms, http

    def settle(self) -> None:
        """Move, plan, release and send until nothing is left to do now."""
        while moving.move_next() or planning.plan_next() or catching_up.catch_up(clock.now()):
            pass
        self.send()

    def send(self) -> None:
        for lane in queues.LANES:
            sending.drain(lane)
        answering.answer_waiting()

    def caught(self) -> list[Caught]:
        """Everything that left, by mail, SMS or to endpoints, oldest first."""
        every = [*self._smtp.messages(), *self._sms.messages(), *self._http.messages()]
        return sorted(every, key=lambda caught: caught.at)

    def to(self, address: str) -> list[Caught]:
        return [caught for caught in self.caught() if caught.to == address]

    def subjects(self, address: str) -> list[str]:
        return [caught.subject or caught.text for caught in self.to(address)]


@contextmanager
def running_engine(folder: Path) -> Iterator[Engine]:
    with (
        SmtpSink(ledger=folder / "mail.jsonl") as smtp,
        SmsSink(ledger=folder / "sms.jsonl") as sms,
        HttpSink(ledger=folder / "http.jsonl") as http,
        # Chance may let who is to be tried again wait for no time at all; here it is always the whole pause.
        patch("random.random", return_value=1.0),
        override_settings(SMTP_URL=f"smtp://127.0.0.1:{smtp.port}", SMS_URL=sms.url, SINK=http.place),
    ):
        registry.forget()
        yield Engine(smtp, sms, http)
        registry.forget()

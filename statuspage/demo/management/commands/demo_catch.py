"""Plays the mail relay and the SMS provider that the settings name, and keeps what arrives for the inbox page."""

import signal
import threading
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from statuspage.demo.sinks import SmsSink, SmtpSink


class Command(BaseCommand):
    help = "Catch every mail and SMS of the demo in inbox.jsonl, until stopped."
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        ledger = settings.DATA_DIR / "inbox.jsonl"
        smtp_port, sms_port = (urlsplit(url).port or 0 for url in (settings.SMTP_URL, settings.SMS_URL))
        try:
            with SmtpSink(ledger=ledger, port=smtp_port) as smtp, SmsSink(ledger=ledger, port=sms_port) as sms:
                self.stdout.write(f"Catching mail on port {smtp.port} and SMS on port {sms.port}.")
                self.stdout.flush()
                stop.wait()
        except OSError as error:
            raise CommandError(f"Port {smtp_port} or {sms_port} cannot be listened on: {error}") from error

"""Plays the mail relay, the SMS provider, and everybody's machines and chat rooms; keeps it all for the inbox page."""

import signal
import threading
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from statuspage.demo.sinks import HttpSink, SmsSink, SmtpSink


class Command(BaseCommand):
    help = "Catch everything the demo sends in inbox.jsonl, until stopped."
    requires_system_checks = ()

    def handle(self, *_: Any, **__: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        ledger = settings.DATA_DIR / "inbox.jsonl"
        places = (settings.SMTP_URL, settings.SMS_URL, f"//{settings.SINK}")
        smtp_port, sms_port, http_port = ports = [urlsplit(place).port or 0 for place in places]
        try:
            with (
                SmtpSink(ledger=ledger, port=smtp_port) as smtp,
                SmsSink(ledger=ledger, port=sms_port) as sms,
                HttpSink(ledger=ledger, port=http_port) as http,
            ):
                self.stdout.write(f"Catching mail on port {smtp.port}, SMS on {sms.port}, the rest on {http.port}.")
                self.stdout.flush()
                stop.wait()
        except OSError as error:
            raise CommandError(f"One of the ports {ports} cannot be listened on: {error}") from error

"""`manage.py dispatch`: run the dispatcher until SIGTERM or Ctrl-C."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from statuspage.dispatching import Dispatcher


class Command(BaseCommand):
    help = "Plans, releases and wakes the workers. Any number of dispatchers may run."
    requires_system_checks = ()  # as for workers (statuspage/celery.py)

    def handle(self, *_args: Any, **_options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self.stdout.write("Dispatcher is looking.")
        Dispatcher(is_stopping=stopping.is_set).run()

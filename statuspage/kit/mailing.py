"""Mail to somebody who asks for it at this moment, sent beside the request that asked.

So an answer takes as long, and says as much, whether a mail is sent or not. What is in flight when the process is
killed is lost, and they ask again: nothing that must arrive is sent from here.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from django.core.mail import EmailMessage

log = logging.getLogger(__name__)

MOST_WAITING = 200
_senders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mailing")
_places = BoundedSemaphore(MOST_WAITING)


def send_beside(write: Callable[[], EmailMessage | None]) -> None:
    """`write` runs beside as well, and says whether there is anything to be sent. It must not need the database."""
    if not _places.acquire(blocking=False):
        log.error("Too many mails are waiting for the relay. One is not sent.")
        return
    _senders.submit(_send, write)


def _send(write: Callable[[], EmailMessage | None]) -> None:
    try:
        message = write()
        if message:
            message.send()
    except OSError as error:  # what the relay says may quote the address
        log.error("A mail that somebody asked for could not be sent (%s).", type(error).__name__)
    except Exception:
        log.exception("A mail that somebody asked for could not be written.")
    finally:
        _places.release()

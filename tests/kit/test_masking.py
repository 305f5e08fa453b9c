"""No line of the log opens anything."""

import logging
import sys

import pytest

from statuspage.kit.logs import Logfmt
from statuspage.kit.masking import Masked

TOKEN = "AAAAAAAAAAMAAAAAAAAAAc2SITZfgVj8zi3oWj2B"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (f"Not Found: /d/{TOKEN}/history.atom", "Not Found: /d/…/history.atom"),
        (f"Forbidden: /look/{TOKEN}:{TOKEN}", "Forbidden: /look/…"),
        (f'"GET /u/{TOKEN} HTTP/1.1" 404', '"GET /u/… HTTP/1.1" 404'),
        (f"Not Found: /join/{'a' * 43}/", "Not Found: /join/…/"),
        (f"Not Found: /o/acme/own/confirmation/{TOKEN}/", "Not Found: /o/acme/own/confirmation/…/"),
        (f"/o/acme/own/addresses/{TOKEN}/removal/", "/o/acme/own/addresses/…/removal/"),
        (f"Not Found: /hooks/sms/{TOKEN}", "Not Found: /hooks/sms/…"),
        (f"Not Found: /subscribe/confirmation/{TOKEN}", "Not Found: /subscribe/confirmation/…"),
        ("Not Found: /look/password", "Not Found: /look/password"),
        ("Not Found: /incidents/5bsmwhc6e94a", "Not Found: /incidents/5bsmwhc6e94a"),
    ],
)
def test_tokens_in_addresses_are_left_out(said: str, written: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s", (said,), None)
    assert Masked("%(message)s").format(record) == written


def test_nor_does_a_traceback_tell_one() -> None:
    try:
        raise ValueError(f"/d/{TOKEN}/")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Broken", (), sys.exc_info())
    assert TOKEN not in Masked("%(message)s").format(record)


def test_the_products_own_log_is_written_so() -> None:
    formatters = [handler.formatter for handler in logging.getLogger().handlers]
    assert any(isinstance(formatter, Logfmt) for formatter in formatters)

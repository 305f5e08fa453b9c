"""One line for one event, with its ids, and nobody's address in it."""

import logging
import shlex
import sys

import pytest
from django.test import Client

from statuspage.kit import logs
from statuspage.kit.logs import Logfmt
from statuspage.kit.masking import masked
from statuspage.kit.requests import HEADER

TOKEN = "AAAAAAAAAAMAAAAAAAAAAc2SITZfgVj8zi3oWj2B"


def line(message: str, *arguments: object, **extra: object) -> str:
    record = logging.LogRecord("x", logging.INFO, "", 0, message, arguments, None)
    record.__dict__.update(extra)
    return Logfmt().format(record)


def test_a_line_can_be_read_by_programs() -> None:
    with logs.bound(request="r1", nothing=""), logs.bound(broadcast=7):
        said = line('He said "no"\nand left', facts={"accepted": 50})
    pairs = dict(part.split("=", 1) for part in shlex.split(said))
    assert "\n" not in said
    assert pairs["level"] == "info"
    assert pairs["request"] == "r1"
    assert pairs["broadcast"] == "7"
    assert pairs["accepted"] == "50"
    assert "nothing" not in pairs
    assert logs.current("request") == "", "bound no longer"


def test_a_traceback_stays_on_the_line_and_tells_nobodys_address() -> None:
    try:
        raise ValueError(f"otto@acme.example, +491701234567, /d/{TOKEN}/")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Broken", (), sys.exc_info())
    said = Logfmt().format(record)
    assert "\n" not in said
    assert "ValueError: o…@acme.example, +49…, /d/…/" in said


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("mail to otto.normal@acme.example failed", "mail to o…@acme.example failed"),
        ("<otto@acme.example>", "<o…@acme.example>"),
        ("/people/?q=otto%40acme.example", "/people/?q=o…%40acme.example"),
        ("to +49 170 1234567: refused", "to +49…: refused"),
        ("To=%2B491701234567", "To=%2B49…"),
        (f"token {TOKEN} is old", "token … is old"),
        ("/accounts/password/reset/key/3-cyq3x8-0b1d5f2a9c8e/", "/accounts/password/reset/key/…/"),
        ("/invitations/YWJjZGVmZ2hpamtsbW5vcA1/", "/invitations/…/"),
        ("redis://:secret@127.0.0.1:6379/0", "redis://:…@127.0.0.1:6379/0"),
        ("postgres://ripple:secret@db/ripple", "postgres://ripple:…@db/ripple"),
        ("/o/acme/incidents/7/updates/", "/o/acme/incidents/7/updates/"),
        ("/migrations/0002_audit_is_append_only.py", "/migrations/0002_audit_is_append_only.py"),
        ("5 + 2000000", "5 + 2000000"),
        ("7e3c1c9e-2f1c-4b7e-9a53-1d2f0f4c8a11", "7e3c1c9e-2f1c-4b7e-9a53-1d2f0f4c8a11"),
    ],
)
def test_addresses_and_tokens_are_masked_wherever_they_stand(said: str, written: str) -> None:
    assert masked(said) == written


def test_every_answer_has_an_id_and_a_strangers_is_taken_over_only_if_it_is_one(client: Client) -> None:
    assert client.get("/healthz", headers={HEADER: "from-our-proxy.1"})[HEADER] == "from-our-proxy.1"
    for given in ("", "a b", "x" * 37, 'x" level=critical'):
        made = client.get("/healthz", headers={HEADER: given})[HEADER]
        assert made != given
        assert len(made) == 16

"""Asking for updates as a browser does it, and reading what comes of it."""

import re
from typing import TYPE_CHECKING, Any

from django.test import Client

from tests.engine import Engine
from tests.visiting import HOST, send, visitor

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

ANNA = "anna@x.example"
NUMBER = "+4915123456789"
EVERYTHING: dict[str, Any] = {"channel": "email", "scope": "everything", "kinds": ["incidents", "maintenance"]}


def sign_up(email: str = ANNA, *, browser: Client | None = None, **form: Any) -> "Answer":
    return send(browser or visitor(), "/subscribe", {**EVERYTHING, "email": email, **form})


def link_to(engine: Engine, address: str) -> str:
    """The path of the newest letter's link."""
    engine.send()
    text = engine.to(address)[-1].text
    found = re.search(rf"http://{HOST}(/\S+)", text)
    assert found, text
    return found[1]


def confirm(engine: Engine, address: str = ANNA) -> "Answer":
    return visitor().post(link_to(engine, address))


def code_in(engine: Engine, number: str) -> str:
    engine.send()
    return engine.to(number)[-1].text[:6]


def seen(answer: "Answer") -> tuple[int, bytes, dict[str, str]]:
    """All of it but the request's own random name, of the same length for everybody."""
    headers = dict(answer.headers)
    return answer.status_code, answer.content, headers | {"X-Request-Id": str(len(headers["X-Request-Id"]))}

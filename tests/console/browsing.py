"""A member's browser without the browser: Django's client on the console's host, and forms filled in from the page."""

import html
import re
import time
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.test import Client

from statuspage.organizations.models import User


def enter(user: User | None = None, *, csrf: bool = False) -> Client:
    """Logged in as `user`, or as nobody."""
    client = Client(enforce_csrf_checks=csrf, headers={"host": settings.CONSOLE_HOST})
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        said_who_they_are(client, user)
    return client


def said_who_they_are(client: Client, user: User, *, seconds_ago: float = 0) -> None:
    """As logging in by hand writes it down, or saying it once more."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - seconds_ago}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


class _Forms(HTMLParser):
    """What a browser would send for each form of a page, by the form's action."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, Any]] = {}
        self._form: dict[str, Any] | None = None
        self._name = ""
        self._is_textarea = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action") or "", {})
        elif self._form is not None:
            self._take(tag, {key: value or "" for key, value in given.items()}, given)

    def _take(self, tag: str, given: dict[str, str], raw: dict[str, str | None]) -> None:
        assert self._form is not None
        is_box = given.get("type") in {"radio", "checkbox"}
        if tag == "input" and (not is_box or "checked" in raw):
            self._form.setdefault(given.get("name", ""), given.get("value", "on" if is_box else ""))
        elif tag in {"textarea", "select"}:
            self._name, self._is_textarea = given.get("name", ""), tag == "textarea"
            self._form[self._name] = ""
        elif tag == "option" and "selected" in raw:
            self._form[self._name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._is_textarea and self._form is not None:
            self._form[self._name] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea":
            assert self._form is not None
            self._form[self._name] = self._form[self._name].removeprefix("\n").removeprefix("\r\n")
            self._is_textarea = False


def forms_in(html: str) -> dict[str, dict[str, Any]]:
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def text_of(html: str) -> str:
    """What a reader sees, roughly: without marks, white space run together."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def frames_in(fragment: str) -> list[str]:
    """The documents that stand in frames, each as the browser reads it."""
    return [html.unescape(document) for document in re.findall(r'srcdoc="([^"]*)"', fragment)]

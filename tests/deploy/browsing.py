"""A browser's part of the story: TLS, cookies, forms filled in from the page. Names lead to this machine."""

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

from tests.console.browsing import forms_in


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    address: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Browser:
    """Trusts only the certificates in `certificates`, each for its own name."""

    def __init__(self, certificates: Iterable[Path]) -> None:
        context = ssl.create_default_context()
        for certificate in certificates:
            context.load_verify_locations(certificate)

        class Here(http.client.HTTPSConnection):
            def connect(self) -> None:
                wire = socket.create_connection(("127.0.0.1", self.port), timeout=10)
                self.sock = context.wrap_socket(wire, server_hostname=self.host)

        class Handler(urllib.request.HTTPSHandler):
            def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
                return self.do_open(Here, request)

        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(), Handler(context=context))
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, address: str) -> Page:
        return self._open(urllib.request.Request(address))

    def submit(self, address: str, action: str, **fields: Any) -> Page:
        """Fill in the form at `address` that leads to `action`, and send it. An empty action is the page's own."""
        page = self.get(address)
        forms = forms_in(page.text)
        assert action in forms, f"{page.status} {page.address} has {sorted(forms)}"
        origin = {"Origin": urljoin(address, "/").rstrip("/")}
        data = urlencode(forms[action] | fields).encode()
        return self._open(urllib.request.Request(urljoin(page.address, action), data, origin))

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            answer = self._opener.open(request, timeout=20)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            return Page(answer.status, answer.url, answer.read())

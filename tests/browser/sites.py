"""Published pages, served as a web server would: no Django and no database behind them."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from statuspage import publishing
from statuspage.front import Front
from statuspage.pages.store import Store
from tests.makers import Cast

LOOK_AGAIN = "dispatchEvent(new Event('online'))"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Site:
    """`address` is the page's own, with the port it is served at."""

    cast: Cast
    root: Path
    port: int

    @property
    def address(self) -> str:
        return self.at(f"status.{self.cast.organization.slug}.test")

    def at(self, host: str) -> str:
        return f"http://{host}:{self.port}"

    def publish(self) -> None:
        assert publishing.publish(self.cast.page.pk)

    def confirm(self, at: datetime, *, but: tuple[str, ...] = ()) -> None:
        """As the dispatcher would (pages/heartbeat.py)."""
        confirmed_at = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        Store(self.root).confirm(json.dumps({"confirmed_at": confirmed_at, "except": but}).encode())


@contextmanager
def served(root: Path) -> Iterator[int]:
    """The port at which published files are answered."""
    with _running(Front(published=root, is_tls=False)) as port:
        yield port


@dataclass(slots=True)
class Foreign:
    """Somebody else's site, strict about what it loads: nothing but what it was told to trust."""

    trusted: str
    port: int = 0
    body: str = ""

    @property
    def address(self) -> str:
        return f"http://shop.test:{self.port}/"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        policy = (
            f"default-src 'none'; img-src 'self'; style-src 'self'; script-src {self.trusted}; "
            f"connect-src {self.trusted}; frame-src {self.trusted}; require-trusted-types-for 'script'"
        )
        is_style = environ["PATH_INFO"] == "/style.css"
        kind = "text/css" if is_style else "text/html; charset=utf-8"
        start_response("200 OK", [("Content-Type", kind), ("Content-Security-Policy", policy)])
        return [(FOREIGN_STYLE if is_style else FOREIGN_PAGE.replace("BODY", self.body)).encode()]


# Rules that would ruin whatever shares them.
FOREIGN_STYLE = """
* { margin: 11px !important; font-family: fantasy !important; text-transform: uppercase; }
section, a, button, p { display: block !important; position: static !important; color: #222 !important; }
:root { color-scheme: light; background: #fff; }
main { min-height: 100vh; }
body > * + * { margin-top: 40px; }
"""
FOREIGN_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="/style.css"><link rel="stylesheet" href="/style.css"></head><body>
<header><a id="first" href="#first">First</a></header>
<main><h1>Shop</h1><p>Words.</p><button id="buy">Buy</button></main>
<footer><a id="last" href="#last">Last</a></footer>BODY</body></html>"""


@contextmanager
def foreign(trusted: str) -> Iterator[Foreign]:
    site = Foreign(trusted)
    with _running(site) as port:
        site.port = port
        yield site


@contextmanager
def _running(application: Any) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, application, Server, Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()

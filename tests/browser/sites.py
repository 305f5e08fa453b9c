"""Published pages, served as a web server would: no Django and no database behind them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
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
    server = make_server("127.0.0.1", 0, Front(published=root, is_tls=False), Server, Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()

"""Asking for published files: of the door before Django, in this process, and of nginx, over its wire."""

import http.client
import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.util import setup_testing_defaults

from django.db import connections

from statuspage.front import TYPES, Front
from statuspage.pages.store import Document

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PAGE, NEIGHBOUR = "page00000001", "page00000002"
HOST, NEIGHBOURS_HOST = "status.acme.test", "status.globex.test"
INDEX, LATER = b"<h1>All is well at Acme</h1>", b"<h1>Something is wrong</h1>"
SECRET = b"the neighbour's own words"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def documents(index: bytes = INDEX) -> list[Document]:
    return [
        Document("index.html", index),
        Document("404.html", b"Nothing here"),
        Document("incidents/inc000000001.html", b"An incident"),
        Document("api/v2/summary.json", b"{}"),
        Document("assets/page.0123456789ab.css", b"a{}"),
        Document("robots.txt", b"Allow"),
        Document("security.txt", b"Contact: mailto:security@acme.test"),
        Document("embed/frame.html", b"All is well"),
        Document("de/embed/frame.html", b"Alles ist gut"),
        Document("embed/status.html", b"All is well"),
        Document("embed/notice.js", b"(function () {})();"),
        *(Document(f"all/types{suffix}", suffix.encode()) for suffix in TYPES),
    ]


def ask(front: Front, path: str = "/", *, host: str = HOST, method: str = "GET", **headers: str) -> Answer:
    name, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "HTTP_HOST": host,
        "PATH_INFO": name,
        "QUERY_STRING": query,
        "REQUEST_METHOD": method,
    }
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    setup_testing_defaults(environ)
    environ["wsgi.input"], environ["wsgi.errors"] = io.BytesIO(), io.StringIO()
    started: list[tuple[int, dict[str, str]]] = []

    def start_response(status: str, found: Iterable[tuple[str, str]], _error: object = None) -> Any:
        started.append((int(status[:3]), dict(found)))

    pieces = front(environ, start_response)
    body = b"".join(pieces)
    if hasattr(pieces, "close"):
        pieces.close()
    return Answer(*started[0], body)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running_application(application: "WSGIApplication") -> Iterator[str]:
    """The application as it runs behind: over HTTP, with its own files in front of Django."""

    def serve() -> None:
        server.serve_forever(poll_interval=0.05)
        connections.close_all()

    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Nginx:
    """One kept connection to it."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def ask(self, path: str = "/", *, host: str = HOST, method: str = "GET", **headers: str) -> Answer:
        self._connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"host": host, **headers}.items():
            self._connection.putheader(name.replace("_", "-"), value)
        self._connection.endheaders()
        with self._connection.getresponse() as response:
            return Answer(response.status, dict(response.getheaders()), response.read())

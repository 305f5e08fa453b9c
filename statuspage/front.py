"""The door before Django: published pages are answered from their files, and stay up when Django cannot start.

Knows nothing but the folder that pages/store.py writes. A web server in front does the same with less: the same rules
stand in deploy/*.conf, and tests/publishing/test_nginx.py holds the two together.
"""

import logging
import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import cached_property, lru_cache
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

TO_THE_APPLICATION = ("/u/", "/d/", "/look/", "/subscribe", "/static/", "/api/v2/subscribers.json")
"""What the application answers on a page's host (public_urls.py, and the style of those answers)."""
HEARTBEAT = "heartbeat.json"
"""When Ripple last looked at everything: one file, the same on every page."""
ASSETS = "assets/"
NOT_FOUND = "404.html"
OTHER_NAMES = {
    "/": "index.html",
    "/.well-known/security.txt": "security.txt",  # where RFC 9116 wants it; published names have no dots in front
    "/404": "",
    "/404.html": "",
}
TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".ics": "text/calendar; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".rss": "application/rss+xml; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
}
FOR_ANY_SITE = {".atom", ".csv", ".ics", ".json", ".rss", ".svg"}
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors "
)
POLICY, FRAMED_POLICY = f"{_POLICY}'none'", f"{_POLICY}*"
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Vary", "Accept-Encoding"),
)
FOR_A_YEAR = "public, max-age=31536000, immutable"
# Asked for again each time. A CDN that cannot reach us says for a day what it knew: RFC 5861, which no-cache forbids.
ASK_AGAIN = "max-age=0, stale-if-error=86400"
_STATUS_LINES = {status: f"{status.value} {status.phrase}" for status in HTTPStatus}
READING = {"GET", "HEAD"}
ONLY_READ = b"Published pages can only be read.\n"
AWAY = b"The status console cannot be reached at the moment. Published pages are not affected. Try again in a minute.\n"

_HOST = re.compile(r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)(:[0-9]{1,5})?", re.ASCII)
_LINK = re.compile(r"\.\./pages/([a-z0-9]{12})", re.ASCII)
_FRAMED = re.compile(r"(.+/)?embed/(frame|status)\.html", re.ASCII)
_LENT = re.compile(r"embed/[a-z0-9-]+\.js|.+\.(atom|csv|ics|json|rss|svg)", re.ASCII)
"""What other sites may load even where they ask everybody they load from (Cross-Origin-Embedder-Policy)."""
_SEES_MORE = re.compile(r"(^|;\s*)(__Host-)?ripple_view=")
"""The cookie of whoever was shown more than the public (a ring's link, a password): Django draws their page."""
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
_PATH = re.compile(r"(/[a-z0-9_-][a-z0-9._-]*)+", re.ASCII)

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class File:
    """A published file and what is said of it; to whoever has it already nothing of its body (RFC 9110, 15.4.5)."""

    body: bytes
    changed_at: int
    etag: str
    headers: Headers
    headers_without_body: Headers


class Front:
    """A WSGI application. `published` is the store's root; `is_tls` adds HSTS.

    Every answer asks the disk which version is there now, so nothing old is ever said: one question, since each takes
    longer than all the rest. What the answer leaves unchanged is kept: files already read, and what an address means.
    Paths are strings here: with pathlib a request takes twice as long.
    """

    def __init__(self, *, published: Path, is_tls: bool) -> None:
        self._root, self._hosts = str(published), f"{published}/hosts"
        self._always: Headers = [*ALWAYS, *([("Strict-Transport-Security", "max-age=31536000")] if is_tls else [])]
        self._waking = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        host = _host_name(environ.get("HTTP_HOST", ""))
        path = environ.get("PATH_INFO", "") or "/"
        if not host or path.startswith(TO_THE_APPLICATION):
            return self._ask_django(environ, start_response)
        place, name = f"{self._hosts}/{host}", document_name(path)
        if _may_see_more(environ, name) and _is_page(place):
            view = self._ask_for_view(environ, start_response)
            if view is not None:
                return view
        endings = _endings(environ.get("HTTP_ACCEPT_ENCODING", ""))
        file = _find(place, name, endings) if name and environ["REQUEST_METHOD"] in READING else None
        if file is None:
            return self._serve_no_document(place, name, environ, start_response)
        if _is_known(file, environ):
            return self._answer(start_response, HTTPStatus.NOT_MODIFIED, file.headers_without_body)
        return self._send(file, environ, start_response, HTTPStatus.OK)

    def _serve_no_document(
        self, place: str, name: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """What is none of the page's documents. A host without a page is the application's."""
        if not _is_page(place):
            return self._ask_django(environ, start_response)
        if environ["REQUEST_METHOD"] not in READING:
            return self._say(ONLY_READ, start_response, HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")])
        if name == HEARTBEAT and os.path.exists(f"{self._root}/{HEARTBEAT}"):  # noqa: PTH110
            return self._send(_load(self._root, name, ""), environ, start_response, HTTPStatus.OK)
        missing = _find(place, NOT_FOUND, _endings(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if missing is None:
            return self._say(b"", start_response, HTTPStatus.NOT_FOUND, [])
        return self._send(missing, environ, start_response, HTTPStatus.NOT_FOUND)

    def _send(
        self, file: File, environ: "WSGIEnvironment", start_response: "StartResponse", status: HTTPStatus
    ) -> Iterable[bytes]:
        self._answer(start_response, status, file.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [file.body]

    def _say(self, words: bytes, start_response: "StartResponse", status: HTTPStatus, headers: Headers) -> list[bytes]:
        plain = [
            ("Content-Type", TYPES[".txt"]),
            ("Content-Length", str(len(words))),
            ("Content-Security-Policy", POLICY),
        ]
        self._answer(start_response, status, [*headers, *plain])
        return [words]

    def _answer(self, start_response: "StartResponse", status: HTTPStatus, headers: Headers) -> Iterable[bytes]:
        start_response(_STATUS_LINES[status], [*headers, *self._always])
        return []

    def _ask_for_view(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes] | None:
        """The page as Django draws it for whoever may see more. None: Django is away; they see what everybody sees."""
        begun: list[tuple[str, Headers]] = []

        def begin(status: str, headers: Headers, _error: object = None, /) -> Callable[[bytes], object]:
            begun.append((status, headers))
            return lambda _piece: None

        pieces = self._ask_django(environ, begin)
        (status, headers), *_ = begun
        if not status.startswith("5"):
            start_response(status, headers)
            return pieces
        close: Callable[[], None] = getattr(pieces, "close", lambda: None)
        close()
        return None

    def _ask_django(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            with self._waking:
                application = self._django
        except Exception:
            log.exception("Django cannot start. Published pages go on being served.")
            return self._say(AWAY, start_response, HTTPStatus.SERVICE_UNAVAILABLE, [("Retry-After", "60")])
        return application(environ, start_response)

    @cached_property
    def _django(self) -> "WSGIApplication":
        """Imported when first needed: files are served even where settings or the database would not let it start."""
        get: Callable[[], WSGIApplication] = import_module("django.core.wsgi").get_wsgi_application
        return get()


@lru_cache(maxsize=4096)
def document_name(path: str) -> str:
    """The document an address means; "" when there can be none."""
    if path in OTHER_NAMES:
        return OTHER_NAMES[path]
    if not _PATH.fullmatch(path):
        return ""
    name = path[1:]
    return name if _suffix(name) else f"{name}.html"


@lru_cache(maxsize=4096)
def _host_name(host: str) -> str:
    """As the store writes it, without a port; "" when there can be no such host."""
    asked = _HOST.fullmatch(host.lower().replace(".:", ":").removesuffix("."))  # "example.com." is the same host
    return asked[1] if asked else ""


@lru_cache(maxsize=1024)
def _endings(accept_encoding: str) -> tuple[str, ...]:
    """Which of a file's twins may be sent, the best first."""
    return (".gz", "") if _GZIP.search(accept_encoding) else ("",)


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1]  # noqa: PTH122


def _is_page(place: str) -> bool:
    """Whether this link of a host leads to a page's folder. It can lead nowhere else."""
    try:
        return _LINK.fullmatch(os.readlink(place)) is not None  # noqa: PTH115
    except OSError:
        return False


def _may_see_more(environ: Mapping[str, str], name: str) -> bool:
    cookie = environ.get("HTTP_COOKIE")
    return bool(cookie and _SEES_MORE.search(cookie)) and name != HEARTBEAT and not name.startswith(ASSETS)


def _find(place: str, name: str, endings: tuple[str, ...]) -> File | None:
    """The newest version there is."""
    for ending in endings:
        try:
            there = os.stat(f"{place}/{name}{ending}")  # noqa: PTH116
            return _read(place, name, ending, (there.st_ino, there.st_mtime_ns, there.st_size))
        except OSError:
            continue
    return None


@lru_cache(maxsize=128)
def _read(place: str, name: str, ending: str, _version: tuple[int, int, int]) -> File | None:
    """Read once for each version. One that was replaced since it was asked for is read as the newer one it is.

    Only what may be served has a type, and a twin has none of its own.
    """
    return _load(place, name, ending) if _suffix(name) in TYPES and _is_page(place) else None


def _load(folder: str, name: str, ending: str) -> File:
    with open(f"{folder}/{name}{ending}", "rb", buffering=0) as opened:  # noqa: PTH123
        changed_at = int(os.fstat(opened.fileno()).st_mtime)
        body = opened.read()
    etag = f'"{changed_at:x}-{len(body):x}"'
    suffix = _suffix(name)
    without_body: Headers = [
        ("ETag", etag),
        ("Last-Modified", formatdate(changed_at, usegmt=True)),
        ("Cache-Control", FOR_A_YEAR if name.startswith(ASSETS) else ASK_AGAIN),
        *([("Access-Control-Allow-Origin", "*")] if suffix in FOR_ANY_SITE else []),
        *([("Cross-Origin-Resource-Policy", "cross-origin")] if _LENT.fullmatch(name) else []),
        ("Content-Security-Policy", FRAMED_POLICY if _FRAMED.fullmatch(name) else POLICY),
    ]
    headers = [
        *without_body,
        ("Content-Type", TYPES[suffix]),
        *([("Content-Encoding", "gzip")] if ending else []),
        ("Content-Length", str(len(body))),
    ]
    return File(body, changed_at, etag, headers, without_body)


def _is_known(file: File, environ: Mapping[str, str]) -> bool:
    """Whether the asker holds this very version. Tags come first: they are exact (RFC 9110, 13.2.2)."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in {file.etag, "*"} for tag in tags.split(","))
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    try:
        return since is not None and file.changed_at <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False

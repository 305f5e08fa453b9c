"""The web server of deploy/ and the door before Django answer alike, whatever they are asked."""

import http.client
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.urls import get_resolver

from statuspage.front import ASK_AGAIN, AWAY, TYPES, Front
from statuspage.pages.store import Store
from tests.makers import Cast
from tests.publishing.serving import (
    HOST,
    INDEX,
    NEIGHBOURS_HOST,
    SECRET,
    Answer,
    Nginx,
    ask,
    documents,
    running_application,
)
from tooling import nginx

ALIKE = (
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "ETag",
    "Cache-Control",
    "Access-Control-Allow-Origin",
    "Cross-Origin-Resource-Policy",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Vary",
    "Allow",
    "Retry-After",
    "Set-Cookie",
)
PATHS = [
    "/",
    "/?query=1",
    "/index.html",
    "/index",
    "/incidents/inc000000001",
    "/incidents/inc000000001.html",
    "/incidents/inc000000001/",
    "/incidents/inc000000001.htm",
    "/incidents",
    "/incidents/",
    "/api/v2/summary.json",
    "/api%2fv2%2Fsummary.json",
    "/api/v2/summary%2ejson",
    "/api/v2/summary",
    "/%69ndex.html",
    "/assets/page.0123456789ab.css",
    "/assets/page.0123456789ab",
    "/assets/none.css",
    "/embed/frame",
    "/embed/frame.html",
    "/de/embed/frame",
    "/embed/status",
    "/embed/notice.js",
    "/nothing/embed/frame",
    "/robots.txt",
    "/security.txt",
    "/.well-known/security.txt",
    "/.well-known/security%2etxt",
    "/.well-known/acme-challenge/x",
    "/heartbeat.json",
    "/heartbeat",
    "/404",
    "/404.html",
    "/.manifest",
    "/.index.html",
    "/%2emanifest",
    "/index.html.gz",
    "/index.html.",
    "/index..html",
    "/incidents/../index.html",
    "/incidents/%2e%2e/index.html",
    "/./index.html",
    "//index.html",
    "/incidents//inc000000001",
    "/\\index.html",
    "/INDEX.html",
    "/%C3%BC",
    "/%ff",
    "/a%20b",
    "/_-x",
    "/nothing.exe",
    "/" + "a" * 300,
    "/" + "a/" * 1000 + "b",
    *(f"/all/types{suffix}" for suffix in TYPES),
]
METHODS = ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "NONSENSE"]


@pytest.fixture
def alone(root: Path, tmp_path: Path) -> Iterator[Nginx]:
    """Django is away."""
    with nginx.serving(root, application="127.0.0.1:1", folder=tmp_path / "nginx") as port:
        yield Nginx(port)


@pytest.fixture
def server(transactional_db: None, acme: Cast, front: Front, root: Path, tmp_path: Path) -> Iterator[Nginx]:
    with (
        running_application(front) as application,
        nginx.serving(root, application=application, folder=tmp_path / "nginx") as port,
    ):
        yield Nginx(port)


def relevant(answer: Answer) -> Mapping[str, object]:
    """What must be alike. A 304 repeats only what a browser needs to know."""
    names = set(ALIKE) - ({"Content-Type", "Content-Length"} if answer.status == 304 else set())
    told = {name: value for name, value in answer.headers.items() if name in names}
    if answer.status == 200:
        told["Last-Modified"] = answer.headers["Last-Modified"]
    if told.get("Cache-Control") == ASK_AGAIN and answer.status in {405, 503}:
        del told["Cache-Control"]  # it says nothing there
    return {"status": answer.status, "body": answer.body, **told}


def both(alone: Nginx, front: Front, path: str, **asked: str) -> tuple[Mapping[str, object], Mapping[str, object]]:
    on_the_wire = unquote_to_bytes(path.partition("?")[0]).decode("latin-1")
    return relevant(alone.ask(path, **asked)), relevant(ask(front, on_the_wire, **asked))


@pytest.mark.parametrize("encoding", ["identity", "br, gzip;q=0.8"])
def test_every_address_is_answered_alike(alone: Nginx, front: Front, encoding: str) -> None:
    for path in PATHS:
        ours, its = both(alone, front, path, accept_encoding=encoding)
        assert ours == its, path


def test_every_method_is_answered_alike(alone: Nginx, front: Front) -> None:
    for method in METHODS:
        for path in ("/", "/nothing", "/heartbeat.json", "/assets/none.css", "/api/v2/summary.json"):
            ours, its = both(alone, front, path, method=method)
            if method == "TRACE":  # nginx refuses it by itself, in its own words
                assert (ours["status"], its["status"]) == (405, 405)
            else:
                assert ours == its, f"{method} {path}"


def test_every_condition_is_answered_alike(alone: Nginx, front: Front) -> None:
    headers = alone.ask().headers
    tag, date = headers["ETag"], headers["Last-Modified"]
    conditions: list[dict[str, str]] = [
        {"if_none_match": tag},
        {"if_none_match": f"W/{tag}"},
        {"if_none_match": f'"other", {tag}'},
        {"if_none_match": '"other"'},
        {"if_none_match": "*"},
        {"if_none_match": ""},
        {"if_none_match": tag, "accept_encoding": "gzip"},
        {"if_modified_since": date},
        {"if_modified_since": "Thu, 01 Jan 2099 00:00:00 GMT"},
        {"if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"if_modified_since": "yesterday"},
        {"if_none_match": '"other"', "if_modified_since": date},
        {"if_none_match": tag, "if_modified_since": date},
        {"range": "bytes=0-1"},
        {"cookie": "theme=dark; my_ripple_view=1"},
    ]
    for condition in conditions:
        for path in ("/", "/nothing"):
            ours, its = both(alone, front, path, **condition)
            assert ours == its, f"{condition} {path}"


@pytest.mark.parametrize("host", [HOST.upper(), f"{HOST}.", f"{HOST}:8000", f"{HOST}.:8000"])
def test_the_page_is_found_however_its_host_is_written(alone: Nginx, host: str) -> None:
    assert alone.ask(host=host).body == INDEX


def test_a_new_version_is_seen_at_once(alone: Nginx, root: Path) -> None:
    tag = alone.ask().headers["ETag"]
    Store(root).put("page00000001", documents(b"<h1>Something is wrong</h1>"), hosts=[HOST])
    assert alone.ask(if_none_match=tag).body == b"<h1>Something is wrong</h1>"


def test_django_answers_its_own_addresses_and_the_hosts_without_a_folder(server: Nginx, front: Front) -> None:
    for path, asked in (
        ("/u/not-a-token", {}),
        ("/d/not-a-token", {}),
        ("/look/x", {"method": "POST"}),
        ("/static/none.css", {}),
        ("/api/v2/subscribers.json", {"method": "POST"}),
        ("/", {"cookie": "theme=dark; ripple_view=x"}),
        ("/nothing", {"cookie": "__Host-ripple_view=x"}),
        ("/", {"method": "POST", "cookie": "ripple_view=x"}),
        ("/", {"host": "nobody.example"}),
        ("/", {"host": "nobody.example", "method": "POST"}),
        ("/x/../y?a=%20", {"host": "nobody.example"}),
        ("/accounts/login/", {"host": "localhost"}),
    ):
        ours, its = server.ask(path, **asked), ask(front, path.partition("?")[0], **asked)
        assert (ours.status, len(ours.body)) == (its.status, len(its.body)), path
        assert ours.headers.get("Content-Security-Policy") == its.headers.get("Content-Security-Policy")
        assert ours.headers["X-Robots-Tag"] == "noindex"
    for path in ("/heartbeat.json", "/assets/page.0123456789ab.css"):
        assert "X-Robots-Tag" not in server.ask(path, cookie="ripple_view=x").headers, (
            "these are the same for everybody"
        )


def test_a_page_taken_off_the_net_is_asked_of_django_at_once(server: Nginx, root: Path) -> None:
    assert server.ask().body == INDEX
    Store(root).withdraw("page00000001")
    assert server.ask().status == 404, "Django knows the host and shows its own words"
    assert server.ask(host="nobody.example").status == 421


def test_what_is_meant_for_the_application_arrives_whole_and_unforged(root: Path, tmp_path: Path) -> None:
    heard: list[tuple[str, ...]] = []

    def application(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        heard.append((*(environ[name] for name in names), body.decode()))
        start_response("200 OK", [("Content-Length", "0")])
        return []

    with (
        running_application(application) as address,
        nginx.serving(root, application=address, folder=tmp_path / "nginx") as port,
    ):
        for host, cookie in ((HOST, ""), ("console.example", ""), (HOST, "ripple_view=x")):
            words = "w" * 100_000
            headers = {"Host": host, "Cookie": cookie, "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("POST", "/u/x/../y?z=%20", body=words, headers=headers)
            assert connection.getresponse().status == 200
    assert heard == [("POST", "/u/x/../y", "z=%20", "127.0.0.1", "http", words)] * 3


def test_pages_stay_up_while_django_is_away(alone: Nginx, root: Path) -> None:
    for cookie in ("ripple_view=x", "__Host-ripple_view=x"):
        assert alone.ask(cookie=cookie).body == INDEX
        missing = alone.ask("/nothing", cookie=cookie)
        assert (missing.status, missing.body) == (404, b"Nothing here")
    for asked in ({"path": "/u/x"}, {"host": "console.example", "method": "POST"}):
        answer = alone.ask(**asked)
        assert (answer.status, answer.body, answer.headers["Retry-After"]) == (503, AWAY, "60")


def test_what_is_written_down_holds_no_token(alone: Nginx, tmp_path: Path) -> None:
    opening = addresses_that_open_something()
    assert "/o/SECRET/own/confirmation/SECRET/" in opening
    plain = ["/o/acme/own/addresses/", "/incidents/x"]
    for path in (*opening, "/u/SECRET", "/d/SECRET?x", "/?token=SECRET", *plain):
        alone.ask(path.replace("/o/SECRET/", "/o/acme/"))
    alone.ask(cookie="ripple_view=SECRET")
    words, deadline = "", time.monotonic() + 5
    while f'{HOST} "GET /incidents/x" 404' not in words:
        words = "".join((tmp_path / "nginx" / name).read_text() for name in ("access.log", "nginx.log"))
        assert time.monotonic() < deadline, words
    assert f'{HOST} "GET /u/-" 503' in words
    assert f'{HOST} "GET /o/acme/own/confirmation/-" ' in words
    for path in plain:
        assert f'{HOST} "GET {path}" ' in words, "what opens nothing can be read"
    assert "SECRET" not in words


def addresses_that_open_something() -> set[str]:
    """With SECRET for everything that differs, of pages and of the console: new ones are found by themselves."""
    resolvers = [get_resolver(f"statuspage.{urls}") for urls in ("public_urls", "urls")]
    forms = [
        form
        for resolver in resolvers
        for door in resolver.reverse_dict
        for possible, *_ in resolver.reverse_dict.getlist(door)
        for form in possible
    ]
    return {"/" + form % dict.fromkeys(names, "SECRET") for form, names in forms if {"token", "key"} & set(names)}


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET / HTTP/1.1\r\nHost: %s\r\nX: %s\r\n\r\n" % (HOST.encode(), b"x" * 100_000),
        b"GET /%s HTTP/1.1\r\nHost: %s\r\n\r\n" % (b"x" * 100_000, HOST.encode()),
        b"GET / HTTP/1.1\r\nHost: %s\r\nContent-Length: 99999999999\r\n\r\n" % HOST.encode(),
        b"GET / HTTP/1.1\r\nHost: %s\r\nHost: %s\r\n\r\n" % (HOST.encode(), NEIGHBOURS_HOST.encode()),
        b"GET / HTTP/1.1\r\nHost: ../pages/page00000002\r\n\r\n",
        b"GET http://%s/ HTTP/1.1\r\nHost: %s\r\n\r\n" % (HOST.encode(), NEIGHBOURS_HOST.encode()),
        b"GET /\0 HTTP/1.1\r\nHost: %s\r\n\r\n" % HOST.encode(),
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n",
        b"GET /../../secret.html HTTP/1.1\r\nHost: %s\r\n\r\n" % HOST.encode(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: %s\r\n\r\n" % HOST.encode(),
    ],
)
def test_no_request_however_malformed_breaks_it(root: Path, tmp_path: Path, request_line: bytes) -> None:
    with nginx.serving(root, application="127.0.0.1:1", folder=tmp_path / "nginx") as port:
        answer = raw(port, request_line)
        assert SECRET not in answer
        status = answer.split(b" ", 2)[1] if answer.startswith(b"HTTP/") else b""
        is_ours = b"Host: %s\r\n" % HOST.encode() in request_line
        assert not (is_ours and status.startswith(b"5")), answer
        assert Nginx(port).ask().body == INDEX, "and the next visitor is served"


def raw(port: int, words: bytes) -> bytes:
    """What comes back at once; some requests are never finished, and nginx waits for more of them."""
    with socket.create_connection(("127.0.0.1", port), timeout=0.5) as wire:
        wire.sendall(words)
        try:
            return wire.recv(65536)
        except TimeoutError:
            return b""

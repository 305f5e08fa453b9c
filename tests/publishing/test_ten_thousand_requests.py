"""Ten thousand random hosts and addresses, through nginx and through the door before Django.

Nobody ever gets a byte of another page, or of what is not published, and nothing published is ever answered with a 5xx.
"""

import random
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from statuspage.front import Front
from tests.makers import Cast
from tests.publishing.serving import HOST, INDEX, NEIGHBOUR, NEIGHBOURS_HOST, PAGE, SECRET, ask, running_application
from tooling import nginx

SEED = 20_261_124
REQUESTS = 10_000
OURS = (INDEX, b"An incident", b"All is well", b"Alles ist gut")
PIECES = [
    *"/.\\:;@-_~*$%&'\"<>|^`{}[]()!,+=?#",
    *("..", "../", "..%2f", "%2e%2e/", "%2e%2e%2f", "%252e%252e/", "..;/", "..%5c", "....//", "%c0%ae%c0%ae/"),
    *("//", "/./", "/.", "%2f", "%00", "%0d%0a", "%20", "%ff%fe", "\u00fc", "\u202e", "%u002e"),
    *("index", ".html", ".json", ".gz", ".manifest", "404", "secret.html", "heartbeat.json", "types.svg"),
    *("incidents/inc000000001", "api/v2/summary.json", "assets/", "embed/frame", "de", "all"),
    *("hosts", "pages", PAGE, NEIGHBOUR, HOST, NEIGHBOURS_HOST, "etc/passwd", "proc/self/environ", "C:"),
    *("x" * 260, "x/" * 300, "%2e" * 100),
]
HOSTS = [
    *(".", "..", "../", "/", "\\", "@", "%2e", "%00", "\u00fc", "xn--", "-", "_", "*", " ", "#", "?", "[::1]", ":80"),
    *("localhost", "127.0.0.1", "a" * 64, "a." * 120, "test", "acme", HOST, NEIGHBOURS_HOST, PAGE, f".{PAGE}"),
    *(f"../pages/{NEIGHBOUR}", f"{HOST}.", f"{HOST}:80", f"{HOST}:", HOST.upper(), f"{HOST}@{NEIGHBOURS_HOST}"),
]
METHODS = ["GET"] * 12 + ["HEAD", "POST", "DELETE", "OPTIONS", "NONSENSE"]


@dataclass(frozen=True, slots=True)
class Request:
    """As it goes over the wire."""

    method: str
    host: bytes
    path: bytes


class Wire:
    """A connection that sends what it is told, byte for byte."""

    def __init__(self, port: int) -> None:
        self._left = b""
        self._wire = socket.create_connection(("127.0.0.1", port), timeout=10)

    def ask(self, requests: Sequence[Request]) -> Iterator[tuple[int, bytes]]:
        """Status, and all that came, for as many of the requests as the other side answers before it hangs up."""
        lines = (
            b"%s %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (each.method.encode(), each.path, each.host) for each in requests
        )
        self._wire.sendall(b"".join(lines))
        for each in requests:
            head = self._read_until(b"\r\n\r\n")
            body = b"" if each.method == "HEAD" else self._body(head)
            yield int(head.split(b" ", 2)[1]), head + body
            if b"connection: close" in head.lower():
                return

    def _body(self, head: bytes) -> bytes:
        if b"transfer-encoding: chunked" in head.lower():
            return self._read_until(b"0\r\n\r\n")
        length = re.search(rb"(?i)content-length: ([0-9]+)", head)
        return self._read(int(length[1])) if length else b""

    def _read_until(self, end: bytes) -> bytes:
        while end not in self._left:
            self._more()
        head, self._left = self._left.split(end, 1)
        return head

    def _read(self, length: int) -> bytes:
        while len(self._left) < length:
            self._more()
        body, self._left = self._left[:length], self._left[length:]
        return body

    def close(self) -> None:
        self._wire.close()

    def _more(self) -> None:
        piece = self._wire.recv(65536)
        assert piece, f"it hung up after {self._left!r}"
        self._left += piece


def random_requests() -> Iterator[Request]:
    """Anything but what would end the line."""
    dice = random.Random(SEED)
    for _ in range(REQUESTS):
        host = HOST if dice.random() < 0.94 else "".join(dice.choices(HOSTS, k=dice.randint(1, 3)))
        path = "/" + "".join(dice.choices(PIECES, k=dice.randint(0, 6)))
        yield Request(dice.choice(METHODS), host.encode(), path.replace(" ", "%20").encode())


def answers(port: int, requests: Sequence[Request]) -> Iterator[tuple[int, bytes]]:
    """Of nginx, in their order, many at a time: one by one, most of the time would go by in waiting."""
    done = 0
    while done < len(requests):
        wire = Wire(port)
        for answer in wire.ask(requests[done : done + 50]):
            yield answer
            done += 1
        wire.close()


def is_at(host: bytes) -> str:
    """Whose page a host means, if anybody's: nginx takes whatever comes after a colon for a port."""
    return host.decode("latin-1").lower().partition(":")[0].removesuffix(".")


def check(asked: Request, status: int, answer: bytes) -> None:
    whose, what = is_at(asked.host), f"{asked}: {status} {answer[:200]!r}"
    assert whose == NEIGHBOURS_HOST or SECRET not in answer, what
    assert whose == HOST or not any(words in answer for words in OURS), what
    assert not re.search(rb"Traceback|/tmp/|root:x:|PATH=", answer), what
    assert whose != HOST or status < 500, what


def test_nobody_gets_anything_of_somebody_elses(
    transactional_db: None, acme: Cast, front: Front, root: Path, tmp_path: Path
) -> None:
    requests, found = list(random_requests()), set()
    with (
        running_application(front) as application,
        nginx.serving(root, application=application, folder=tmp_path / "nginx") as port,
    ):
        for asked, (status, answer) in zip(requests, answers(port, requests), strict=True):
            check(asked, status, answer)
            found.add(status)
    for asked in requests:
        path = unquote_to_bytes(asked.path.partition(b"?")[0]).decode("latin-1")
        same = ask(front, path, host=asked.host.decode("latin-1"), method=asked.method)
        check(asked, same.status, repr(same.headers).encode() + same.body)
    assert {200, 400, 404, 405, 421} <= found, "the campaign reached every kind of answer"

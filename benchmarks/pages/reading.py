"""How fast a page is read: through the shipped web server's configuration, and through the door before Django.

Both are compared with the same web server that hands out the same bytes as plain files, in rounds: one after the
other, and in the next round the other way round. What else the machine does falls on all, and ratios stay true.
"""

import http.client
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.pages.load import Answered, Target, measure
from benchmarks.pages.world import World
from tooling import nginx
from tooling.servers import free_port

# As little as nginx needs to hand out files: it does not even write down who asked.
MINIMAL = """
worker_processes 1;
pid ${RIPPLE_NGINX_DIR}/nginx.pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
    types { text/html html; application/json json; }
    access_log off;
    sendfile on;
    server {
        listen 127.0.0.1:${RIPPLE_HTTP_PORT};
        root ${RIPPLE_PUBLISHED_DIR};
    }
}
"""
PLAIN, SHIPPED, FRONT = "plain", "shipped", "front"


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that is asked for: its address on the page's host, and its file below the page's folder."""

    name: str
    path: str
    file: str
    is_gzipped: bool = False
    is_known: bool = False


KINDS = (
    Kind("page", "/", "index.html"),
    Kind("page, gzip", "/", "index.html", is_gzipped=True),
    Kind("summary.json", "/api/v2/summary.json", "api/v2/summary.json"),
    Kind("304", "/", "index.html", is_known=True),
)


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    def target(self, name: str, path: str, headers: Mapping[str, str], *, is_known: bool) -> Target:
        """With `is_known` it is asked for what the asker holds already, and answers 304."""
        if is_known:
            headers = {**headers, "If-None-Match": self._tag(path, headers)}
        return Target(name, f"http://127.0.0.1:{self.port}{path}", self.pid, headers)

    def _tag(self, path: str, headers: Mapping[str, str]) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=dict(headers))
        return connection.getresponse().headers["ETag"]


@contextmanager
def serving(here: World) -> Iterator[dict[str, Server]]:
    """The three of them, each with one process that answers. No database, no broker, no application behind nginx."""
    port, folder = free_port(), here.folder / PLAIN
    values = nginx.values_for(folder, published=here.published, application="127.0.0.1:1")
    with (
        nginx.running(MINIMAL, folder=folder, values={**values, "RIPPLE_HTTP_PORT": str(port)}),
        nginx.serving(here.published, application="127.0.0.1:1", folder=here.folder / SHIPPED) as shipped,
    ):
        here.start("serve")
        here.wait_for_port("serve")
        yield {
            PLAIN: Server(port, _pid(folder)),
            SHIPPED: Server(shipped, _pid(here.folder / SHIPPED)),
            FRONT: Server(here.port, here.running["serve"].process.pid),
        }


def _pid(folder: Path) -> int:
    return int((folder / "nginx.pid").read_text())


def compare(
    here: World, *, host: str, page: str, rounds: int, seconds: float, say: Callable[[str], None]
) -> dict[str, Any]:
    """For each kind and server: answers in a second, its ratio to the plain file, µs of processor time. Medians."""
    found: dict[str, Any] = {"without_running": here.what_is_down()}
    with serving(here) as servers:
        for kind in KINDS:
            targets = list(_targets(kind, servers, host=host, page=page))
            taken = [_round(targets if turn % 2 else targets[::-1], seconds=seconds) for turn in range(rounds)]
            found[kind.name] = {target.name: _medians(target.name, taken) for target in targets}
            ratios = {name: round(each["ratio"], 3) for name, each in found[kind.name].items()}
            say(f"{kind.name}: {ratios} of the plain file's speed")
    return found


def _targets(kind: Kind, servers: Mapping[str, Server], *, host: str, page: str) -> Iterator[Target]:
    for name, server in servers.items():
        headers = {"Host": host}
        path = kind.path
        if name == PLAIN:
            path = f"/pages/{page}/{kind.file}{'.gz' if kind.is_gzipped else ''}"
        elif kind.is_gzipped:
            headers["Accept-Encoding"] = "gzip"
        yield server.target(name, path, headers, is_known=kind.is_known)


def _round(targets: list[Target], *, seconds: float) -> dict[str, tuple[Answered, float]]:
    return {target.name: measure(target, seconds=seconds) for target in targets}


def _medians(name: str, taken: list[dict[str, tuple[Answered, float]]]) -> dict[str, float]:
    return {
        "per_second": statistics.median(each[name][0].per_second for each in taken),
        "ratio": statistics.median(each[name][0].per_second / each[PLAIN][0].per_second for each in taken),
        "cpu_us": statistics.median(each[name][1] for each in taken),
        "failures": sum(each[name][0].failures for each in taken),
    }

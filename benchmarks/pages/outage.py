"""Everything is dead but the web server: whatever was published is still read."""

import http.client
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.pages.world import World
from statuspage.pages.store import GZIPPED, INDEX
from tooling import nginx

SAY_EVERY_SECONDS = 30.0


def crawl(here: World, *, host: str, page: str, minutes: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Read every published address again and again. Returns how many answers there were, and how many were right."""
    paths = addresses(here.published / "pages" / page)
    counted: Counter[int] = Counter()
    started = said = time.monotonic()
    with nginx.serving(here.published, application="127.0.0.1:1", folder=here.folder / "outage") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while time.monotonic() - started < minutes * 60:
            for path in paths:
                counted[_ask(connection, path, host)] += 1
            if time.monotonic() - said > SAY_EVERY_SECONDS:
                said = time.monotonic()
                say(f"{sum(counted.values()):,} answers in {(said - started) / 60:.1f} minutes, {counted[200]:,} right")
            time.sleep(0.05)
    return {
        "minutes": minutes,
        "down": here.what_is_down(),
        "addresses": len(paths),
        "answers": sum(counted.values()),
        "right": counted[200],
    }


def addresses(folder: Path) -> list[str]:
    """What visitors type for each file of a page. What the killed publisher left half-written begins with a dot."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
    names = (path.relative_to(folder).as_posix() for path in files)
    return [_address(name) for name in names if not name.endswith((GZIPPED, "404.html"))]


def _address(name: str) -> str:
    if name == INDEX:
        return "/"
    return "/.well-known/security.txt" if name == "security.txt" else f"/{name.removesuffix('.html')}"


def _ask(connection: http.client.HTTPConnection, path: str, host: str) -> int:
    """The status; 0 when there was no answer at all."""
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0
    return answer.status

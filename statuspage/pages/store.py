"""Where published documents live: one folder per page, one link per host name, each document with its gzipped twin.

A web server answers visitors straight from these files, so they are only ever replaced whole, by renaming.
"""

import gzip
import os
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

INDEX = "index.html"
ASSETS = "assets/"
"""Names below it carry a hash of their bytes: they never change, and old ones serve pages still open in a browser."""
GZIPPED = ".gz"

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*", re.ASCII)
_FOLDER = re.compile(r"[a-z0-9]{12}", re.ASCII)
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Document:
    """One finished file of a page. `name` is its path below the page's folder: "api/v2/status.json"."""

    name: str
    body: bytes


class Store:
    """Files below `root`: pages/<public id>/… and hosts/<host name> → ../pages/<public id>."""

    def __init__(self, root: Path) -> None:
        self._pages, self._hosts = root / "pages", root / "hosts"

    def put(self, page: str, documents: Sequence[Document], *, hosts: Iterable[str]) -> int:
        """Make the page be exactly these documents, found at exactly these hosts. Returns how many files were written.

        `page` is its public id. The index is written last, so that what it leads to is there. Raises ValueError for
        a name that has no place below the page's folder.
        """
        folder = self._pages / _checked(_FOLDER, page)
        names = {_checked(_NAME, document.name) for document in documents}
        if any(name.endswith(GZIPPED) for name in names):
            raise ValueError("Documents bring their .gz by themselves.")
        in_order = sorted(documents, key=lambda document: (document.name == INDEX, document.name))
        written = sum(_write(folder / document.name, document.body) for document in in_order)
        self._link(page, {_checked(_HOST, host) for host in hosts})
        _remove_others(folder, names)
        return written

    def keep_only(self, pages: Iterable[str]) -> None:
        """Take every other page, and the hosts that lead to it, off the net."""
        kept = set(pages)
        for folder in _inside(self._pages):
            if folder.name not in kept:
                self._link(folder.name, set())
                shutil.rmtree(folder)

    def _link(self, page: str, hosts: set[str]) -> None:
        """Let exactly these hosts lead to the page. A host that led to another page is taken over."""
        target = f"../pages/{page}"
        self._hosts.mkdir(parents=True, exist_ok=True)
        links = {link.name: _target(link) for link in _inside(self._hosts)}
        stale = {host for host, led_to in links.items() if led_to == target} - hosts
        missing = {host for host in hosts if links.get(host) != target}
        for host in stale:
            (self._hosts / host).unlink(missing_ok=True)
        for host in missing:
            fresh = self._hosts / f".{host}.{page}"
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(target)
            fresh.replace(self._hosts / host)
        if stale or missing:
            _sync_folder(self._hosts)


def the_store() -> Store:
    return Store(settings.PUBLISHED_DIR)


def _checked(pattern: re.Pattern[str], name: str) -> str:
    if not pattern.fullmatch(name):
        raise ValueError(f"{name!r} has no place among published files.")
    return name


def _write(path: Path, body: bytes) -> int:
    """Replace the file and its twin, unless it holds these bytes already."""
    twin = path.with_name(path.name + GZIPPED)
    if _is_whole(path, twin) and path.read_bytes() == body:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    changed_at = _next_second(path, twin)
    # Its header would hold the time otherwise, and equal pages would have unequal bytes.
    _replace(twin, gzip.compress(body, compresslevel=6, mtime=0), changed_at=changed_at)
    _replace(path, body, changed_at=changed_at)
    _sync_folder(path.parent)
    return 1


def _is_whole(path: Path, twin: Path) -> bool:
    """Both are of the same version. Killed between the two, a publisher leaves a newer twin."""
    return path.exists() and twin.exists() and path.stat().st_mtime == twin.stat().st_mtime


def _next_second(*paths: Path) -> int:
    """Web servers build ETags from whole seconds and the size: two versions must never share a second."""
    former = [int(path.stat().st_mtime) for path in paths if path.exists()]
    return max(int(time.time()), *(second + 1 for second in former)) if former else int(time.time())


def _replace(path: Path, body: bytes, *, changed_at: int) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as fresh:
        try:
            fresh.write(body)
            fresh.flush()
            os.fchmod(fresh.fileno(), 0o644)  # the web server may be another account
            os.utime(fresh.fileno(), (changed_at, changed_at))
            os.fsync(fresh.fileno())
            Path(fresh.name).replace(path)
        except BaseException:
            Path(fresh.name).unlink(missing_ok=True)
            raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_others(folder: Path, names: set[str]) -> None:
    """What a killed publisher left half-written begins with a dot, and goes too."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name.removesuffix(GZIPPED) not in names and not name.startswith(ASSETS):
            path.unlink(missing_ok=True)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # another publisher has just taken it away
        return ""


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []

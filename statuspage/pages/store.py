"""Where published documents live: one folder per page, one link per host name, each document with its gzipped twin.

A web server answers visitors straight from these files, so they are only ever replaced whole, by renaming.
"""

import gzip
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

INDEX = "index.html"
ASSETS = "assets/"
"""Names below it carry a hash of their bytes: they never change, and old ones serve pages still open in a browser."""
GZIPPED = ".gz"
HEARTBEAT = "heartbeat.json"
"""Beside the folders of all pages, and found at every host."""
MANIFEST = ".manifest"
"""What the page's documents were made of. Taken away before anything is written and put back when all of it is: a
folder without one may hold half of a version, and is written anew."""
WRITERS = 8

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*", re.ASCII)
_FOLDER = re.compile(r"[a-z0-9]{12}", re.ASCII)
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a page. `name` is its path below the page's folder: "api/v2/status.json".

    `source` is its bytes, or what draws them. `made_of` stands for everything they depend on: while it is the same the
    file on disk is right and need not even be drawn. Empty: who knows, draw it.
    """

    name: str
    source: bytes | Callable[[], bytes]
    made_of: str = ""

    @property
    def body(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source()


class Store:
    """Files below `root`: pages/<public id>/…, hosts/<host name> → ../pages/<public id>, and the heartbeat."""

    def __init__(self, root: Path) -> None:
        self._root, self._pages, self._hosts = root, root / "pages", root / "hosts"

    def put(
        self, page: str, documents: Sequence[Document], *, hosts: Iterable[str], known: Mapping[str, str] | None = None
    ) -> int:
        """Make the page be exactly these documents, found at exactly these hosts. Returns how many files were written.

        `page` is its public id. The index is written last, so that what it leads to is there. `known` is what
        `known()` said when the documents were gathered. Raises ValueError for a name that has no place below the
        page's folder.
        """
        folder = self._pages / _checked(_FOLDER, page)
        names = {_checked(_NAME, document.name) for document in documents}
        if any(name.endswith(GZIPPED) for name in names):
            raise ValueError("Documents bring their .gz by themselves.")
        known = self.known(page) if known is None else known
        (folder / MANIFEST).unlink(missing_ok=True)
        changed = [each for each in documents if not each.made_of or known.get(each.name) != each.made_of]
        in_order = sorted(changed, key=lambda document: (document.name == INDEX, document.name))
        written = _write_all((folder / document.name, document) for document in in_order)
        self._link(page, {_checked(_HOST, host) for host in hosts})
        _remove(folder, (known.keys() or _files(folder)) - names)
        manifest = {document.name: document.made_of for document in documents}
        _replace(folder / MANIFEST, json.dumps(manifest).encode(), changed_at=int(time.time()))
        return written

    def known(self, page: str) -> Mapping[str, str]:
        """What each document of the page on disk was made of; nothing when they are not all there and whole."""
        try:
            manifest: dict[str, str] = json.loads((self._pages / _checked(_FOLDER, page) / MANIFEST).read_bytes())
        except (OSError, ValueError):
            return {}
        return manifest

    def read(self, page: str, name: str) -> bytes | None:
        """What visitors are given under this name, if there is anything."""
        path = self._pages / _checked(_FOLDER, page) / name
        return path.read_bytes() if _NAME.fullmatch(name) and path.is_file() else None

    def forget(self, page: str) -> None:
        """Let the page be written from nothing next time, whatever is on disk."""
        (self._pages / _checked(_FOLDER, page) / MANIFEST).unlink(missing_ok=True)

    def keep_only(self, pages: Iterable[str]) -> None:
        """Take every other page, and the hosts that lead to it, off the net."""
        kept = set(pages)
        for folder in _inside(self._pages):
            if folder.name not in kept:
                self.withdraw(folder.name)

    def withdraw(self, page: str) -> None:
        """Take the page, and the hosts that lead to it, off the net: first the way in, then the files."""
        self._link(page, set())
        shutil.rmtree(self._pages / _checked(_FOLDER, page), ignore_errors=True)

    def confirm(self, body: bytes) -> None:
        """Replace the heartbeat (heartbeat.py). Not forced to the disk: after a crash it is old in any case."""
        self._root.mkdir(parents=True, exist_ok=True)
        _replace(self._root / HEARTBEAT, body, changed_at=int(time.time()), is_forced=False)

    def heartbeat(self) -> bytes | None:
        path = self._root / HEARTBEAT
        return path.read_bytes() if path.is_file() else None

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
            fresh = self._hosts / f".{page}"  # a page has one publisher; with the host in it, it could be too long
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


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A file and its twin, written beside those they will replace. `path` is the file's."""

    path: Path
    plain: Path
    twin: Path

    def put_in_place(self) -> None:
        self.twin.replace(_twin_of(self.path))
        self.plain.replace(self.path)


def _write_all(documents: Iterable[tuple[Path, Document]]) -> int:
    """Replace those files that would hold something else, in this order. Returns how many.

    Compressing and waiting for the disk go on side by side while the next document is drawn, here, in one thread.
    """
    with ThreadPoolExecutor(WRITERS) as writers:
        waiting = [writers.submit(_prepare, path, document.body) for path, document in documents]
    written = [fresh for done in waiting if (fresh := done.result())]
    for fresh in written:
        fresh.put_in_place()
    for folder in {fresh.path.parent for fresh in written}:
        _sync_folder(folder)
    return len(written)


def _prepare(path: Path, body: bytes) -> _Fresh | None:
    """None: the file holds these bytes already."""
    twin = _twin_of(path)
    if _is_whole(path, twin) and path.read_bytes() == body:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    changed_at = _next_second(path, twin)
    # Its header would hold the time otherwise, and equal pages would have unequal bytes.
    compressed = gzip.compress(body, compresslevel=6, mtime=0)
    return _Fresh(
        path, _lay_beside(path, body, changed_at=changed_at), _lay_beside(twin, compressed, changed_at=changed_at)
    )


def _twin_of(path: Path) -> Path:
    return path.with_name(path.name + GZIPPED)


def _is_whole(path: Path, twin: Path) -> bool:
    """Both are of the same version. Killed between the two, a publisher leaves a newer twin."""
    return path.exists() and twin.exists() and path.stat().st_mtime == twin.stat().st_mtime


def _next_second(*paths: Path) -> int:
    """Web servers build ETags from whole seconds and the size: two versions must never share a second."""
    former = [int(path.stat().st_mtime) for path in paths if path.exists()]
    return max(int(time.time()), *(second + 1 for second in former)) if former else int(time.time())


def _replace(path: Path, body: bytes, *, changed_at: int, is_forced: bool = True) -> None:
    _lay_beside(path, body, changed_at=changed_at, is_forced=is_forced).replace(path)


def _lay_beside(path: Path, body: bytes, *, changed_at: int, is_forced: bool = True) -> Path:
    """A file that waits for taking the place of `path`. A killed publisher leaves it behind, to be removed."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as fresh:
        try:
            fresh.write(body)
            fresh.flush()
            os.fchmod(fresh.fileno(), 0o644)  # the web server may be another account
            os.utime(fresh.fileno(), (changed_at, changed_at))
            if is_forced:
                os.fsync(fresh.fileno())
        except BaseException:
            Path(fresh.name).unlink(missing_ok=True)
            raise
    return Path(fresh.name)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> set[str]:
    """What a killed publisher left half-written begins with a dot, and is found too."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {path.removesuffix(GZIPPED) for path in paths}


def _remove(folder: Path, names: set[str]) -> None:
    for name in names:
        if not name.startswith(ASSETS):
            (folder / name).unlink(missing_ok=True)
            (folder / f"{name}{GZIPPED}").unlink(missing_ok=True)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # another publisher has just taken it away
        return ""


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []

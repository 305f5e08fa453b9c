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
from dataclasses import dataclass
from pathlib import Path

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
AT_ONCE = 8
"""So many documents that nobody watches are drawn and written before somebody asks whether something newer waits."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*", re.ASCII)
_FOLDER = re.compile(r"[a-z0-9]{12}", re.ASCII)
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a page. `name` is its path below the page's folder: "api/v2/status.json".

    `source` is its bytes, or what draws them. `made_of` stands for everything they depend on: while it is the same the
    file on disk is right and need not even be drawn. Empty: who knows, draw it. What `is_watched` while something is
    wrong is there before the rest is drawn.
    """

    name: str
    source: bytes | Callable[[], bytes]
    made_of: str = ""
    is_watched: bool = False

    @property
    def body(self) -> bytes:
        return self.source if isinstance(self.source, bytes) else self.source()


class Store:
    """Files below `root`: pages/<public id>/…, hosts/<host name> → ../pages/<public id>, and the heartbeat."""

    def __init__(self, root: Path) -> None:
        self._root, self._pages, self._hosts = root, root / "pages", root / "hosts"

    def put(
        self,
        page: str,
        documents: Sequence[Document],
        *,
        hosts: Iterable[str],
        known: Mapping[str, str] | None = None,
        is_overtaken: Callable[[], bool] = lambda: False,
    ) -> int:
        """Make the page be exactly these documents, found at exactly these hosts. Returns how many files were written.

        `page` is its public id. What people watch comes first, and with it what it may lead to: every document that
        was not there before. The index is the last of these. `known` is what `known()` said when the documents were
        gathered. Once what people watch is there, `is_overtaken` is asked every now and then: when something newer
        waits to be published, that comes first and brings the rest with it. Raises ValueError for a name that has no
        place below the page's folder.
        """
        folder = self._pages / _checked(_FOLDER, page)
        names = _checked_names(documents)
        known = self.known(page) if known is None else known
        (folder / MANIFEST).unlink(missing_ok=True)
        done, rest = _changed(documents, known)
        written = _write_all(folder, done)
        while rest and not is_overtaken():
            some, rest = rest[:AT_ONCE], rest[AT_ONCE:]
            written += _write_all(folder, some)
            done += some
        if not rest:
            self._link(page, {_checked(_HOST, host) for host in hosts})
            _remove(folder, (known.keys() or _files(folder)) - names)
        made_of = {**known, **_made_of(done)} if rest else _made_of(documents)
        _replace(folder / MANIFEST, json.dumps(made_of).encode(), changed_at=int(time.time()))
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
            _force(self._hosts)


def the_store() -> Store:
    return Store(settings.PUBLISHED_DIR)


def _checked(pattern: re.Pattern[str], name: str) -> str:
    if not pattern.fullmatch(name):
        raise ValueError(f"{name!r} has no place among published files.")
    return name


def _checked_names(documents: Iterable[Document]) -> set[str]:
    names = {_checked(_NAME, document.name) for document in documents}
    if any(name.endswith(GZIPPED) for name in names):
        raise ValueError("Documents bring their .gz by themselves.")
    return names


def _changed(documents: Iterable[Document], known: Mapping[str, str]) -> tuple[list[Document], list[Document]]:
    """Those that are not on disk as they are now: what must be there first, and the rest."""
    changed = [each for each in documents if not each.made_of or known.get(each.name) != each.made_of]
    first = [each for each in changed if each.is_watched or each.name not in known]
    return first, [each for each in changed if not each.is_watched and each.name in known]


def _made_of(documents: Iterable[Document]) -> dict[str, str]:
    return {document.name: document.made_of for document in documents}


def _write_all(folder: Path, documents: Iterable[Document]) -> int:
    """Replace those files that would hold something else, the index last. Returns how many.

    All are laid beside those they will replace, then forced to the disk, then put in place. In one thread: with more,
    each waits for the one that draws, and all of it takes twice as long.
    """
    in_order = sorted(documents, key=lambda document: (document.name == INDEX, document.name))
    files = [file for each in in_order for file in _lay_with_twin(folder / each.name, each.body)]
    for file in files:
        _force(_beside(file))
    for file in files:
        _beside(file).replace(file)
    for place in {file.parent for file in files}:
        _force(place)
    return len(files) // 2


def _lay_with_twin(path: Path, body: bytes) -> tuple[Path, ...]:
    """The twin, then the file itself. Nothing: the file holds these bytes already."""
    twin = _twin_of(path)
    if _is_whole(path, twin) and path.read_bytes() == body:
        return ()
    path.parent.mkdir(parents=True, exist_ok=True)
    changed_at = _next_second(path, twin)
    # Its header would hold the time otherwise, and equal pages would have unequal bytes.
    _lay(twin, gzip.compress(body, compresslevel=6, mtime=0), changed_at=changed_at)
    _lay(path, body, changed_at=changed_at)
    return twin, path


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
    _lay(path, body, changed_at=changed_at)
    if is_forced:
        _force(_beside(path))
    _beside(path).replace(path)


def _lay(path: Path, body: bytes, *, changed_at: int) -> None:
    """Write a file that waits for taking the place of `path`. A killed publisher leaves it behind, to be removed."""
    with _beside(path).open("wb") as fresh:
        fresh.write(body)
        fresh.flush()
        os.fchmod(fresh.fileno(), 0o644)  # whatever the umask: the web server may be another account
        os.utime(fresh.fileno(), (changed_at, changed_at))


def _beside(path: Path) -> Path:
    """A name nobody else writes to: a page has one publisher, but the heartbeat may have several."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def _force(path: Path) -> None:
    """A file or a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
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

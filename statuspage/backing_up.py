"""Backup and restore: PostgreSQL's own dump in one file. Published pages are drawn anew from it, so it is all there is.

Login sessions are left out: a backup must not let anybody in. RIPPLE_SECRET_KEY belongs beside the backup, not in it:
without it no link that was ever mailed works again.
"""

import os
import shutil
import subprocess
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from notifications import holding

_IS_EMPTY = "SELECT NOT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public')"


class CannotKeep(Exception):  # noqa: N818 - says what happened
    """Backing up or restoring did not work. The sentence says what to do."""


def back_up(path: Path) -> None:
    """Write the whole database to `path`, as it is at one moment, while everything goes on. All of it or no file.

    Raises CannotKeep.
    """
    if path.exists():
        raise CannotKeep(f"{path} exists already. A backup never overwrites one.")
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.touch(mode=0o600)  # it is full of addresses
    arguments = ["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=10s"]
    _run("pg_dump", *arguments, "--exclude-table-data=django_session", f"--file={unfinished}")
    _run("pg_restore", "--list", str(unfinished), is_server_asked=False)
    unfinished.rename(path)


def restore(path: Path) -> None:
    """Fill the empty database with what `path` holds, bring it up to date with this program, and put it on hold.

    Workers may be running: they see nothing, or everything and that it is on hold. Raises CannotKeep, with nothing
    changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IS_EMPTY)
        (is_empty,) = cursor.fetchone()
    if not is_empty:
        raise CannotKeep("The database is not empty. Make a new one (dropdb, createdb) and restore into that.")
    connection.close()
    _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(path))
    call_command("migrate", interactive=False, verbosity=0)
    holding.notice_a_restore()
    holding.hold(by=None, why=holding.RESTORED)  # a backup from before databases knew where they were written


def _run(program: str, *arguments: str, is_server_asked: bool = True) -> None:
    database = connection.settings_dict
    where = [f"--dbname={database['NAME']}", f"--host={database['HOST']}", f"--username={database['USER']}"]
    where += [f"--port={database['PORT']}"] if database["PORT"] else []
    done = subprocess.run(
        [_find(program), *(where if is_server_asked else []), *arguments],
        env={"PGPASSWORD": str(database["PASSWORD"]), "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotKeep(f"{program} failed:\n{done.stderr.strip()}")


def _find(program: str) -> str:
    found = shutil.which(program, path=settings.PG_BINDIR or None)
    if found is None:
        raise CannotKeep(f"{program} was not found. Install PostgreSQL's client programs, or set PG_BINDIR.")
    return found

"""The tests' database: migrated once, copied for every process of the suite, emptied after every test that commits.

Its user must be a superuser, as with the server that the plugin starts.
"""

import fcntl
import os
import shutil
from pathlib import Path

from django.db import connection

from statuspage.kit import clock
from tests.plugin import BEING_MIGRATED

# What tests write to: every table, with its key. What migrations have filled stays.
TABLES = """
    SELECT pg_class.oid::regclass::text AS name, quote_ident(attname) AS key
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum = 1
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT IN ('clock_moved', 'django_migrations', 'django_content_type', 'auth_permission', 'kit_lastingkey')
"""
# Deleting the little that a test has written takes 4 ms. Django's flush truncates every table, which makes 400 files
# anew, and then looks for every permission: 290 ms. As with TRUNCATE no trigger and no foreign key is asked.
EMPTY = f"""
DO $$
DECLARE one record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN {TABLES} LOOP EXECUTE 'DELETE FROM ' || one.name; END LOOP;
END $$;
INSERT INTO notifications_installation (is_only, identity) VALUES (true, database_identity());
"""


def copy_the_template() -> None:
    """From here on Django makes the tests' database as a copy of the one that the plugin has begun to migrate."""
    if path := os.environ.get(BEING_MIGRATED):
        with Path(path).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
        connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]


def leave_as_migrated() -> None:
    """No row and no page, the clock real, and the database the one that its installation knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('clock_moved') IS NOT NULL")
        if cursor.fetchone()[0]:
            clock.make_real()
        cursor.execute(EMPTY)
    shutil.rmtree(Path(os.environ["RIPPLE_DATA_DIR"]) / "published", ignore_errors=True)

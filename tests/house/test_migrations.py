"""A migration is applied while the program before it still runs: old and new workers side by side must both go on.

What django-migration-linter calls an error breaks the older program (a column gone, renamed, or suddenly required);
what it warns of locks a table that is being written to. Both are done in two releases instead: see docs/operating.md.
"""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

BEFORE_THE_FIRST_RELEASE = {
    "kit": 1,
    "organizations": 6,
    "pages": 6,
    "incidents": 5,
    "subscribers": 5,
    "notifications": 5,
}
"""Up to these nothing had to go on running meanwhile."""
REVIEWED: dict[str, str] = {
    "notifications.0012_failures_are_found": "A chunk is hundreds of people: two thousand rows for a million of them",
    "organizations.0013_workers_mail_invitations": "Invitations that wait are few, and writing one waits for a moment",
    "subscribers.0010_find_among_a_million": "Nothing is released yet. The columns' bytes stay; an index is made anew",
    "subscribers.0013_members_are_told": "Members are few, and no person is one yet: a look through a million rows",
}
"""app.migration: why it may be so all the same."""


def dangers(statements: list[str]) -> list[str]:
    """What of these the program before could not live with."""
    errors, _ignored, warnings = analyse_sql_statements(PostgresqlAnalyser, statements, [])
    return [f"{issue.code}: {issue.message}" for issue in [*errors, *warnings]]


def test_the_program_before_goes_on_running(db: None) -> None:
    loader = MigrationLoader(connection)
    found = {
        f"{app}.{name}": dangers([line for line in loader.collect_sql([(migration, False)]) if line[:2] != "--"])
        for (app, name), migration in loader.disk_migrations.items()
        if app in BEFORE_THE_FIRST_RELEASE and int(name[:4]) > BEFORE_THE_FIRST_RELEASE[app]
    }
    assert {name: why for name, why in found.items() if why and name not in REVIEWED} == {}


@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE "notifications_chunk" ADD COLUMN "weight" integer NOT NULL;',
        'ALTER TABLE "notifications_chunk" DROP COLUMN "size" CASCADE;',
        'ALTER TABLE "notifications_chunk" RENAME COLUMN "size" TO "people";',
        'ALTER TABLE "notifications_chunk" RENAME TO "notifications_range";',
        'ALTER TABLE "notifications_chunk" ALTER COLUMN "size" TYPE bigint USING "size"::bigint;',
        'DROP TABLE "notifications_chunk" CASCADE;',
        'CREATE INDEX "by_size" ON "notifications_chunk" ("size");',
    ],
)
def test_what_would_break_it_is_found(statement: str) -> None:
    assert dangers([statement])


def test_what_it_can_live_with_is_let_through() -> None:
    assert not dangers(['ALTER TABLE "notifications_chunk" ADD COLUMN "weight" integer NULL;'])
    assert not dangers(['ALTER TABLE "notifications_chunk" ADD COLUMN "weight" integer DEFAULT 0 NOT NULL;'])

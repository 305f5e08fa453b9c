"""Guarantees for migrations that Django has no words for."""

from django.db import migrations


def may_be_referred_to(table: str) -> migrations.RunSQL:
    """Lets other tables refer to a row together with its organization."""
    name = f"{table}_within_its_organization"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (organization_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def stays_within_organization(table: str, column: str, parent: str) -> migrations.RunSQL:
    """The row that `column` names must be there and belong to the same organization.

    It says all that Django's own constraint would say: the field gets `db_constraint=False`, or every row is checked
    twice. Where `column` must be filled in, the same is true of `organization`.
    """
    name = f"{table.partition('_')[2]}_{column.removesuffix('_id')}_of_the_same_organization"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (organization_id, {column})"
        f" REFERENCES {parent} (organization_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )

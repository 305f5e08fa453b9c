"""Every reference is held by one constraint: each further one costs every row that is written, and says nothing."""

import pytest
from django.db import connection

# A key together with the organization says all that the key alone says: the row is there. And where it must be
# filled in, the organization is there, too: it is the parent's.
HELD_TWICE = """
    WITH held AS (
        SELECT c.conrelid, c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
               (SELECT array_agg(a.attname::text ORDER BY k.place)
                FROM unnest(c.conkey) WITH ORDINALITY k(number, place)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) AS columns
        FROM pg_constraint c WHERE c.contype = 'f'
    )
    SELECT DISTINCT alone.child, alone.columns[1]
    FROM held alone
    JOIN held together USING (conrelid)
    JOIN pg_attribute a ON a.attrelid = conrelid AND a.attname = together.columns[2]
    WHERE cardinality(alone.columns) = 1 AND cardinality(together.columns) = 2
      AND (alone.columns[1] = together.columns[2]
           OR alone.columns[1] = together.columns[1] AND a.attnotnull)
    ORDER BY 1, 2
"""


@pytest.mark.django_db
def test_a_reference_is_held_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HELD_TWICE)
        twice = [f"{table}.{column}" for table, column in cursor.fetchall()]
    assert not twice, "Give these db_constraint=False: the constraint of kit/migrating.py holds them already."

"""The lines of a piece become people, addresses and subscriptions, set by set.

Whoever is there already keeps what they chose: a name, services, having left. A second import of the same file
changes nothing. What happened since the file was checked is looked at again: somebody may have left meanwhile.

Whoever signs up by themselves between our look and our insertion makes the insertion fail: then the piece is done anew.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from statuspage.kit import clock
from statuspage.kit.inserting import Insertion
from subscribers.importing import asking
from subscribers.importing.models import Consent, ImportFile, ImportLine, ImportPiece
from subscribers.importing.problems import Problem
from subscribers.models import Address, Person, SubscribedService, Subscription

BEFORE_NOW = timedelta(minutes=2)
"""Whoever is imported agreed before the import. Dated so, nobody gets the newest words of an incident that was under
way without them, as somebody does who confirms meanwhile (R15): they hear from the next message on."""

# Ids are drawn here, a person's once for each row, so that nothing has to be asked back from the insertions.
#
# What is there already is looked up row by row (LATERAL … LIMIT 1, and below ANY(ARRAY(…))), and the organization comes
# from a row and not as a number. Left to itself the planner reads whole tables for each piece, or all rows of an
# organization of which it believes that it has none, and a million rows take the square of their time.
_TAKE = """
    CREATE TEMPORARY TABLE taken AS
    WITH found AS MATERIALIZED (
        SELECT l.line, l.channel, l.value, l.normalised, l.public_id, l.name, l.ring_id, l.services, l.language, l.zone,
               l.since, a.id AS address_id, a.person_id AS owner_id, a.stopped_at, s.id IS NOT NULL AS is_suppressed,
               p.ring_id AS old_ring_id
        FROM subscribers_importfile f JOIN subscribers_importline l ON l.file_id = f.id
        LEFT JOIN LATERAL (
            SELECT id, person_id, stopped_at FROM subscribers_address
            WHERE organization_id = f.organization_id AND channel = l.channel AND normalised = l.normalised LIMIT 1
        ) a ON true
        LEFT JOIN LATERAL (SELECT ring_id FROM subscribers_person WHERE id = a.person_id LIMIT 1) p ON true
        LEFT JOIN LATERAL (
            SELECT id FROM subscribers_suppression
            WHERE organization_id = f.organization_id AND channel = l.channel AND fingerprint = l.fingerprint LIMIT 1
        ) s ON true
        WHERE f.id = %(file)s AND l.line BETWEEN %(first)s AND %(last)s AND l.problem = ''
    ), people AS (
        SELECT line, owner_id, coalesce(owner_id, nextval('subscribers_person_id_seq')) AS person_id
        FROM (SELECT line, max(owner_id) AS owner_id FROM found GROUP BY line) of_each_row
    )
    SELECT f.line, f.channel, f.value, f.normalised, f.public_id, f.name, f.ring_id, f.services, f.language, f.zone,
           f.since, f.stopped_at, f.is_suppressed, f.owner_id, people.person_id,
           max(f.old_ring_id) OVER (PARTITION BY line) AS old_ring_id,
           people.owner_id IS NULL AS is_new, f.address_id IS NULL AS is_new_address,
           coalesce(f.address_id, nextval('subscribers_address_id_seq')) AS address_id
    FROM found f JOIN people USING (line)
"""
_REJECT = """
    WITH wrong AS (
        SELECT line, CASE WHEN bool_or(is_suppressed) THEN %(suppressed)s ELSE %(two_people)s END AS problem,
               min(value) AS value FROM taken GROUP BY line
        HAVING bool_or(is_suppressed) OR count(DISTINCT owner_id) > 1
    ), gone AS (DELETE FROM taken USING wrong WHERE taken.line = wrong.line)
    UPDATE subscribers_importline l SET problem = wrong.problem, cell = left(wrong.value, 100)
    FROM wrong WHERE l.file_id = %(file)s AND l.line = wrong.line RETURNING l.line
"""
_ONE_OF_EACH_LINE = (
    "FROM (SELECT DISTINCT ON (line) * FROM taken ORDER BY line, channel) t WHERE t.is_new ORDER BY t.line"
)
_WHEN = "coalesce(least(t.since, %(now)s), %(now)s)"
_NEW_PEOPLE = Insertion(
    Person,
    {
        "id": "t.person_id",
        "organization_id": "%(organization)s",
        "public_id": "t.public_id",
        "ring_id": "t.ring_id",
        "name": "t.name",
        "language": "t.language",
        "zone": "t.zone",
        "is_endpoint": "t.channel NOT IN ('email', 'sms')",
        "created_at": _WHEN,
    },
    _ONE_OF_EACH_LINE,
)
_NEW_ADDRESSES = Insertion(
    Address,
    {
        "id": "t.address_id",
        "organization_id": "%(organization)s",
        "person_id": "t.person_id",
        "channel": "t.channel",
        "value": "t.value",
        "normalised": "t.normalised",
        "confirmed_at": "CASE WHEN %(is_agreed)s OR t.ring_id IS NOT NULL"
        " THEN coalesce(least(t.since, %(agreed)s), %(agreed)s) END",
        "created_at": _WHEN,
    },
    "FROM taken t WHERE t.is_new_address ORDER BY t.line",
)
_CONFIRM = """
    UPDATE subscribers_address a SET confirmed_at = %(agreed)s FROM taken t
    WHERE a.id = ANY(ARRAY(SELECT address_id FROM taken WHERE NOT is_new_address))
      AND a.id = t.address_id AND a.confirmed_at IS NULL AND (%(is_agreed)s OR t.ring_id IS NOT NULL)
    RETURNING t.line
"""
_MOVE = """
    UPDATE subscribers_person p SET ring_id = t.ring_id FROM taken t
    WHERE p.id = ANY(ARRAY(SELECT person_id FROM taken WHERE NOT is_new AND ring_id IS NOT NULL))
      AND p.id = t.person_id AND p.ring_id IS DISTINCT FROM t.ring_id
    RETURNING t.line
"""
# Somebody in a ring hears as one of it, and somebody who has left stays away.
_NEW_SUBSCRIPTIONS = Insertion(
    Subscription,
    {
        "organization_id": "%(organization)s",
        "address_id": "t.address_id",
        "page_id": "%(page)s",
        "is_for_everything": "t.services IS NULL",
        "created_at": _WHEN,
    },
    """FROM taken t WHERE t.ring_id IS NULL AND t.old_ring_id IS NULL AND t.stopped_at IS NULL
       AND (t.is_new_address OR NOT EXISTS (SELECT 1 FROM subscribers_subscription s
                                            WHERE s.address_id = t.address_id AND s.page_id = %(page)s))
       ORDER BY t.line""",
    returning="id, address_id",
)
_NEW_CHOICES = Insertion(
    SubscribedService,
    {"organization_id": "%(organization)s", "subscription_id": "made.id", "service_id": "unnest(t.services)"},
    "FROM made JOIN taken t ON t.address_id = made.address_id",
)
_SUBSCRIBED = "SELECT t.line FROM made JOIN taken t ON t.address_id = made.address_id WHERE NOT t.is_new"
_COUNT = "SELECT count(DISTINCT line), count(DISTINCT line) FILTER (WHERE is_new) FROM taken"
_CHANGED = "SELECT line FROM taken WHERE is_new_address AND NOT is_new"


def apply(piece: ImportPiece) -> None:
    """Within the transaction in which the piece was taken, in the scope of its organization."""
    file, now = piece.file, clock.now()
    agreed = min(now, file.agreed_at or now) - BEFORE_NOW
    values: dict[str, Any] = {
        "file": file.pk,
        "organization": file.organization_id,
        "page": file.page_id,
        "first": piece.first_line,
        "last": piece.last_line,
        "now": now,
        "agreed": agreed,
        "is_agreed": file.consent == Consent.ATTESTED,
        "suppressed": Problem.SUPPRESSED.value,
        "two_people": Problem.TWO_PEOPLE.value,
    }
    counts = _apply(values) | asking.note(piece)
    ImportLine.objects.filter(file_id=file.pk, line__range=(piece.first_line, piece.last_line), problem="").delete()
    ImportPiece.objects.filter(pk=piece.pk).update(is_applied=True)
    _check_references()
    ImportFile.objects.filter(pk=file.pk).update(
        pieces_done=F("pieces_done") + 1, **{name: F(name) + number for name, number in counts.items()}
    )


def _check_references() -> None:
    """Now, and not when the transaction ends: it takes as long as all the rest, and whoever works on another piece of
    the file would wait for the file's row meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _apply(values: Mapping[str, Any]) -> dict[str, int]:
    """Rows by what became of them. A new person with all that is theirs is added, and changes nobody."""
    with connection.cursor() as cursor:

        def lines(sql: str, **more: Any) -> set[int]:
            cursor.execute(sql, {**values, **more})
            return {row[0] for row in cursor.fetchall()} if cursor.description else set()

        lines(_TAKE)
        rejected = lines(_REJECT)
        cursor.execute(_COUNT)
        every, added = cursor.fetchone()
        changed = lines(_CHANGED)
        lines(_NEW_PEOPLE.sql, **_NEW_PEOPLE.defaults)
        lines(_NEW_ADDRESSES.sql, **_NEW_ADDRESSES.defaults)
        changed |= lines(_CONFIRM) | lines(_MOVE)
        changed |= lines(
            f"WITH made AS ({_NEW_SUBSCRIPTIONS.sql}), chosen AS ({_NEW_CHOICES.sql}) {_SUBSCRIBED}",
            **_NEW_SUBSCRIPTIONS.defaults,
            **_NEW_CHOICES.defaults,
        )
        lines("DROP TABLE taken")
    return {
        "rejected": len(rejected),
        "added": added,
        "changed": len(changed),
        "unchanged": every - added - len(changed),
    }

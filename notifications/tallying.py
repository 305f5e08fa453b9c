"""Counting what became of messages, for /metrics. Once per chunk and not per message: sending pays nothing for it.

When a worker gives a chunk back, the database counts its deliveries in the query that looks what is left of it anyway.
What an earlier worker counted of the same chunk stands in the chunk (`tallied`), and only the difference is added: a
killed worker or a second try counts nobody twice and forgets nobody.
"""

from collections.abc import Sequence
from typing import Any

BUCKETS = (0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)
"""Seconds from the instant a message could be taken by a worker until its provider accepted it. Fixed with the data."""

# Of deliveries `d` queued at %(queued_at)s: accepted within each bucket …, accepted, their seconds, failed, retried.
COUNTS = "ARRAY[{}]::float8[]".format(
    ", ".join(
        [
            *(
                f"count(*) FILTER (WHERE d.state = 10 AND d.settled_at - %(queued_at)s <= interval '{bucket} s')"
                for bucket in BUCKETS
            ),
            "count(*) FILTER (WHERE d.state = 10)",
            "coalesce(sum(extract(epoch FROM d.settled_at - %(queued_at)s)) FILTER (WHERE d.state = 10), 0)",
            "count(*) FILTER (WHERE d.state IN (11, 16))",
            "coalesce(sum(d.attempts - 1) FILTER (WHERE d.attempts > 1), 0)",
        ]
    )
)
_ADD = """
    INSERT INTO notifications_tally AS t (ring, channel, within, accepted, seconds, failed, retried)
    SELECT coalesce(least(r.position, 9), -1), %s, %s::bigint[], %s, %s, %s, %s
    FROM notifications_broadcast b JOIN notifications_ringstate s ON s.id = b.ring_state_id
    JOIN organizations_ring r ON r.id = s.ring_id WHERE b.id = %s
    ON CONFLICT (ring, channel) DO UPDATE SET
        within = ARRAY(SELECT old + new FROM unnest(t.within, excluded.within) WITH ORDINALITY AS pair (old, new, place)
                       ORDER BY place),
        accepted = t.accepted + excluded.accepted, seconds = t.seconds + excluded.seconds,
        failed = t.failed + excluded.failed, retried = t.retried + excluded.retried
"""


def add(
    cursor: Any, counts: Sequence[float], *, before: Sequence[float] | None, broadcast_id: int, channel: str
) -> None:
    """Add what `counts` has more than `before`. Last in its transaction: the row is shared by all workers."""
    more = [now - then for now, then in zip(counts, before or [0.0] * len(counts), strict=True)]
    if any(more):
        *within, accepted, seconds, failed, retried = more
        cursor.execute(_ADD, [channel, [int(n) for n in within], accepted, seconds, failed, retried, broadcast_id])

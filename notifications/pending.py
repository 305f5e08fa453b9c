"""What waits while the installation is on hold, and what an operator drops of it instead of letting it leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from notifications import holding, taking
from notifications.models import Chunk, ChunkState, DeliveryState, Hold, RingState
from notifications.releasing import audience_of
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations import audit
from statuspage.organizations.models import User

DROPPED = "dropped while on hold"

_PENDING = """
    SELECT s.id, o.name, o.slug, i.number, i.title, r.key, r.name, sum(p.people)::bigint, min(p.queued_at)
    FROM (SELECT b.ring_state_id, c.queued_at, CASE WHEN NOT c.is_expanded THEN c.size ELSE (
              SELECT count(*) FROM notifications_delivery d WHERE d.broadcast_id = c.broadcast_id
                AND d.address_id BETWEEN c.lo AND c.hi AND d.chunk_id = c.id AND d.state < 10) END AS people
          FROM notifications_chunk c JOIN notifications_broadcast b ON b.id = c.broadcast_id
          WHERE c.state IN ('waiting', 'leased') AND c.superseded_at IS NULL) p
    JOIN notifications_ringstate s ON s.id = p.ring_state_id JOIN organizations_ring r ON r.id = s.ring_id
    JOIN incidents_incident i ON i.id = s.incident_id JOIN organizations_organization o ON o.id = i.organization_id
    WHERE p.people > 0 GROUP BY s.id, o.id, i.id, r.id
    ORDER BY o.name, i.number, r.position NULLS LAST, r.name
"""
_CANCEL = """
    UPDATE notifications_delivery SET state = %s, reason = %s, settled_at = clock_timestamp()
    WHERE broadcast_id = %s AND address_id BETWEEN %s AND %s AND chunk_id = %s AND state < 10
"""
_CLOSE = """
    UPDATE notifications_chunk
    SET state = 'done', is_expanded = true, lease_token = NULL, finished_at = clock_timestamp() WHERE id = %s
"""


class CannotDrop(Exception):  # noqa: N818 - says what happened
    """Dropping is for what waits on hold. The sentence says what to do first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What one ring is still to hear of one incident. `people` counts addresses; `since_at` is when the oldest of it
    should have left."""

    ring_state_id: int
    organization: str
    organization_slug: str
    number: int
    title: str
    ring_key: str
    ring: str
    people: int
    since_at: datetime

    @property
    def key(self) -> str:
        """How the command line names it: acme/7/customers."""
        return f"{self.organization_slug}/{self.number}/{self.ring_key}"


def pending() -> list[Pending]:
    """Everything that waits, also for a later try, by organization, incident and ring."""
    with connection.cursor() as cursor:
        cursor.execute(_PENDING)
        return [
            Pending(
                ring_state_id=ring_state_id,
                organization=organization,
                organization_slug=slug,
                number=number,
                title=title,
                ring_key=ring_key,
                ring=ring,
                people=people,
                since_at=since_at,
            )
            for ring_state_id, organization, slug, number, title, ring_key, ring, people, since_at in cursor.fetchall()
        ]


@transaction.atomic
def drop(dropped: Iterable[Pending], *, by: User | None) -> int:
    """Cancel what waits of these, person by person, and say so in each organization's audit log; returns how many.

    Raises CannotDrop, with nothing changed, when no hold stands or somebody is still handing over.
    """
    holding.notice_a_restore()
    if not Hold.objects.select_for_update().filter(released_at=None).exists():  # nobody releases meanwhile
        raise CannotDrop("Nothing is on hold. Put the installation on hold first, then drop.")
    if holding.in_flight():
        raise CannotDrop("Some messages are still being handed over. Try again in a few seconds.")
    with across_organizations():
        states = RingState.objects.select_related("organization", "ring", "incident").in_bulk(
            [each.ring_state_id for each in dropped]
        )
        return sum(_drop(state, by) for state in states.values())


def _drop(state: RingState, by: User | None) -> int:
    chunks = (
        Chunk.objects.select_for_update(of=("self",))
        .select_related("organization", "broadcast__ring_state__incident", "broadcast__ring_state__ring")
        .filter(broadcast__ring_state=state, state__in=[ChunkState.WAITING, ChunkState.LEASED], superseded_at=None)
        .order_by("pk")
    )
    with scope(organization=state.organization):
        number = sum(_cancel(chunk) for chunk in chunks)
        audit.record(
            state.organization,
            by=by,
            verb="dropped",
            target=f"incident {state.incident.number}, ring {state.ring.key}",
            after={"deliveries": number},
        )
    return number


def _cancel(chunk: Chunk) -> int:
    """Written down for each person, also for those whose turn had not come: they are not caught up on later."""
    if not chunk.is_expanded:
        taking.expand(chunk, audience_of(chunk.broadcast), until=chunk.broadcast.reached_until)
    with connection.cursor() as cursor:
        cursor.execute(
            _CANCEL,
            [DeliveryState.CANCELLED.value, DROPPED, chunk.broadcast_id, chunk.lo, chunk.hi, chunk.pk],
        )
        cancelled = int(cursor.rowcount)
        cursor.execute(_CLOSE, [chunk.pk])
    return cancelled

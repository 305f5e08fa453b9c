"""Who is addressed: the SQL that says which addresses a broadcast is for, for chunks, expansion and counts alike.

Raw SQL is not seen by the tenancy guard: every predicate here begins with the organization.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from statuspage.organizations.plan import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A ring, or for an open ring the subscriptions that match the incident's pages and services.

    `hearing` are the other rings that hear of this incident: a person in one of them gets one copy, from there.
    """

    organization_id: int
    ring_id: int
    is_open: bool
    page_ids: tuple[int, ...]
    service_ids: tuple[int, ...]
    hearing: tuple[int, ...]

    def where(self, *, channel: Channel, until: datetime, after: datetime | None = None) -> tuple[str, list[Any]]:
        """SQL over `address a JOIN person p`, with its parameters: confirmed in (after, until], not stopped."""
        conditions = ["a.organization_id = %s", "a.channel = %s", "a.confirmed_at <= %s", "a.stopped_at IS NULL"]
        values: list[Any] = [self.organization_id, channel.value, until]
        if after is not None:
            conditions.append("a.confirmed_at > %s")
            values.append(after)
        if self.is_open:
            conditions += ["(p.ring_id IS NULL OR p.ring_id <> ALL(%s))", f"EXISTS (SELECT 1 {self._subscription})"]
            values += [list(self.hearing), *self._subscription_values]
        else:
            conditions.append("p.ring_id = %s")
            values.append(self.ring_id)
        return " AND ".join(conditions), values

    @property
    def page(self) -> tuple[str, list[Any]]:
        """SQL for the page whose words an address gets: of several, the oldest. NULL for rings that are not open."""
        return (
            (f"(SELECT min(s.page_id) {self._subscription})", self._subscription_values)
            if self.is_open
            else ("NULL::bigint", [])
        )

    @property
    def _subscription(self) -> str:
        return (
            "FROM subscribers_subscription s WHERE s.address_id = a.id AND s.page_id = ANY(%s)"
            " AND (s.is_for_everything OR EXISTS (SELECT 1 FROM subscribers_subscribedservice ss"
            " WHERE ss.subscription_id = s.id AND ss.service_id = ANY(%s)))"
        )

    @property
    def _subscription_values(self) -> list[Any]:
        return [list(self.page_ids), list(self.service_ids)]


FROM = "FROM subscribers_address a JOIN subscribers_person p ON p.id = a.person_id"


def count(audience: Audience, *, channel: Channel, until: datetime) -> int:
    """How many addresses a release now would be for."""
    where, values = audience.where(channel=channel, until=until)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {FROM} WHERE {where}", values)
        (number,) = cursor.fetchone()
    return int(number)

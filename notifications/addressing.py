"""Who is addressed: the SQL that says which addresses a broadcast is for: in chunks, expansion, looks and counts.

Raw SQL is not seen by the tenancy guard: every predicate here begins with the organization.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from statuspage.organizations.plan import Channel

FROM = "FROM subscribers_address a JOIN subscribers_person p ON p.id = a.person_id"

# Most rows are for everything, so that is asked first: the services of the others cost a look into another table.
_CHOSEN = (
    "(s.is_for_everything OR EXISTS (SELECT 1 FROM subscribers_subscribedservice ss"
    " WHERE ss.subscription_id = s.id AND ss.service_id = ANY(%s)))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A ring, or for an open ring the subscriptions that match the incident: its pages, services, kind and impact.

    `hearing` are the other rings that hear of this incident: a person in one of them gets one copy, from there.
    `incident` is its public id, for those who asked for this one only, or want to hear no more of it.
    """

    organization_id: int
    ring_id: int
    is_open: bool
    page_ids: tuple[int, ...]
    service_ids: tuple[int, ...]
    hearing: tuple[int, ...]
    incident: str
    is_maintenance: bool
    impact: int

    def where(self, *, channel: Channel, until: datetime, after: datetime | None = None) -> tuple[str, list[Any]]:
        """SQL over `address a JOIN person p`, with its parameters: confirmed in (after, until], not stopped."""
        conditions = ["a.organization_id = %s", "a.channel = %s", "a.confirmed_at <= %s", "a.stopped_at IS NULL"]
        values: list[Any] = [self.organization_id, channel.value, until]
        if after is not None:
            conditions.append("a.confirmed_at > %s")
            values.append(after)
        if self.is_open:
            wanted, wanted_values = self.wanted("s.page_id = ANY(%s)", [list(self.page_ids)])
            conditions += ["(p.ring_id IS NULL OR p.ring_id <> ALL(%s))", wanted]
            values += [list(self.hearing), *wanted_values]
        else:
            conditions.append("p.ring_id = %s")
            values.append(self.ring_id)
        return " AND ".join(conditions), values

    def wanted(self, page: str, page_values: list[Any]) -> tuple[str, list[Any]]:
        """SQL that holds while address `a` has asked to hear of this on such a page, and has not had enough of it."""
        matching, values = self._matching
        sql = f"""
            EXISTS (SELECT 1 FROM subscribers_subscription s WHERE s.address_id = a.id AND {page} AND {matching})
            AND NOT EXISTS (SELECT 1 FROM subscribers_mutedincident m WHERE m.address_id = a.id AND m.incident = %s)
        """  # noqa: S608 - fixed text, values are parameters
        return sql, [*page_values, *values, self.incident]

    @property
    def page(self) -> tuple[str, list[Any]]:
        """SQL for the page whose words an address gets: of several, the oldest. NULL for rings that are not open."""
        if not self.is_open:
            return "NULL::bigint", []
        matching, values = self._matching
        sql = f"""
            (SELECT min(s.page_id) FROM subscribers_subscription s
             WHERE s.address_id = a.id AND s.page_id = ANY(%s) AND {matching})
        """  # noqa: S608 - fixed text, values are parameters
        return sql, [list(self.page_ids), *values]

    @property
    def _matching(self) -> tuple[str, list[Any]]:
        """SQL over `subscription s`: it asks for what this incident is."""
        kind, values = (
            ("s.is_for_maintenance", [])
            if self.is_maintenance
            else ("s.is_for_incidents AND s.from_impact <= %s", [self.impact])
        )
        return (
            f"(s.only_incident = '' AND {kind} AND {_CHOSEN} OR s.only_incident = %s)",
            [*values, list(self.service_ids), self.incident],
        )


def channels_with_somebody(audience: Audience, channels: Iterable[Channel], *, until: datetime) -> list[Channel]:
    """Those of the channels by which a release now would be for anybody."""
    return [channel for channel in channels if _has_somebody(audience, channel, until)]


def _has_somebody(audience: Audience, channel: Channel, until: datetime) -> bool:
    where, values = audience.where(channel=channel, until=until)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 {FROM} WHERE {where})", values)
        (found,) = cursor.fetchone()
    return bool(found)


def count(audience: Audience, *, channel: Channel, until: datetime) -> int:
    """How many addresses a release now would be for."""
    where, values = audience.where(channel=channel, until=until)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {FROM} WHERE {where}", values)
        (number,) = cursor.fetchone()
    return int(number)

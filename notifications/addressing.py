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
    `channels` are those the plan tells people by. By another one only those are told whom none of these reaches (R16);
    None, from before that was so, bars nobody.
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
    channels: tuple[Channel, ...] | None = None

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
        if self.channels is not None and channel not in self.channels and not channel.is_endpoint:
            last_resort, more = self._last_resort(channel, until, self.channels)
            conditions.append(last_resort)
            values += more
        return " AND ".join(conditions), values

    def _last_resort(self, channel: Channel, until: datetime, planned: tuple[Channel, ...]) -> tuple[str, list[Any]]:
        """SQL that holds for address `a` of whom nothing the plan chose reaches, and nothing else they would rather
        have: what they prefer comes first, then channels in their own order."""
        before = [other.value for other in Channel.for_people() if other not in planned]
        before = before[: before.index(channel.value)]
        wanted, values = self.wanted("s.page_id = ANY(%s)", [list(self.page_ids)], address="b")
        asked, asked_values = (f"AND {wanted}", values) if self.is_open else ("", [])
        sql = f"""
            NOT EXISTS (
                SELECT 1 FROM subscribers_address b WHERE b.person_id = a.person_id AND b.id <> a.id
                  AND b.confirmed_at <= %s AND b.stopped_at IS NULL AND b.channel <> a.channel
                  AND (b.channel = ANY(%s) OR b.channel = p.preferred_channel
                       OR p.preferred_channel <> a.channel AND b.channel = ANY(%s))
                  AND NOT EXISTS (SELECT 1 FROM subscribers_suppression x WHERE x.address_id = b.id)
                  {asked})
        """  # noqa: S608 - fixed text, values are parameters
        return sql, [until, [each.value for each in planned], before, *asked_values]

    def wanted(self, page: str, page_values: list[Any], *, address: str = "a") -> tuple[str, list[Any]]:
        """SQL that holds while `address` has asked to hear of this on such a page, and has not had enough of it."""
        matching, values = self._matching
        sql = f"""
            EXISTS (SELECT 1 FROM subscribers_subscription s
                    WHERE s.address_id = {address}.id AND {page} AND {matching})
            AND NOT EXISTS (SELECT 1 FROM subscribers_mutedincident m
                            WHERE m.address_id = {address}.id AND m.incident = %s)
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

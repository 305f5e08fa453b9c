"""The past by month: paged, never cut off, and drawn again only where something changed."""

import re
import uuid
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import Incident, Update
from statuspage.kit import clock
from statuspage.pages.models import Page, Service
from tests.makers import Cast, open_incident, outage
from tests.publishing.conftest import Published
from tests.timeline import START


def past_incidents(cast: Cast, *began: datetime) -> list[Incident]:
    """Over for long, each an hour long, on the cards."""
    severity = cast.organization.severities.get(key="sev2")
    rows = Incident.objects.bulk_create(
        Incident(
            organization=cast.organization,
            number=1000 + number,
            title="inner",
            public_title=f"Trouble of {at:%d %B %Y}",
            severity=severity,
            status="resolved",
            started_at=at,
            clock_started_at=at,
            public_at=at,
            resolved_at=at + timedelta(hours=1),
            updated_at=at + timedelta(hours=1),
            plan={},
            last_number=1,
            planned_number=1,
            submission_id=uuid.uuid4(),
        )
        for number, at in enumerate(began)
    )
    Update.objects.bulk_create(
        Update(
            organization=cast.organization,
            incident=row,
            number=1,
            status="resolved",
            severity_key="sev2",
            body="It is over.",
            html="<p>It is over.</p>",
            posted_at=row.started_at + timedelta(hours=1),
            submission_id=uuid.uuid4(),
        )
        for row in rows
    )
    for row in rows:
        row.put_on_pages.add(cast.page)
    return rows


def months(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="/history/(\d{4}-\d\d)"', text)))


def test_every_month_with_something_to_tell_has_its_address(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    days = [START - timedelta(days=31 * back) for back in range(14)]
    past_incidents(acme, *days)
    published.publish(acme.page)
    listed = months(published.text(acme.page, "history.html"))
    assert listed == [f"{day:%Y-%m}" for day in days]
    told = "".join(published.text(acme.page, f"history/{month}.html") for month in listed)
    assert all(f"Trouble of {day:%d %B %Y}" in told for day in days)


def test_one_turns_from_month_to_month_past_the_empty_ones(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    past_incidents(acme, datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 11, 30, tzinfo=UTC))
    published.publish(acme.page)
    assert months(published.text(acme.page, "history/2025-06.html")) == ["2025-11"]
    assert months(published.text(acme.page, "history/2025-11.html")) == ["2025-06"]


def test_the_month_is_the_pages_month(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    Page.objects.update(zone="Asia/Tokyo")
    past_incidents(acme, datetime(2026, 1, 31, 20, tzinfo=UTC))
    published.publish(acme.page)
    assert "1 February" in published.text(acme.page, "history/2026-02.html")


def test_a_quiet_page_says_so(acme: Cast, published: Published) -> None:
    published.publish(acme.page)
    assert "No incident or maintenance has been reported yet." in published.text(acme.page, "history.html")


def test_what_is_over_is_neither_read_nor_written_again(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    rows = past_incidents(acme, *(START - timedelta(days=back) for back in range(1, 80)))
    published.publish(acme.page)
    before = {name: (published.folder(acme.page) / name).stat().st_mtime for name in published.names(acme.page)}
    open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        published.publish(acme.page)
    after = {name: (published.folder(acme.page) / name).stat().st_mtime for name in published.names(acme.page)}
    old_pages = [f"incidents/{row.public_id}.html" for row in rows]
    assert [name for name in old_pages if before[name] != after[name]] == []
    read = next(query["sql"] for query in queries if 'FROM "incidents_update"' in query["sql"])
    assert len(re.findall(r"\d+", read.partition(" IN (")[2])) <= 52


def test_a_service_that_is_renamed_is_renamed_in_the_past_as_well(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    (row,) = past_incidents(acme, START - timedelta(days=3))
    row.affected.create(organization=acme.organization, service=acme.cards, status="operational")
    published.publish(acme.page)
    Service.objects.filter(pk=acme.cards.pk).update(name="Plastic money")
    Page.objects.filter(pk=acme.page.pk).touch()
    published.publish(acme.page)
    assert "Plastic money" in published.text(acme.page, f"incidents/{row.public_id}.html")

"""What programs read besides the API: uptime as data, badges, robots.txt, sitemap.xml, security.txt."""

import csv
import io
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from statuspage.kit import clock
from statuspage.pages.models import Page, PageService, Service, StatusChange
from statuspage.pages.status import ServiceStatus
from tests.makers import Cast, open_incident, outage, resolve
from tests.publishing.conftest import Published
from tests.timeline import START

WEIGHTS = {"major_outage": 1.0, "partial_outage": 0.3}
MINUTE = timedelta(minutes=1)


def live_through(cast: Cast, name: str, *, since: datetime, dice: random.Random) -> dict[datetime, str]:
    """A service with a history of its own, by minutes; every change is a row, as the product would have written it."""
    service = Service.objects.create(organization=cast.organization, name=name, created_at=since)
    PageService.objects.create(organization=cast.organization, page=cast.page, service=service)
    length = int((START - since) / MINUTE)
    changes, status = {since: "operational"}, "operational"
    for minute in sorted(dice.sample(range(1, length), 12)):
        new = dice.choice([each.value for each in ServiceStatus if each.value != status])
        at = since + minute * MINUTE
        StatusChange.objects.create(organization=cast.organization, service=service, at=at, old=status, new=new)
        changes[at], status = new, new
    Service.objects.filter(pk=service.pk).update(status=status)
    return changes


def counted(changes: dict[datetime, str], *, zone: str) -> dict[str, Counter[str]]:
    """Minute by minute, as somebody with a watch would: seconds by day and status, for the 90 days before today."""
    local, status = ZoneInfo(zone), ""
    days: dict[str, Counter[str]] = {}
    today = START.astimezone(local).date()
    minute = min(changes)
    while minute < START:
        status = changes.get(minute, status)
        day = minute.astimezone(local).date()
        if today - timedelta(days=90) <= day < today:
            days.setdefault(day.isoformat(), Counter())[status] += 60
        minute += MINUTE
    return days


@pytest.mark.parametrize("zone", ["Etc/UTC", "Europe/Berlin", "America/St_Johns"])
def test_uptime_as_data_is_what_counting_every_minute_says(acme: Cast, published: Published, zone: str) -> None:
    clock.make_movable(START)
    dice = random.Random(zone)
    Page.objects.update(zone=zone)
    began = {"Young": START - timedelta(days=11), "Old": datetime(2025, 11, 28, tzinfo=UTC)}
    lives = {name: live_through(acme, name, since=since, dice=dice) for name, since in began.items()}
    published.publish(acme.page)
    told = {row["name"]: row for row in published.json(acme.page, "uptime.json")["services"]}
    lines = list(csv.DictReader(io.StringIO(published.text(acme.page, "uptime.csv"))))
    for name, changes in lives.items():
        days = counted(changes, zone=zone)
        known = sum(sum(day.values()) for day in days.values())
        down = sum(WEIGHTS.get(status, 0) * seconds for day in days.values() for status, seconds in day.items())
        assert told[name]["known_seconds"] == known
        assert told[name]["uptime"] == pytest.approx(1 - down / known, abs=1e-6)
        troubled = {day["date"]: Counter(day["seconds"]) for day in told[name]["days"]}
        assert troubled == {day: spent for day, spent in days.items() if set(spent) != {"operational"}}
        in_csv = {
            line["date"]: Counter({each: int(line[each]) for each in ServiceStatus if line[each] != "0"})
            for line in lines
            if line["service"] == name and line["known_seconds"] != "0"
        }
        assert in_csv == days
    assert len([line for line in lines if line["service"] == "Young"]) == 90


def test_data_is_drawn_again_at_midnight_or_when_a_complete_day_changed_and_not_before(
    acme: Cast, published: Published
) -> None:
    clock.make_movable(START)
    published.publish(acme.page)
    first = (published.folder(acme.page) / "uptime.csv").stat().st_mtime
    open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    assert (published.folder(acme.page) / "uptime.csv").stat().st_mtime == first
    clock.move_to(START + timedelta(days=1))
    Page.objects.filter(pk=acme.page.pk).touch()
    published.publish(acme.page)
    assert "partial_outage" in str(published.json(acme.page, "uptime.json")["services"])


@pytest.mark.parametrize("name", ["=1+1", "+49", "-2", "@SUM(A1)", "\tx"])
def test_no_cell_is_a_formula(acme: Cast, published: Published, name: str) -> None:
    Service.objects.filter(pk=acme.cards.pk).update(name=name)
    published.publish(acme.page)
    cells = {line["service"] for line in csv.DictReader(io.StringIO(published.text(acme.page, "uptime.csv")))}
    assert f"'{name}" in cells
    assert name not in cells


def test_a_page_without_services_has_data_too(acme: Cast, published: Published) -> None:
    PageService.objects.all().delete()
    published.publish(acme.page)
    assert published.json(acme.page, "uptime.json")["services"] == []


def title(published: Published, page: Page, name: str) -> str:
    return ElementTree.fromstring(published.text(page, name)).findtext("{http://www.w3.org/2000/svg}title") or ""


def test_badges_tell_the_page_and_each_service(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["en", "de"])
    incident = open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    assert title(published, acme.page, "badge.svg") == "Acme status: Partial outage"
    assert title(published, acme.page, f"badge/{acme.cards.public_id}.svg") == "Acme cards: Partial outage"
    assert title(published, acme.page, f"de/badge/{acme.api.public_id}.svg") == "Acme API: In Betrieb"
    resolve(acme, incident)
    published.publish(acme.page)
    assert title(published, acme.page, "badge.svg") == "Acme status: Operational"


def test_a_badge_is_not_green_while_anything_is_open(acme: Cast, published: Published) -> None:
    open_incident(acme, body="Strange mails, and no service is marked.")
    published.publish(acme.page)
    assert title(published, acme.page, "badge.svg") == "Acme status: Degraded performance"


@pytest.mark.parametrize(
    "name", ['"><script>alert(1)</script>', "a&b", "n" * 100, "\x07bell", "\u691c\u7d22", "\u202etxet"]
)
def test_a_badge_is_an_image_whatever_the_name(acme: Cast, published: Published, name: str) -> None:
    Service.objects.filter(pk=acme.api.pk).update(name=name)
    published.publish(acme.page)
    image = ElementTree.fromstring(published.text(acme.page, f"badge/{acme.api.public_id}.svg"))
    drawn = {element.tag.rpartition("}")[2] for element in image.iter()}
    assert drawn <= {"svg", "title", "rect", "path", "g", "text", "circle"}
    assert int(image.attrib["width"]) < 650


def test_search_engines_are_told_every_address_in_every_language(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["en", "de"])
    incident = open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    assert "Sitemap: http://status.acme.test/sitemap.xml" in published.text(acme.page, "robots.txt")
    places = ElementTree.fromstring(published.text(acme.page, "sitemap.xml")).iter(
        "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    )
    found = {(place.text or "").removeprefix("http://status.acme.test") for place in places}
    assert {"/", "/de", f"/incidents/{incident.public_id}", f"/de/incidents/{incident.public_id}"} <= found
    published_pages = {name for name in published.names(acme.page) if name.endswith(".html")} - {"404.html"}
    pages = {f"{address.strip('/') or 'index'}.html" for address in found}
    assert {name for name in published_pages if "embed/" not in name} == pages


def test_who_does_not_want_to_be_found_is_not_offered(acme: Cast, published: Published) -> None:
    Page.objects.update(is_found_by_search=False)
    published.publish(acme.page)
    assert "Disallow: /" in published.text(acme.page, "robots.txt")
    assert '<meta name="robots" content="noindex">' in published.text(acme.page)
    assert "sitemap.xml" not in published.names(acme.page)


def test_who_finds_a_hole_is_told_whom_to_tell(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    published.publish(acme.page)
    assert "security.txt" not in published.names(acme.page)
    Page.objects.update(security_contact="mailto:security@acme.test")
    Page.objects.filter(pk=acme.page.pk).touch()
    published.publish(acme.page)
    lines = dict(line.split(": ", 1) for line in published.text(acme.page, "security.txt").splitlines())
    assert lines["Contact"] == "mailto:security@acme.test"
    assert START + timedelta(days=300) < datetime.fromisoformat(lines["Expires"]) < START + timedelta(days=366)

"""From a committed change to files that visitors read."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from statuspage import publishing
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.pages.models import Host, Page, PageService, Service, ServiceGroup, StatusChange
from statuspage.pages.status import ServiceStatus
from statuspage.pages.store import MANIFEST
from tests.makers import Cast, change_severity, make_page, note, open_incident, outage, post, resolve
from tests.publishing.conftest import Published
from tests.timeline import START


def first_words(published: Published, page: Page) -> str:
    found = re.search(r"<h1.*?<span>(.*?)</span>", published.text(page), re.DOTALL)
    assert found
    return found[1].replace("\u00a0", " ")


def is_outdated(page: Page) -> bool:
    return Page.objects.outdated().filter(pk=page.pk).exists()


def test_a_new_page_is_published_with_everything_it_leads_to(acme: Cast, published: Published) -> None:
    incident = open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    names = published.names(acme.page)
    assert {"index.html", "404.html", "robots.txt", "api/v2/summary.json", "api/v2/status.json"} <= names
    assert f"incidents/{incident.public_id}.html" in names
    leading_to = re.findall(r'(?:href|src)="/([^"]*)"', published.text(acme.page))
    asked = {"subscribe", f"subscribe/incidents/{incident.public_id}"}
    assert asked <= set(leading_to), "which the application answers; all else is a file"
    assert {name if "." in name else f"{name}.html" for name in leading_to if name not in {"", *asked}} <= names
    assert all(f"{name}.gz" in names for name in names - {MANIFEST} if not name.endswith(".gz"))


def test_the_page_follows_the_incident_to_its_end(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    published.publish(acme.page)
    assert first_words(published, acme.page) == "All services are operating normally."

    clock.move_to(START + timedelta(minutes=4))
    incident = open_incident(acme, body="Cards fail.", services=outage(acme.cards))
    published.publish(acme.page)
    assert first_words(published, acme.page) == "Trouble with payments since 10:04 UTC."
    assert "Partial outage" in published.text(acme.page)

    clock.move_to(START + timedelta(minutes=46))
    resolve(acme, incident, "Cards work again.")
    published.publish(acme.page)
    assert first_words(published, acme.page) == "All services are operating normally."
    assert "was resolved after 42 minutes" in published.text(acme.page)


def test_nothing_is_published_twice(acme: Cast, published: Published) -> None:
    published.publish(acme.page)
    assert not is_outdated(acme.page)
    assert publishing.publish(acme.page.pk) is False
    assert publishing.publish_outdated() == 0


def test_a_page_that_fails_waits_and_holds_up_no_other(
    acme: Cast, published: Published, caplog: pytest.LogCaptureFixture
) -> None:
    other = make_page(acme.organization, "other.acme.test", services=[acme.api])
    Page.objects.filter(pk=acme.page.pk).update(zone="Not/AZone")
    assert publishing.publish_outdated() == 1
    assert not is_outdated(other)
    assert is_outdated(acme.page)
    assert caplog.text.count("could not be published") == 1
    assert publishing.publish_outdated() == 0
    assert caplog.text.count("could not be published") == 1, "it waits before it is tried again"
    Page.objects.filter(pk=other.pk).update(updated_at=clock.now() - timedelta(days=2))
    assert publishing.touch_overtaken(clock.now()) == 1


def test_a_second_publisher_leaves_the_page_to_the_first(acme: Cast, published: Published) -> None:
    """Holds the lock as another process would, on a connection of its own."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with publishing._alone_with(acme.page.pk) as is_alone:
            assert is_alone
            held.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(10)
    assert publishing.publish(acme.page.pk) is False
    done.set()
    other.join()
    assert publishing.publish(acme.page.pk) is True


def test_what_is_posted_while_a_page_is_being_read_is_published_in_the_next_round(
    acme: Cast, published: Published
) -> None:
    """Somebody posts on another connection just before the publisher reads the incidents."""
    rounds: list[int] = []

    def post_meanwhile() -> None:
        with scope(organization=acme.organization):
            open_incident(acme, body="Cards fail.", services=outage(acme.cards))
        connection.close()

    def watch(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if sql.startswith("SET TRANSACTION"):
            rounds.append(len(rounds))
        if rounds == [0] and 'FROM "incidents_incident"' in sql:
            rounds.append(-1)
            commanding = threading.Thread(target=post_meanwhile)
            commanding.start()
            commanding.join()
        return execute(sql, *arguments)

    with connection.execute_wrapper(watch):
        published.publish(acme.page)
    assert rounds == [0, -1, 2]
    assert "Trouble with payments" in published.text(acme.page)
    assert not is_outdated(acme.page)


def test_a_page_shows_its_own_services_only(acme: Cast, published: Published) -> None:
    narrow = make_page(acme.organization, "narrow.acme.test", services=[acme.api])
    open_incident(acme, public_title="Cards and API", body="Both fail.", services=outage(acme.cards, acme.api))
    open_incident(acme, public_title="Only the cards", body="Cards fail.", services=outage(acme.cards))
    published.publish(narrow)
    files = [published.folder(narrow) / name for name in published.names(narrow) if not name.endswith(".gz")]
    written = "".join(path.read_bytes().decode(errors="replace") for path in files)
    assert "Cards and API" in written
    assert "Only the cards" not in written
    assert acme.cards.name not in written
    assert acme.cards.public_id not in written


def test_only_verified_hosts_lead_to_the_page(acme: Cast, published: Published) -> None:
    for name, verified_at in (("second.acme.test", clock.now()), ("claimed.test", None)):
        Host.objects.create(organization=acme.organization, page=acme.page, name=name, verified_at=verified_at)
    published.publish(acme.page)
    assert {link.name for link in (published.root / "hosts").iterdir()} == {"status.acme.test", "second.acme.test"}


def test_a_service_that_is_archived_or_taken_from_the_page_is_gone(acme: Cast, published: Published) -> None:
    Service.objects.filter(pk=acme.cards.pk).update(archived_at=clock.now())
    PageService.objects.filter(service=acme.api).delete()
    published.publish(acme.page)
    shown = {row["name"] for row in published.json(acme.page)["components"]}
    assert shown == {"Acme checkout", "Acme payments"}


def test_what_a_tenant_writes_is_text_and_never_markup(acme: Cast, published: Published) -> None:
    attack = '"><script>alert(1)</script>'
    Page.objects.filter(pk=acme.page.pk).update(name=attack)
    Service.objects.filter(pk=acme.api.pk).update(name=attack, description=attack)
    ServiceGroup.objects.update(name=attack)
    incident = open_incident(
        acme, public_title=attack, body=f"{attack}\n\n    <script>in code", services=outage(acme.api)
    )
    published.publish(acme.page)
    for name in ("index.html", "404.html", f"incidents/{incident.public_id}.html"):
        assert set(re.findall(r"<script.*?>", published.text(acme.page, name))) == {
            tag for tag in re.findall(r"<script.*?>", published.text(acme.page, "404.html")) if 'src="/assets/' in tag
        }


def test_indented_code_keeps_its_indentation(acme: Cast, published: Published) -> None:
    open_incident(acme, body="```\nif broken:\n    mend()\n```")
    published.publish(acme.page)
    assert "if broken:\n    mend()" in published.text(acme.page)


CANARIES = {
    "title": "canary-inner-title",
    "note": "canary-note",
    "side": "canary-side-note",
    "bridge": "https://bridge.example/canary",
}


def test_no_inner_word_is_in_any_published_byte(acme: Cast, neighbour: Cast, published: Published) -> None:
    incident = open_incident(
        acme,
        title=CANARIES["title"],
        bridge_url=CANARIES["bridge"],
        body="Cards fail.",
        notes=(note(CANARIES["note"], 0),),
        services=outage(acme.cards),
    )
    post(acme, incident, "", notes=(note(CANARIES["note"], 2),))
    change_severity(acme, incident, "sev2", "Fewer cards fail.", notes=(note(CANARIES["side"], None, "execs"),))
    with scope(organization=neighbour.organization):
        open_incident(neighbour, body="A canary of the neighbour.", services=outage(neighbour.cards))
    publishing.publish_outdated()
    severities = [severity.name for severity in acme.organization.severities.all()]
    inner = [*CANARIES.values(), *severities, "sev1", "sev2", acme.commander.name, acme.commander.email]
    for path in published.folder(acme.page).rglob("*.*"):
        written = path.read_bytes().decode(errors="replace") if path.is_file() and path.suffix != ".gz" else ""
        assert [word for word in inner if word in written] == [], path.name
        assert "Globex" not in written, path.name
        assert "canary" not in written.lower(), path.name
        assert neighbour.page.public_id not in written, path.name


def test_publish_all_rebuilds_from_nothing_and_forgets_pages_that_are_no_more(
    acme: Cast, neighbour: Cast, published: Published
) -> None:
    publishing.publish_outdated()
    before = published.text(acme.page, "api/v2/summary.json")
    (published.folder(acme.page) / "api" / "v2" / "summary.json").unlink()
    neighbour_folder = published.folder(neighbour.page)
    with scope(organization=neighbour.organization):
        neighbour.page.delete()
    call_command("publish", "--all")
    assert published.text(acme.page, "api/v2/summary.json") == before
    assert not neighbour_folder.exists()


NEXT_DAY = START + timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "last_change", "now", "is_touched"),
    [
        ("Etc/UTC", START, NEXT_DAY.replace(hour=0), True),
        ("Etc/UTC", START, START.replace(hour=23, minute=59), False),
        ("America/Los_Angeles", START, NEXT_DAY.replace(hour=7), False),
        ("America/Los_Angeles", START, NEXT_DAY.replace(hour=8), True),
        ("Asia/Tokyo", START, START.replace(hour=15), True),
    ],
)
def test_a_new_day_in_the_pages_zone_asks_for_publishing(
    acme: Cast, published: Published, zone: str, last_change: datetime, now: datetime, *, is_touched: bool
) -> None:
    clock.make_movable(START)
    Page.objects.update(zone=zone, updated_at=last_change)
    published.publish(acme.page)
    clock.move_to(now)
    assert publishing.touch_overtaken(now) == int(is_touched)
    assert is_outdated(acme.page) is is_touched
    assert publishing.touch_overtaken(now) == 0, "once is enough"


def test_a_promise_that_passes_is_told_without_anybody_doing_anything(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    open_incident(acme, body="Strange mails.", next_update_at=START + timedelta(minutes=20))
    published.publish(acme.page)
    assert "Next update by" in published.text(acme.page)
    clock.move_to(START + timedelta(minutes=20))
    assert publishing.touch_overtaken(clock.now()) == 1
    published.publish(acme.page)
    assert "The next update is late: it was due by <time" in published.text(acme.page)
    assert "Next update by" not in published.text(acme.page)


def test_bars_are_drawn_again_while_trouble_lasts(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    ten_past = START + timedelta(minutes=10)
    open_incident(acme, body="Cards fail.", services=outage(acme.cards), expected_fix_at=ten_past)
    published.publish(acme.page)
    assert "Expected to be fixed by" in published.text(acme.page)
    clock.move_to(START + timedelta(minutes=16))
    assert publishing.touch_overtaken(clock.now()) == 1
    published.publish(acme.page)
    assert "partial outage for 16 minutes" in published.text(acme.page)
    assert "It was expected to be fixed by" in published.text(acme.page)


def test_twenty_services_with_ninety_days_stay_small(acme: Cast, published: Published) -> None:
    """At most 30 KB of HTML, 8 KB compressed, even when every service had a day of trouble every nine days.

    The script may have 5 KB: it also says when the page was last confirmed, and tells a day by a tap on it.
    """
    clock.make_movable(START)
    services = Service.objects.bulk_create(
        Service(
            organization=acme.organization,
            name=f"Service number {place}",
            position=place,
            created_at=START - timedelta(days=200),
        )
        for place in range(20)
    )
    PageService.objects.all().delete()
    PageService.objects.bulk_create(
        PageService(organization=acme.organization, page=acme.page, service=service) for service in services
    )
    up, down = ServiceStatus.OPERATIONAL.value, ServiceStatus.DEGRADED_PERFORMANCE.value
    StatusChange.objects.bulk_create(
        StatusChange(organization=acme.organization, service=service, at=at, old=old, new=new)
        for place, service in enumerate(services)
        for day in range(place % 9, 90, 9)
        for at, old, new in (
            (START - timedelta(days=day, hours=2), up, down),
            (START - timedelta(days=day, hours=1), down, up),
        )
    )
    open_incident(acme, body="Cards fail.", services=outage(services[0]))
    published.publish(acme.page)
    folder = published.folder(acme.page)
    assert published.text(acme.page).count("trouble on") == 20
    assert (folder / "index.html").stat().st_size <= 30 * 1024
    assert (folder / "index.html.gz").stat().st_size <= 8 * 1024
    assert max(path.stat().st_size for path in folder.glob("assets/*.js")) <= 5 * 1024

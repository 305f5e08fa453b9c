"""Feeds: sound by RFC 4287, RFC 5005 and RSS 2.0 whatever was typed, one entry for an incident, and nothing cut off."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser
from lxml import etree

from incidents.models import Incident
from statuspage.kit import clock
from statuspage.pages.models import Page
from tests.makers import Cast, note, open_incident, outage, post, resolve, schedule
from tests.publishing.conftest import Published
from tests.publishing.test_history import past_incidents
from tests.publishing.worlds import drawn
from tests.timeline import START, instant

SCHEMAS = Path(__file__).parent / "schemas"
ATOM = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
RSS = etree.RelaxNG(etree.parse(SCHEMAS / "rss.rng"))
IN_ATOM = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}


def feeds_in(documents: Mapping[str, bytes], *endings: str) -> Iterator[tuple[str, bytes]]:
    return ((name, body) for name, body in documents.items() if name.endswith(endings))


def texts(element: etree._Element, path: str) -> list[str]:
    return [found if isinstance(found, str) else found.text for found in element.xpath(path, namespaces=IN_ATOM)]


def test_every_feed_is_what_its_standard_demands(many: list[dict[str, bytes]]) -> None:
    for documents in many:
        for name, body in feeds_in(documents, ".atom", ".rss"):
            schema = ATOM if name.endswith(".atom") else RSS
            assert schema.validate(etree.fromstring(body)), (name, schema.error_log)


def test_what_a_schema_cannot_say_is_true_as_well(many: list[dict[str, bytes]]) -> None:
    for documents in many:
        for name, body in feeds_in(documents, ".atom"):
            feed = etree.fromstring(body)
            relations = texts(feed, "a:link/@rel")
            assert len(set(relations)) == len(relations), "at most one of each"
            (own,) = texts(feed, "a:link[@rel='self']/@href")
            assert own.endswith(f"/{name}")
            assert len(set(texts(feed, "a:entry/a:id"))) == len(texts(feed, "a:entry"))
            assert texts(feed, "a:updated")[0] >= max(texts(feed, "a:entry/a:updated"), default="")
            for entry in feed.iterfind("a:entry", IN_ATOM):
                assert texts(entry, "a:published") <= texts(entry, "a:updated")


def test_a_reader_understands_them(many: list[dict[str, bytes]]) -> None:
    for documents in many:
        for name, body in feeds_in(documents, "history.atom", "history.rss"):
            read = feedparser.parse(body)
            assert not read.bozo, (name, read.get("bozo_exception"))
            assert len(read.entries) == body.count(b"<entry>") + body.count(b"<item>")
            assert all(entry.link and entry.id and entry.published_parsed for entry in read.entries)
            assert b"<script" not in body


def entries(published: Published, page: Page, name: str = "history.atom") -> list[feedparser.FeedParserDict]:
    read: list[feedparser.FeedParserDict] = feedparser.parse(published.text(page, name).encode()).entries
    return read


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_an_incident_is_one_entry_with_all_that_was_said_newest_first(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    incident = open_incident(acme, body="Cards **fail**.", services=outage(acme.cards))
    for minute, body in ((5, "Still looking."), (9, "Found it.\n\n    if broken:\n        mend()")):
        clock.move_to(START + timedelta(minutes=minute))
        post(acme, incident, body, notes=(note("The vendor.", 0),))
    clock.move_to(START + timedelta(minutes=15))
    resolve(acme, incident, "Cards work.")
    published.publish(acme.page)
    (entry,) = entries(published, acme.page)
    assert entry.title == "Trouble with payments"
    assert entry.link == f"http://status.acme.test/incidents/{incident.public_id}"
    assert (entry.published, entry.updated) == ("2026-03-02T10:00:00Z", "2026-03-02T10:15:00Z")
    said = words(entry.content[0].value)
    assert said == (
        "Mar 2 , 10:15 UTC Resolved - Cards work. "
        "Mar 2 , 10:09 UTC Update - Found it. if broken: mend() "
        "Mar 2 , 10:05 UTC Update - Still looking. "
        "Mar 2 , 10:00 UTC Investigating - Cards fail ."
    )
    assert "\n    mend()" in entry.content[0].value
    assert [(tag.term, tag.label) for tag in entry.tags] == [(acme.cards.public_id, "Acme cards")]


def test_who_follows_an_incident_hears_of_every_update(acme: Cast, published: Published) -> None:
    incident = open_incident(acme, body="Cards fail.")
    post(acme, incident, "We know why.")
    published.publish(acme.page)
    name = f"incidents/{incident.public_id}"
    newest, first = entries(published, acme.page, f"{name}.atom")
    assert [newest.title, first.title] == ["Update: Trouble with payments", "Investigating: Trouble with payments"]
    html = published.text(acme.page, f"{name}.html")
    assert all(f'id="{entry.link.partition("#")[2]}"' in html for entry in (newest, first))
    assert f'type="application/atom+xml" title="Trouble with payments" href="/{name}.atom"' in " ".join(html.split())


def test_an_incident_is_followed_in_one_tap_and_nobody_is_shown_a_feed_for_it(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["en", "de"])
    incident = open_incident(acme, body="Cards fail.")
    work = schedule(acme, acme.api, begins_at=clock.now() + timedelta(days=1), ends_at=clock.now() + timedelta(days=2))
    published.publish(acme.page)
    for name in ("index.html", f"incidents/{incident.public_id}.html"):
        assert (
            follows(published.text(acme.page, name), incident)
            == f"/subscribe/incidents/{incident.public_id}?language=en"
        )
    german = published.text(acme.page, "de.html")
    assert follows(german, incident) == f"/subscribe/incidents/{incident.public_id}?language=de"
    assert follows(german, work) == f"/subscribe/incidents/{work.public_id}?language=de"


def follows(html: str, incident: Incident) -> str:
    """Where the button leads by which this one is followed."""
    (link,) = [
        link
        for link in etree.HTML(html).iter("a")
        if "".join(link.itertext()).split(":")[0].strip()
        in {"Follow this incident", "Diese Störung verfolgen", "Diese Wartung verfolgen"}
        and incident.public_id in link.get("href")
    ]
    return str(link.get("href"))


def test_planned_work_is_dated_when_it_is_planned_for(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    schedule(acme, acme.api, begins_at=instant("3 12:00"), ends_at=instant("3 16:00"))
    schedule(acme, begins_at=instant("9 22:00"), ends_at=instant("10 02:00"))
    published.publish(acme.page)
    nights, days = etree.fromstring(published.text(acme.page, "history.rss").encode()).iterfind("channel/item")
    assert parsedate_to_datetime(texts(days, "pubDate")[0]) == instant("3 12:00")
    assert parsedate_to_datetime(texts(days, "maintenanceEndDate")[0]) == instant("3 16:00")
    html = [item.findtext("description") or "" for item in (days, nights)]
    assert html[0].startswith(
        "<p><strong>THIS IS A SCHEDULED EVENT Mar <var data-var='date'>5</var>, "
        "<var data-var='time'>12:00</var> - <var data-var='time'>16:00</var> UTC</strong></p>"
    )
    assert words(html[1]).startswith("THIS IS A SCHEDULED EVENT Mar 11 , 22:00 - Mar 12 , 02:00 UTC")


def test_each_language_has_feeds_of_its_own_about_the_same_incidents(acme: Cast, published: Published) -> None:
    Page.objects.update(languages=["en", "de"])
    incident = open_incident(acme, body="Karten gehen nicht.")
    published.publish(acme.page)
    (english,), (german,) = (entries(published, acme.page, name) for name in ("history.atom", "de/history.atom"))
    assert "Wird untersucht" in german.content[0].value
    assert german.link == f"http://status.acme.test/de/incidents/{incident.public_id}"
    assert german.id == english.id
    assert 'href="/de/history.atom"' in published.text(acme.page, "de.html")


def written(published: Published, page: Page) -> dict[str, float]:
    folder = published.folder(page)
    return {name: (folder / name).stat().st_mtime for name in published.names(page) if name.endswith((".atom", ".rss"))}


def test_feeds_change_when_something_is_said_and_not_before(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    incident = open_incident(acme, body="Cards fail.")
    other = open_incident(acme, body="Mails are late.")
    published.publish(acme.page)
    before, (_other, entry) = written(published, acme.page), entries(published, acme.page)
    clock.move_to(START + timedelta(minutes=40))  # a promise has passed: the page says so, feeds do not
    Page.objects.filter(pk=acme.page.pk).touch()
    published.publish(acme.page)
    assert written(published, acme.page) == before
    post(acme, incident, "We know why.")
    published.publish(acme.page)
    changed = {name for name, at in written(published, acme.page).items() if at != before.get(name)}
    assert changed == {"history.atom", "history.rss", f"incidents/{incident.public_id}.atom"}
    assert f"incidents/{other.public_id}.atom" in before
    now = next(one for one in entries(published, acme.page) if one.link == entry.link)
    assert (now.id, now.published) == (entry.id, entry.published)
    assert now.updated > entry.updated


def test_ids_outlive_hosts(acme: Cast, published: Published) -> None:
    open_incident(acme, body="Cards fail.")
    published.publish(acme.page)
    (before,) = entries(published, acme.page)
    acme.page.hosts.update(name="moved.acme.test")
    Page.objects.filter(pk=acme.page.pk).touch()
    published.publish(acme.page)
    (after,) = entries(published, acme.page)
    assert after.id == before.id
    assert after.link != before.link


def walk(published: Published, page: Page) -> list[etree._Element]:
    """As a reader of RFC 5005 does: the feed, then every archive before it."""
    found, name = [], "history.atom"
    while name:
        found.append(etree.fromstring(published.text(page, name).encode()))
        name = "".join(texts(found[-1], "a:link[@rel='prev-archive']/@href")).removeprefix("http://status.acme.test/")
    return found


def test_the_past_is_paged_by_month_and_nothing_is_cut_off(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    began = [START - timedelta(days=back) for back in range(1, 420, 20)]
    rows = past_incidents(acme, *began, *(START - timedelta(minutes=minute) for minute in range(55)))
    published.publish(acme.page)
    feed, *archives = walk(published, acme.page)
    told = {link for one in (feed, *archives) for link in texts(one, "a:entry/a:link/@href")}
    assert told == {f"http://status.acme.test/incidents/{row.public_id}" for row in rows}
    months = [texts(one, "a:link[@rel='self']/@href")[0][-12:-5] for one in archives]
    assert months == sorted({f"{at:%Y-%m}" for at in began if f"{at:%Y-%m}" < "2026-03"}, reverse=True)
    assert all(texts(one, "a:link[@rel='current']/@href")[0].endswith("/history.atom") for one in archives)
    assert all(one.find("fh:archive", IN_ATOM) is not None for one in archives)
    assert feed.find("fh:archive", IN_ATOM) is None
    newer = ["".join(texts(one, "a:link[@rel='next-archive']/@href"))[-12:-5] for one in archives]
    assert newer[1:] == months[:-1], "and the way back"


def test_an_archive_is_not_written_again(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    past_incidents(acme, *(START - timedelta(days=back) for back in range(0, 200, 9)))
    published.publish(acme.page)
    before = {name: at for name, at in written(published, acme.page).items() if name.startswith("history/")}
    open_incident(acme, body="Cards fail.")
    published.publish(acme.page)
    after = written(published, acme.page)
    assert len(before) >= 6
    assert before == {name: after[name] for name in before}


def test_a_month_becomes_an_archive_when_it_is_over(acme: Cast, published: Published) -> None:
    clock.make_movable(START)
    past_incidents(acme, START - timedelta(hours=3))
    published.publish(acme.page)
    assert "history/2026-03.atom" not in published.names(acme.page)
    clock.move_to(datetime.fromisoformat("2026-04-01T00:00:01Z"))
    Page.objects.filter(pk=acme.page.pk).touch()
    published.publish(acme.page)
    assert "history/2026-03.atom" in published.names(acme.page)


def test_a_ring_reads_its_notes_in_its_feed_and_the_public_does_not(acme: Cast) -> None:
    clock.make_movable(START)
    incident = open_incident(acme, body="Cards fail.", notes=(note("Say <sorry> for us.", 1),))
    support = next(ring for ring in incident.frozen_plan.rings if ring.key == "support")
    inner = drawn(acme.page, ".atom", now=START, eyes=support)["history.atom"].decode()
    public = drawn(acme.page, ".atom", now=START)["history.atom"].decode()
    assert "Say &amp;lt;sorry&amp;gt; for us." in inner
    assert "sorry" not in public
    assert Incident.objects.count() == 1

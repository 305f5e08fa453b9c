"""Whatever leads somewhere leads to something that is there, and whatever is there can be found."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from icalendar import Calendar
from lxml import etree, html

from statuspage.front import Front
from statuspage.kit import clock
from statuspage.pages.models import Page
from statuspage.pages.store import Store
from tests.makers import Cast, cancel, open_incident, outage, post, schedule
from tests.publishing.conftest import Published
from tests.publishing.serving import Answer, ask
from tests.publishing.test_history import past_incidents
from tests.timeline import START, instant

ORIGIN = "http://status.acme.test"
NEED_NOT_BE_FOUND = re.compile(r"404\.html|(.+/)?embed/.*|assets/frame\..*|security\.txt|robots\.txt")
"""What is asked for by its well-known name, or stands on other people's sites (docs/embedding.md)."""


def leading_from(address: str, answer: Answer) -> Iterator[str]:
    """Every address in a document, as it stands there."""
    kind = answer.headers["Content-Type"].partition(";")[0]
    if kind == "text/html":
        tree = html.fromstring(answer.body)
        yield from tree.xpath("//@href | //@src")
        yield from (text for text in tree.xpath("//meta/@content") if text.startswith(ORIGIN))
    elif kind.endswith(("xml", "svg+xml")):
        tree = etree.fromstring(answer.body)
        yield from tree.xpath("//@href | //*[local-name()='loc' or local-name()='guid' or local-name()='link']/text()")
    elif kind == "application/json":
        yield from (text for text in strings(json.loads(answer.body)) if text.startswith(ORIGIN))
    elif kind == "text/calendar":
        yield from (str(part["URL"]) for part in Calendar.from_ical(answer.body).walk() if "URL" in part)
    elif address.endswith("robots.txt"):
        yield from re.findall(r"Sitemap: (\S+)", answer.body.decode())


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def crawl(front: Front, starts: Iterable[str]) -> dict[str, Answer]:
    """Every answer below ORIGIN that can be reached from `starts`, by path."""
    found: dict[str, Answer] = {}
    waiting = [urljoin(ORIGIN, start) for start in starts]
    while waiting:
        address = waiting.pop()
        path = address.removeprefix(ORIGIN) or "/"
        if path in found:
            continue
        found[path] = ask(front, path)
        assert found[path].status == 200, address
        leading = (urldefrag(urljoin(address, link))[0] for link in leading_from(address, found[path]))
        waiting += [link for link in leading if link.startswith(ORIGIN)]
    return found


def a_page_with_a_past(cast: Cast) -> None:
    """Two languages, fourteen months, incidents that are open, and maintenance over, called off and to come."""
    clock.make_movable(START)
    Page.objects.update(languages=["en", "de"], support_url="https://acme.test/help")
    past_incidents(cast, *(START - timedelta(days=31 * back) for back in range(14)))
    incident = open_incident(cast, body="Cards fail.", services=outage(cast.cards))
    post(cast, incident, "We know why.")
    open_incident(cast, body="Strange mails are going round.")
    for days in (3, 9):
        work = schedule(cast, cast.api, begins_at=instant(f"{days} 12:00"), ends_at=instant(f"{days} 16:00"))
    cancel(cast, work)


def test_every_link_is_answered_and_every_file_is_found(acme: Cast, published: Published) -> None:
    a_page_with_a_past(acme)
    published.publish(acme.page)
    Store(published.root).confirm(b"{}")
    found = crawl(Front(published=published.root, is_tls=False), ["/", "/robots.txt"])
    reached = {path[1:] if "." in path else f"{path.strip('/') or 'index'}.html" for path in found}
    readable = {name for name in published.names(acme.page) if not name.endswith((".gz", ".manifest"))}
    lost = readable - reached
    assert {name for name in lost if not NEED_NOT_BE_FOUND.fullmatch(name)} == set()
    endings = {name.rpartition(".")[2] for name in reached}
    assert {"html", "atom", "rss", "ics", "json", "svg", "csv", "xml"} <= endings
    assert len([path for path in found if re.fullmatch(r"(/de)?/history/\d{4}-\d\d\.atom", path)]) == 2 * 13


def test_the_same_without_anything_to_tell(acme: Cast, published: Published) -> None:
    published.publish(acme.page)
    Store(published.root).confirm(b"{}")
    crawl(Front(published=published.root, is_tls=False), ["/", "/robots.txt"])


def test_a_broken_link_would_be_noticed(acme: Cast, published: Published) -> None:
    """Or the tests above would say nothing."""
    published.publish(acme.page)
    (published.folder(acme.page) / "maintenance.ics").unlink()
    (published.folder(acme.page) / "maintenance.ics.gz").unlink()
    with pytest.raises(AssertionError, match=r"/maintenance\.ics"):
        crawl(Front(published=published.root, is_tls=False), ["/"])

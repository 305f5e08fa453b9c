"""The order in which things are measured: with everything running first, then with everything dead."""

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from benchmarks.pages import outage, peers, profiling, propagation, publication, reading
from benchmarks.pages.report import PARTS
from benchmarks.pages.site import Size, make_site
from benchmarks.pages.world import World
from statuspage import publishing


def run(here: World, options: Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    wanted = set(options.only or PARTS)
    site = make_site("acme", Size())
    publishing.publish(site.page.pk)
    page = site.page.public_id
    alive: dict[str, Callable[[], Any]] = {
        "sizes": lambda: publication.sizes(here, site),
        "publication": lambda: publication.publish_big_pages(here, say),
        "everything": lambda: publication.publish_many(options.pages, say),
        "propagation": lambda: propagation.propagate(here, site, posts=options.posts, say=say),
    }
    dead: dict[str, Callable[[], Any]] = {
        "outage": lambda: outage.crawl(here, host=site.host, page=page, minutes=options.minutes, say=say),
        "reading": lambda: reading.compare(
            here, host=site.host, page=page, rounds=options.rounds, seconds=options.seconds, say=say
        ),
        "peers": lambda: peers.compare(
            here, host=site.host, page=page, rounds=options.rounds, seconds=options.seconds, say=say
        ),
    }
    results = _each(alive, wanted, say)
    say(f"Killing {', '.join(here.kill_everything())}")
    return results | _each(dead, wanted, say)


def _each(parts: dict[str, Callable[[], Any]], wanted: set[str], say: Callable[[str], None]) -> dict[str, Any]:
    results = {}
    for name, measure in parts.items():
        if name in wanted:
            say(f"Measuring {name}")
            results[name] = measure()
    return results


def profile(say: Callable[[str], None]) -> None:
    say("Making a page of 500 services")
    profiling.profile(make_site("big", publication.CASES["300 incidents, English and German"]))

"""How long publishing takes: from a committed change to files, and which documents cost how much."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.pages.report import spread
from benchmarks.pages.site import Site, Size, make_site
from benchmarks.pages.world import World
from statuspage import publishing
from statuspage.pages.models import Page
from statuspage.pages.store import GZIPPED, INDEX
from tooling import ROOT
from tooling.progress import Problem

TIMES = 9
BIG = Size(services=500, groups=40, incidents=300)
HUGE = replace(BIG, incidents=2000)
BOTH = ("en", "de")
CASES = {
    "300 incidents": BIG,
    "300 incidents, English and German": replace(BIG, languages=BOTH),
    "2,000 incidents": HUGE,
    "2,000 incidents, English and German": replace(HUGE, languages=BOTH),
}


def publish_big_pages(here: World, say: Callable[[str], None]) -> dict[str, Any]:
    """500 services: milliseconds for the first time ever, after a post, and for a process that has just begun."""
    found = {}
    for number, (name, size) in enumerate(CASES.items()):
        site = make_site(f"big{number}", size)
        found[name] = measured(here, site)
        say(f"{name}: {found[name]}")
    return found


def measured(here: World, site: Site, *, times: int = TIMES) -> dict[str, Any]:
    first_ever = timed(site.page)
    incident = site.open_incident("Slow answers", "We are looking into it.")
    publishing.publish(site.page.pk)
    steady = []
    for number in range(times):
        site.post(incident, f"Word number {number}.")
        steady.append(timed(site.page))
    afresh = [_timed_in_a_new_process(site) for _turn in range(times)]
    files = _files(here, site)
    return {"first_ever": round(first_ever), "steady": spread(steady), "afresh": spread(afresh), "files": len(files)}


def timed(page: Page) -> float:
    """Milliseconds. Something must have been committed that is not published yet."""
    started = time.perf_counter()
    if not publishing.publish(page.pk):
        raise Problem("There was nothing to publish.")
    return (time.perf_counter() - started) * 1000


def _timed_in_a_new_process(site: Site) -> float:
    """Django is up and connected, nothing has been drawn yet, and the files of the last time are there."""
    site.touch()
    command = [sys.executable, "-m", "benchmarks.pages.afresh", str(site.page.pk)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(f"A new process could not publish:\n{done.stderr}")
    return float(done.stdout)


def _files(here: World, site: Site) -> list[str]:
    folder = here.published / "pages" / site.page.public_id
    return [path.name for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]


def sizes(here: World, site: Site) -> dict[str, int]:
    """Bytes of the page, plain and compressed, and how many files it is made of."""
    index = here.published / "pages" / site.page.public_id / INDEX
    return {
        "html": index.stat().st_size,
        "gzip": index.with_name(f"{INDEX}{GZIPPED}").stat().st_size,
        "files": len(_files(here, site)),
    }


def publish_many(number: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Seconds that `publish --all` takes for `number` pages of 20 services."""
    for place in range(number):
        make_site(f"many{place}", Size(incidents=20), seed=place)
    say(f"{number} pages are there; publishing all of them from nothing")
    started = time.perf_counter()
    pages = publishing.publish_all(tell=lambda done, of: say(f"{done} of {of}") if done % 50 == 0 else None)
    return {"pages": pages, "seconds": round(time.perf_counter() - started, 1)}

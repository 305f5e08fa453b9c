"""What each document of a big page costs when something is posted: milliseconds of drawing, and bytes."""

import time
from collections.abc import Callable

from benchmarks.pages.site import Site
from statuspage import publishing
from statuspage.pages.store import Document, the_store


def profile(site: Site) -> None:
    """Prints the documents that are drawn after a post, dearest first."""
    publishing.publish(site.page.pk)
    incident = site.open_incident("Slow answers", "We are looking into it.")
    publishing.publish(site.page.pk)
    site.post(incident, "One word more.")
    known = the_store().known(site.page.public_id)
    _page, documents = publishing.gather(site.page.pk, lambda name, made_of: known.get(name) != (made_of or None))
    drawn = [each for each in documents if not each.made_of or known.get(each.name) != each.made_of]
    costs = sorted(((*_cost(document), document.name) for document in drawn), reverse=True)
    print(*(f"{milliseconds:8.1f} ms {size:9,} bytes  {name}" for milliseconds, size, name in costs), sep="\n")
    print(f"{len(drawn)} of {len(documents)} documents are drawn")


def _cost(document: Document) -> tuple[float, int]:
    """The second time, when everything that is kept has been drawn once."""
    return min(_timed(lambda: len(document.body)) for _turn in range(3))


def _timed(draw: Callable[[], int]) -> tuple[float, int]:
    started = time.perf_counter()
    size = draw()
    return (time.perf_counter() - started) * 1000, size

"""Figures as a person reads them, each with what it must be. Pure."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Results = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `holds` None: nothing is required of it."""

    what: str
    figure: str
    holds: bool | None = None

    def __str__(self) -> str:
        return f"{ {True: '✓', False: '✗', None: ' '}[self.holds] } {self.what}: {self.figure}"

    @property
    def markdown(self) -> str:
        return f"| {self.what} | {self.figure} | `python3 dev.py bench pages` |"


def spread(values: Sequence[float]) -> dict[str, float]:
    """Of milliseconds: the median, the 99th percentile and the slowest."""
    ordered = sorted(values)
    last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return {"median": round(statistics.median(ordered), 1), "p99": round(last, 1), "max": round(ordered[-1], 1)}


def rows(results: Results) -> list[Row]:
    """Only of what was measured."""
    return [row for part, told in PARTS.items() if part in results for row in told(results[part])]


def _reading(found: Results) -> Iterator[Row]:
    for kind, at_least in (("page", 0.90), ("page, gzip", 0.90), ("summary.json", 0.90), ("304", 0.85)):
        shipped = found[kind]["shipped"]
        figure = (
            f"{shipped['ratio']:.2f} × a plain file, {shipped['per_second']:,.0f} a second, {shipped['cpu_us']:.0f} µs"
        )
        yield Row(f"{kind} through deploy/nginx", figure, shipped["ratio"] >= at_least and not shipped["failures"])
    for kind in ("page", "page, gzip", "summary.json", "304"):
        front = found[kind]["front"]
        figure = f"{front['ratio']:.2f} × a plain file, {front['per_second']:,.0f} a second, {front['cpu_us']:.0f} µs"
        must = kind == "page"
        yield Row(f"{kind} without a web server", figure, front["ratio"] >= 0.45 if must else None)
    yield Row(
        "of database, broker, dispatcher and workers, running meanwhile", "none", "postgres" in found["without_running"]
    )


def _peers(found: Results) -> Iterator[Row]:
    for name, each in found.items():
        if "skipped" in each:
            yield Row(f"beside {name}", f"not measured: {each['skipped']}")
        else:
            figure = f"{each['times']:,.0f} × as many pages a second ({each['per_second']:,.0f} there)"
            yield Row(f"beside {name}", figure, each["times"] >= 100)


def _propagation(found: Results) -> Iterator[Row]:
    took, errors = found["milliseconds"], found["hammering_failures"] + found["readers_failures"]
    figure = f"median {took['median']:.0f} ms, 99 % within {took['p99']:.0f} ms, {found['posts']} posts"
    yield Row("a post's commit until readers have it, 64 connections hammering", figure, took["p99"] <= 250)
    yield Row("older words after newer ones", f"{found['older_after_newer']} of {found['readers_answers']:,} answers",
              found["older_after_newer"] == 0)  # fmt: skip
    yield Row("errors meanwhile", f"{errors}", errors == 0)


def _outage(found: Results) -> Iterator[Row]:
    figure = f"{found['right']:,} of {found['answers']:,} answers right, {found['addresses']} addresses"
    what = f"database, broker and application dead for {found['minutes']:g} minutes"
    yield Row(what, figure, 0 < found["answers"] == found["right"])


def _sizes(found: Results) -> Iterator[Row]:
    figure = f"{found['html']:,} bytes, {found['gzip']:,} compressed, {found['files']} files"
    yield Row("20 services with 90-day bars", figure, found["html"] <= 30 * 1024 and found["gzip"] <= 8 * 1024)


def _publication(found: Results) -> Iterator[Row]:
    """What must hold is what a post waits for. A new process pays once, when it starts; it is told as well."""
    for name, each in found.items():
        steady, afresh = each["steady"]["median"], each["afresh"]["median"]
        figure = f"{steady:.0f} ms, in a new process {afresh:.0f} ms, for the first time {each['first_ever']:,} ms"
        yield Row(f"publishing 500 services, {name}", figure, steady <= 300)


def _everything(found: Results) -> Iterator[Row]:
    yield Row(f"`publish --all` of {found['pages']} pages from nothing", f"{found['seconds']} s")


PARTS: Mapping[str, Callable[[Results], Iterator[Row]]] = {
    "sizes": _sizes,
    "reading": _reading,
    "peers": _peers,
    "propagation": _propagation,
    "outage": _outage,
    "publication": _publication,
    "everything": _everything,
}

"""`python3 dev.py bench pages`: measure, print every figure with what it must be, and keep the raw numbers."""

import argparse
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.pages.report import PARTS, rows
from benchmarks.pages.world import World, world
from tooling.progress import Problem, Progress, complain

RESULTS = Path(__file__).resolve().parent.parent / "results" / "pages.json"


def main() -> int:
    options = _options()
    if options.readme:
        print(*(row.markdown for row in rows(_kept())), sep="\n")
        return 0
    progress = Progress()
    progress.say("Starting PostgreSQL and Valkey")
    try:
        with world() as here:
            results = _measure(here, options, progress.say)
    except Problem as problem:
        complain(problem)
        return 1
    if options.keep or set(PARTS) <= set(results):
        _keep(results)
    print(*rows(results), sep="\n")
    return 0 if all(row.holds is not False for row in rows(results)) else 1


def _keep(results: dict[str, Any]) -> None:
    """Each part with when and on what it was measured: they need not be of one run, no figure compares two of them."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    machine = f"{platform.processor() or platform.machine()}, {platform.python_version()}"
    measured = {"at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "machine": machine}
    kept |= {part: {"measured": measured, "found": found} for part, found in results.items()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")


def _kept() -> dict[str, Any]:
    return {part: each["found"] for part, each in json.loads(RESULTS.read_text()).items()}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench pages", allow_abbrev=False)
    parser.add_argument("--minutes", type=float, default=1, help="of the outage (1; the figure of record: 10)")
    parser.add_argument("--posts", type=int, default=100, help="that readers wait for (100)")
    parser.add_argument("--rounds", type=int, default=7, help="in which web servers are compared (7)")
    parser.add_argument("--seconds", type=float, default=2, help="of each server in each round (2)")
    parser.add_argument("--pages", type=int, default=200, help="that are published from nothing (200)")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="these parts")
    parser.add_argument("--keep", action="store_true", help="their raw numbers, as is done when every part is measured")
    parser.add_argument("--profile", action="store_true", help="what each document of a big page costs, nothing else")
    parser.add_argument("--readme", action="store_true", help="print the kept numbers as rows for the README")
    return parser.parse_args()


def _measure(here: World, options: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    # Models can be imported only now that Django is there.
    from benchmarks.pages import course  # noqa: PLC0415

    if options.profile:
        course.profile(say)
        return {}
    return course.run(here, options, say)


if __name__ == "__main__":
    raise SystemExit(main())

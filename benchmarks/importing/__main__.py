"""`python3 dev.py bench importing`: a million people in one file, and what must hold of it."""

import argparse
import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.pages.report import Row
from benchmarks.pages.world import world
from tooling.progress import Problem, Progress, complain

RESULTS = Path(__file__).resolve().parent.parent / "results" / "importing.json"
A_MILLION = 1_000_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench importing", allow_abbrev=False)
    parser.add_argument("--rows", type=int, default=A_MILLION, help="in the file (1,000,000); fewer are not kept")
    parser.add_argument("--kills", type=int, default=10, help="of workers, in the second round (10)")
    options = parser.parse_args()
    progress = Progress()
    progress.say("Starting PostgreSQL and Valkey")
    try:
        with world() as here:
            # Models can be imported only now that Django is there.
            from benchmarks.importing import course  # noqa: PLC0415

            results = course.run(here, options.rows, options.kills, progress.say)
    except Problem as problem:
        complain(problem)
        return 1
    results["machine"] = f"{platform.processor() or platform.machine()}, {platform.python_version()}"
    if options.rows == A_MILLION:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    table = list(rows(results))
    print(*table, sep="\n")
    return 0 if all(row.holds is not False for row in table) else 1


def rows(results: Mapping[str, Any]) -> Iterator[Row]:
    count, quiet, killed, told = results["rows"], results["quiet"], results["killed"], results["fan_out"]
    seconds = 60 * count / A_MILLION
    parts = f"{quiet['receiving_s']} received, {quiet['reading_s']} read, {quiet['applying_s']} applied"
    figure = f"{quiet['total_s']} s: {parts}"
    yield Row(f"{count:,} rows, 2 % rubbish", figure, quiet["total_s"] <= max(seconds, 15))
    yield Row("memory of the largest worker", f"{quiet['peak_mb']} MB", max(quiet["peak_mb"], killed["peak_mb"]) <= 300)
    for name, each in (("undisturbed", quiet), (f"{killed['kills']} workers killed", killed)):
        is_exact = each["added"] == each["people"] == each["good"] and each["rejected"] == results["expected"]
        yield Row(
            f"counts, {name}", f"{each['people']:,} people, {sum(each['rejected'].values()):,} rejected", is_exact
        )
    yield Row(f"with {killed['kills']} workers killed and a fan-out beside it", f"{killed['total_s']} s")
    figure = f"on-call {told['on_call_s']} s after the post, all {told['told']:,} after {told['last_s']} s"
    is_whole = told["messages"] == told["told"] == told["people"] and 0 <= told["on_call_s"] <= 2
    yield Row("another organization's fan-out meanwhile", figure, is_whole)


if __name__ == "__main__":
    raise SystemExit(main())

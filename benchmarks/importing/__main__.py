"""`python3 dev.py bench importing`: a million people in one file, and what must hold of it."""

import argparse
import json
import platform
from collections.abc import Iterator
from pathlib import Path

from benchmarks.pages.report import Results, Row
from benchmarks.pages.world import world
from tooling.progress import Problem, Progress, complain

RESULTS = Path(__file__).resolve().parent.parent / "results" / "importing.json"
A_MILLION = 1_000_000
MOST_SECONDS = 60
MOST_MB = 300
MOST_ON_CALL_SECONDS = 2


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


def rows(results: Results) -> Iterator[Row]:
    yield from _import(results)
    yield from _fan_out(results["fan_out"])


def _import(results: Results) -> Iterator[Row]:
    count, quiet, killed = results["rows"], results["quiet"], results["killed"]
    parts = ", ".join(f"{stage} {quiet[f'{stage}_s']}" for stage in ("receiving", "reading", "checking", "applying"))
    most = max(MOST_SECONDS * count / A_MILLION, 15)
    yield Row(f"{count:,} rows, 2 % rubbish", f"{quiet['total_s']} s: {parts}", quiet["total_s"] <= most)
    peak = max(quiet["peak_mb"], killed["peak_mb"])
    yield Row("memory of the largest worker", f"{peak} MB", peak <= MOST_MB)
    for name, each in (("undisturbed", quiet), (f"{killed['kills']} workers killed", killed)):
        is_exact = each["added"] == each["people"] == results["good"] and each["rejected"] == results["expected"]
        figure = f"{each['people']:,} people, {sum(each['rejected'].values()):,} rejected"
        yield Row(f"counts, {name}", figure, is_exact)
    yield Row(f"with {killed['kills']} workers killed and a fan-out beside it", f"{killed['total_s']} s")


def _fan_out(told: Results) -> Iterator[Row]:
    for name, each in (("alone", told["alone"]), ("beside the import", told["beside"])):
        speed = f"all {each['told']:,} after {each['last_s']} s, {each['per_second']:,} a second"
        is_whole = each["messages"] == each["told"] == each["people"] and 0 <= each["on_call_s"] <= MOST_ON_CALL_SECONDS
        yield Row(
            f"another organization's fan-out, {name}",
            f"on-call {each['on_call_s']} s after the post, {speed}",
            is_whole,
        )
    ratio = told["beside"]["last_s"] / told["alone"]["last_s"]
    yield Row("the last is told later by", f"{ratio:.1f} × on two cores that also import")


if __name__ == "__main__":
    raise SystemExit(main())

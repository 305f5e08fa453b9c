"""A file is brought, read, agreed to and applied: undisturbed; then by workers that are killed, beside a fan-out."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.importing import crowd
from benchmarks.importing.crew import Crew, Dying
from benchmarks.importing.fan_out import FanOut
from benchmarks.pages.site import Size, make_site
from benchmarks.pages.world import World
from statuspage.demo.sinks import SmtpSink
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from subscribers.importing import agreeing, receiving
from subscribers.importing.models import Consent, ImportFile, ImportState
from subscribers.models import Address, Person, Subscription

WORKERS = 2
PATIENCE_SECONDS = 1_200
UP_AFTER_SECONDS = 5
Say = Callable[[str], None]


def run(here: World, rows: int, kills: int, say: Say) -> dict[str, Any]:
    path = here.folder / "people.csv"
    say(f"Writing {rows:,} rows")
    expected = crowd.write(path, rows)
    results: dict[str, Any] = {"rows": rows, "bytes": path.stat().st_size, "expected": dict(expected.rejected)}
    with SmtpSink(ledger=here.folder / "mail.jsonl") as smtp:
        os.environ["RIPPLE_SMTP_URL"] = f"smtp://127.0.0.1:{smtp.port}"
        here.start("dispatch", "inner", "bulk")
        fan_out = FanOut(smtp)
        time.sleep(UP_AFTER_SECONDS)
        say("A fan-out with nothing beside it")
        results["fan_out"] = {"alone": fan_out.begin("Alone")()}
        say(f"Importing {rows:,} rows")
        results["quiet"] = _Import(here, "quiet", path, kills=0).run()
        say(f"Importing {rows:,} rows, {kills} workers killed, a fan-out beside it")
        hard = _Import(here, "killed", path, kills=kills)
        results["killed"] = hard.run(meanwhile=lambda: fan_out.begin("Beside"))
        results["fan_out"]["beside"] = hard.found_meanwhile()
    return results | {"good": expected.good}


class _Import:
    """One file, into an organization of its own. Times are from the moment its workers are up."""

    def __init__(self, here: World, name: str, path: Path, *, kills: int) -> None:
        self._path = path
        self._site = make_site(f"acme-{name}", Size(services=5, incidents=0))
        self._crew = Crew(here, WORKERS)
        self._dying = Dying(self._crew, kills)
        self.found_meanwhile: Callable[[], dict[str, Any]] = dict

    def run(self, meanwhile: Callable[[], Callable[[], dict[str, Any]]] | None = None) -> dict[str, Any]:
        """`meanwhile` is begun together with adding people."""
        time.sleep(UP_AFTER_SECONDS)
        watch = _Watch()
        file = self._receive()
        watch.lap("receiving_s")
        self._wait(file, ImportState.CHECKING)
        watch.lap("reading_s")
        self._wait(file, ImportState.READY)
        watch.lap("checking_s")
        if meanwhile:
            self.found_meanwhile = meanwhile()
        with scope(organization=self._site.organization):
            agreeing.begin(file, Consent.ATTESTED, by=self._site.commander)
        self._wait(file, ImportState.DONE)
        watch.lap("applying_s")
        self._crew.stop()
        return {**watch.laps, "total_s": watch.total, **self._found(file)}

    def _receive(self) -> ImportFile:
        with scope(organization=self._site.organization), self._path.open("rb") as opened:
            return receiving.receive(
                self._site.page, self._path.name, receiving.chunks_of(opened), by=self._site.commander
            )

    def _wait(self, file: ImportFile, state: ImportState) -> None:
        """Until it is there, or already further."""
        end = time.monotonic() + PATIENCE_SECONDS
        order = list(ImportState)
        with scope(organization=self._site.organization):
            while order.index(file.stage) < order.index(state):
                if time.monotonic() > end:
                    raise TimeoutError(f"The import is still {file.state}, {file.percent} %.")
                time.sleep(0.1)
                file.refresh_from_db()
                self._dying.look(file)

    def _found(self, file: ImportFile) -> dict[str, Any]:
        with scope(organization=self._site.organization):
            return {
                "peak_mb": round(self._crew.peak / 1024**2),
                "kills": self._dying.done,
                "added": file.added,
                "rejected": file.foreseen["problems"],
                "people": Person.objects.count(),
                "addresses": Address.objects.count(),
                "by_sms": Address.objects.filter(channel=Channel.SMS.value).count(),
                "subscriptions": Subscription.objects.count(),
            }


class _Watch:
    """Seconds, to a tenth."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.laps[name], self._last = round(now - self._last, 1), now

    @property
    def total(self) -> float:
        return round(self._last - self._began, 1)

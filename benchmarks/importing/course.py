"""The file is brought, read, agreed to and applied: undisturbed, then by workers that are killed, beside a fan-out."""

import os
import random
import signal
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.importing import crowd
from benchmarks.pages.site import Site, Size, make_site
from benchmarks.pages.world import World
from statuspage.demo.sinks import SmtpSink
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from subscribers.importing import agreeing, receiving
from subscribers.importing.models import Consent, ImportFile, ImportState
from subscribers.models import Address, Person, Subscription
from tooling.demo import command
from tooling.processes import Program

WORKERS = 2
PATIENCE_SECONDS = 1_200
TOLD = 5_000
_number = count()


class Crew:
    """Processes that only import, and how much memory the largest of them ever had."""

    def __init__(self, here: World) -> None:
        self._here = here
        self.peak = 0

    def start(self) -> None:
        name = f"imports{next(_number)}"
        words = [word.replace("bulk@", f"{name}@") for word in command("bulk")]
        words[words.index("bulk,imports")] = "imports"
        log = self._here.folder / "logs" / f"{name}.log"
        self._here.running[name] = Program(name, words, log, os.environ).start()

    def look(self) -> None:
        for name in self._names():
            self.peak = max(self.peak, _peak_of(self._here.running[name].process.pid))

    def kill_one(self, chance: random.Random) -> None:
        name = chance.choice(self._names())
        self.look()
        running = self._here.running.pop(name)
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()
        self.start()

    def stop(self) -> None:
        for name in self._names():
            self._here.running.pop(name).stop()

    def _names(self) -> list[str]:
        return [name for name in self._here.running if name.startswith("imports")]


def _peak_of(pid: int) -> int:
    """Bytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def run(here: World, rows: int, kills: int, say: Callable[[str], None]) -> dict[str, Any]:
    path = here.folder / "people.csv"
    say(f"Writing {rows:,} rows")
    expected = crowd.write(path, rows)
    results: dict[str, Any] = {"rows": rows, "bytes": path.stat().st_size, "expected": dict(expected.rejected)}
    with SmtpSink(ledger=here.folder / "mail.jsonl") as smtp:
        os.environ["RIPPLE_SMTP_URL"] = f"smtp://127.0.0.1:{smtp.port}"
        here.start("dispatch", "inner", "bulk")
        for name, killed, told in (("quiet", 0, 0), ("killed", kills, TOLD)):
            say(f"Importing {rows:,} rows, {killed} workers killed")
            site = make_site(f"acme-{name}", Size(services=5, incidents=0))
            fan_out = FanOut(smtp, say) if told else None
            results[name] = {**_import(here, site, path, killed, fan_out), "good": expected.good}
            if fan_out:
                results["fan_out"] = fan_out.figures()
    return results


def _import(here: World, site: Site, path: Path, kills: int, fan_out: "FanOut | None") -> dict[str, Any]:
    crew, chance = Crew(here), random.Random(7)
    for _worker in range(WORKERS):
        crew.start()
    time.sleep(5)  # workers that are up: what is measured is the import
    started = time.monotonic()
    with scope(organization=site.organization), path.open("rb") as opened:
        file = receiving.receive(site.page, path.name, receiving.chunks_of(opened), by=site.commander)
    received = time.monotonic()
    dying = _Dying(crew, chance, kills)
    _wait(site, file, ImportState.READY, dying)
    read = time.monotonic()
    if fan_out:
        fan_out.begin()
    with scope(organization=site.organization):
        agreeing.begin(file, Consent.ATTESTED, by=site.commander)
    _wait(site, file, ImportState.DONE, dying)
    ended = time.monotonic()
    crew.look()
    crew.stop()
    with scope(organization=site.organization):
        file.refresh_from_db()
        counts = {
            "people": Person.objects.count(),
            "addresses": Address.objects.count(),
            "by_sms": Address.objects.filter(channel=Channel.SMS.value).count(),
            "subscriptions": Subscription.objects.count(),
        }
    return {
        "receiving_s": round(received - started, 1),
        "reading_s": round(read - received, 1),
        "applying_s": round(ended - read, 1),
        "total_s": round(ended - started, 1),
        "peak_mb": round(crew.peak / 1024**2),
        "kills": dying.done,
        "added": file.added,
        "rejected": file.foreseen["problems"],
        **counts,
    }


class _Dying:
    """Kills a worker whenever another share of the pieces is done, while reading and while applying."""

    def __init__(self, crew: Crew, chance: random.Random, kills: int) -> None:
        self._crew, self._chance, self._kills = crew, chance, kills
        self.done = 0

    def look(self, file: ImportFile) -> None:
        self._crew.look()
        share = file.percent / 200 + (0.5 if file.stage is ImportState.APPLYING else 0)
        if file.stage.is_working and self.done < self._kills and share >= (self.done + 0.5) / self._kills:
            self._crew.kill_one(self._chance)
            self.done += 1


def _wait(site: Site, file: ImportFile, state: ImportState, dying: _Dying) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    with scope(organization=site.organization):
        while True:
            file.refresh_from_db()
            if file.stage is state:
                return
            if time.monotonic() > end:
                raise TimeoutError(f"The import is still {file.state}, {file.percent} %.")
            dying.look(file)
            time.sleep(0.1)


class FanOut:
    """Another organization tells its people in the middle of it."""

    def __init__(self, smtp: SmtpSink, say: Callable[[str], None]) -> None:
        self._smtp, self._say = smtp, say
        self._site = make_site("globex", Size(services=5, incidents=0))
        with scope(organization=self._site.organization):
            self._people()
        self._began = 0.0

    def _people(self) -> None:
        organization, now = self._site.organization, clock.now()
        on_call = organization.rings.get(key="on_call")
        people = Person.objects.bulk_create(
            Person(organization=organization, ring=None if place else on_call) for place in range(TOLD + 1)
        )
        addresses = Address.objects.bulk_create(
            Address(
                organization=organization,
                person=person,
                channel=Channel.EMAIL.value,
                value=f"n{place}@told.example",
                normalised=f"n{place}@told.example",
                confirmed_at=now,
            )
            for place, person in enumerate(people)
        )
        Subscription.objects.bulk_create(
            Subscription(organization=organization, address=address, page=self._site.page) for address in addresses[1:]
        )
        organization.severities.get(key="sev1").cells.filter(ring__is_open=True).update(delay="0")

    def begin(self) -> None:
        self._say(f"Telling {TOLD:,} people of another organization meanwhile")
        self._began = time.time()
        self._site.open_incident("Trouble", "Some payments fail.")

    def figures(self) -> dict[str, Any]:
        """On-call is one address; the ledger is the sink's own."""
        end = time.monotonic() + 120
        while len(found := [caught for caught in self._smtp.messages() if caught.to.endswith("@told.example")]) <= TOLD:
            if time.monotonic() > end:
                break
            time.sleep(0.2)
        seconds = {caught.to: _epoch(caught.at) - self._began for caught in found}
        return {
            "people": TOLD + 1,
            "messages": len(found),
            "told": len(seconds),
            "on_call_s": round(seconds.get("n0@told.example", -1), 2),
            "last_s": round(max(seconds.values(), default=-1), 1),
        }


def _epoch(instant: str) -> float:
    return time.mktime(time.strptime(instant[:19], "%Y-%m-%dT%H:%M:%S")) + float(f"0.{instant[20:26]}") - time.timezone

"""`python3 dev.py bench signing_up`: whether the time of an answer tells who is a subscriber. It must not.

Real requests to the real server, known and unknown addresses in random order. The two-sample Kolmogorov–Smirnov test
asks whether both sets of times could come from one distribution: p must be above 0.01.
"""

import argparse
import http.client
import math
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.pages.world import World, world
from tooling.progress import Progress

HOST = "status.acme.test"
LEAST_P = 0.01


@dataclass(frozen=True, slots=True)
class Try:
    email: str
    is_known: bool


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 dev.py bench signing_up", allow_abbrev=False)
    parser.add_argument("--tries", type=int, default=2000, help="of each kind (2000)")
    options = parser.parse_args()
    progress = Progress()
    progress.say("Starting PostgreSQL, Valkey and the server")
    os.environ["RIPPLE_TRUSTED_PROXIES"] = "127.0.0.1/32"  # so that every try may come from elsewhere
    with world() as here:
        seconds = _measure(here, options.tries)
    known, unknown = seconds
    p = kolmogorov_smirnov(known, unknown)
    for name, sample in (("known", known), ("unknown", unknown)):
        print(f"{name:<8} {len(sample)} answers, median {sorted(sample)[len(sample) // 2] * 1000:.2f} ms")
    print(f"Kolmogorov–Smirnov p = {p:.3f} (must be > {LEAST_P})")
    return 0 if p > LEAST_P else 1


def kolmogorov_smirnov(first: Sequence[float], second: Sequence[float]) -> float:
    """The asymptotic two-sided p that two samples are of one distribution (Smirnov 1948)."""
    one, two = sorted(first), sorted(second)
    farthest = max(abs(_share(one, value) - _share(two, value)) for value in {*one, *two})
    size = len(one) * len(two) / (len(one) + len(two))
    distance = (math.sqrt(size) + 0.12 + 0.11 / math.sqrt(size)) * farthest
    if distance < 0.2:  # the series does not converge there, and p is 1
        return 1.0
    terms = ((-1.0) ** (k - 1) * math.exp(-2 * k * k * distance * distance) for k in range(1, 101))
    return min(1.0, max(0.0, 2 * sum(terms)))


def _share(ordered: Sequence[float], value: float) -> float:
    """How many of them are at most `value`, of 1."""
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if ordered[middle] <= value else (low, middle)
    return low / len(ordered)


def _measure(here: World, number: int) -> tuple[list[float], list[float]]:
    _seed(number)
    here.start("serve")
    here.wait_for_port("serve")
    tries = [Try(f"n{n}@many.example", is_known=True) for n in range(1, number + 1)]
    tries += [Try(f"u{n}@many.example", is_known=False) for n in range(1, number + 1)]
    random.shuffle(tries)
    connection = http.client.HTTPConnection("127.0.0.1", here.port)
    for place in range(100):  # the server is warm from then on
        _ask(connection, f"w{place}@many.example", place)
    seconds: tuple[list[float], list[float]] = ([], [])
    for place, each in enumerate(tries, 100):
        seconds[0 if each.is_known else 1].append(_ask(connection, each.email, place))
    return seconds


def _ask(connection: http.client.HTTPConnection, email: str, place: int) -> float:
    form = urlencode({"channel": "email", "email": email, "scope": "everything", "kinds": "incidents"})
    headers = {
        "Host": HOST,
        "Origin": f"http://{HOST}",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"10.{place >> 8 & 255}.{place & 255}.1",
    }
    begun = time.perf_counter()
    connection.request("POST", "/subscribe", form, headers)
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - begun
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"The server answered {answer.status}.")
    return took


def _seed(number: int) -> None:
    # Models can be imported only now that Django is there.
    from statuspage.kit.tenancy import scope  # noqa: PLC0415
    from tests.makers import make_cast, make_subscribers  # noqa: PLC0415

    cast = make_cast("Acme")
    with scope(organization=cast.organization):
        make_subscribers(cast.page, number)


if __name__ == "__main__":
    raise SystemExit(main())

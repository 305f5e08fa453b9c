"""The click never waits for the fan-out: what a commander waits for does not grow with the number of subscribers."""

import statistics
import time

from tests.makers import Cast, make_subscribers, open_incident, outage, post


def test_posting_with_ten_thousand_subscribers_takes_less_than_200_ms(acme: Cast) -> None:
    make_subscribers(acme.page, 10_000)
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    seconds = []
    for number in range(7):
        started = time.perf_counter()
        post(acme, incident, f"We know more: {number}.")
        seconds.append(time.perf_counter() - started)
    assert statistics.median(seconds) < 0.2

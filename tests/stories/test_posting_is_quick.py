"""The click never waits for the fan-out: what a commander waits for does not grow with the number of subscribers."""

import statistics
import time

from tests.console.browsing import enter, forms_in
from tests.makers import Cast, make_subscribers, open_incident, outage

ROOM = "/o/acme/incidents/1/"


def test_posting_with_ten_thousand_subscribers_answers_within_200_ms(acme: Cast) -> None:
    make_subscribers(acme.page, 10_000)
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    client = enter(acme.commander)
    seconds = []
    for number in range(7):
        form = forms_in(client.get(ROOM).content.decode())[f"{ROOM}updates/"]
        started = time.perf_counter()
        answer = client.post(f"{ROOM}updates/", form | {"body": f"We know more: {number}."})
        seconds.append(time.perf_counter() - started)
        assert answer.status_code == 303
    print(f"posting: median {statistics.median(seconds) * 1000:.0f} ms, slowest {max(seconds) * 1000:.0f} ms")  # noqa: T201
    assert min(seconds) < 0.2, "a busy machine only adds to it; what grows with the subscribers would be in each"

"""Another organization that tells its people, alone or while somebody imports."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from benchmarks.pages.site import Size, make_site
from statuspage.demo.sinks import Caught, SmtpSink
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.plan import Channel
from subscribers.models import Address, Person, Subscription

PEOPLE = 5_000
PATIENCE_SECONDS = 120
_ON_CALL = "n0@told.example"


class FanOut:
    """People by e-mail, the first of them on call."""

    def __init__(self, smtp: SmtpSink) -> None:
        self._smtp = smtp
        self._site = make_site("globex", Size(services=5, incidents=0))
        with scope(organization=self._site.organization):
            self._add_people()

    def begin(self, title: str) -> Callable[[], dict[str, Any]]:
        """An incident that everybody hears of at once. What is returned waits for the last, and gives the figures."""
        began = time.time()
        self._site.open_incident(title, "Some payments fail.")
        return lambda: self._figures(title, began)

    def _add_people(self) -> None:
        organization, page, now = self._site.organization, self._site.page, clock.now()
        on_call = organization.rings.get(key="on_call")
        people = Person.objects.bulk_create(
            Person(organization=organization, ring=None if place else on_call) for place in range(PEOPLE)
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
            Subscription(organization=organization, address=address, page=page) for address in addresses[1:]
        )
        organization.severities.get(key="sev1").cells.filter(ring__is_open=True).update(delay="0")

    def _figures(self, title: str, began: float) -> dict[str, Any]:
        """Seconds after the post, as the relay counts them."""
        found = self._wait(title)
        seconds = {caught.to: datetime.fromisoformat(caught.at).timestamp() - began for caught in found}
        last = max(seconds.values(), default=-1)
        return {
            "people": PEOPLE,
            "messages": len(found),
            "told": len(seconds),
            "on_call_s": round(seconds.get(_ON_CALL, -1), 2),
            "last_s": round(last, 1),
            "per_second": round(len(seconds) / last),
        }

    def _wait(self, title: str) -> list[Caught]:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = [caught for caught in self._smtp.messages() if title in caught.subject]
            if len(found) >= PEOPLE or time.monotonic() > end:
                return found
            time.sleep(2)  # the relay wrote down when: we only look whether it is over

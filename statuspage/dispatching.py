"""The dispatcher: the product's clock. Any number may run; what is waiting or due is in the database.

It looks every second and whenever a commit wakes it, and works until nothing is due: moves maintenance, plans,
releases, asks for pages to be published, and tells workers which lane has work. When the broker is away it sends the
inner rings itself.
"""

import logging
import select
import time
from collections.abc import Callable

import psycopg2
from django.db import Error as DatabaseError
from django.db import connection

from incidents import moving
from notifications import answering, catching_up, giving_notice, holding, planning, sending, taking
from notifications.waking import Broker
from statuspage import publishing
from statuspage.kit import clock, logs, queues
from statuspage.kit.fingerprints import is_key_known
from statuspage.kit.tenancy import across_organizations
from statuspage.organizations import inviting, vouching
from statuspage.pages import proving
from statuspage.pages.heartbeat import Heartbeat
from statuspage.pages.models import Page
from subscribers.importing import asking, working

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
# How often pages are looked at that only time has changed: a new day, a word that is late.
OVERTAKEN_SECONDS = 10.0
# How often workers are told that proofs of domains are due. Asking name servers takes seconds: never done from here.
PROOFS_SECONDS = 5.0
# How often a few of those who were imported are asked whether they want to be written to.
ASKING_SECONDS = 1.0
# Nobody claimed the work for so long: this process does it itself.
ORPHANED_SECONDS = {queues.INNER: 5.0, queues.PUBLISH: 2.0}
POISON_PAUSE_SECONDS = 30.0
WAKE_UPS_PER_LANE = 2
MOST_NAMED = 3
"""So many requests that woke the dispatcher together are named in its log lines."""


class Dispatcher:
    def __init__(self, *, is_stopping: Callable[[], bool]) -> None:
        self._is_stopping = is_stopping
        self._broker = Broker()
        self._left_alone: dict[str, dict[int, float]] = {}
        self._outdated_since: float | None = None
        self._overtaken_looked_at = -OVERTAKEN_SECONDS
        self._proofs_looked_at = self._notice_looked_at = -PROOFS_SECONDS
        self._asked_at = -ASKING_SECONDS
        self._heartbeat = Heartbeat()
        self._woken_by = ""

    def run(self) -> None:
        """Until told to stop. Survives the database and the broker going away and coming back."""
        while not self._is_stopping():
            try:
                self._listen()
                if not is_key_known():
                    log.error(holding.WRONG_KEY)
                while not self._is_stopping():
                    with logs.bound(woken_by=self._woken_by):
                        self.tick()
                    self._wait()
            except (DatabaseError, psycopg2.Error) as error:  # the second from polling, which Django does not wrap
                log.warning("The database is away (%s). Trying again.", type(error).__name__)
                connection.close()
                time.sleep(LOOK_SECONDS)
            except Exception:
                log.exception("The dispatcher stumbled. It goes on.")
                time.sleep(LOOK_SECONDS)

    def tick(self) -> None:
        """Everything that is waiting or due now."""
        if holding.notice_a_restore():
            log.warning(
                "This database was restored or copied: nothing leaves until somebody has looked (docs/operating.md)."
            )
        is_being_published = self._ask_for_publishing()
        self.move()
        self.plan()
        with across_organizations():
            catching_up.catch_up(clock.now())
        if not is_being_published:
            publishing.publish_outdated()
        self._send()
        self._answer()
        self._mail_invitations()
        self._recheck_proofs()
        self._go_on_importing()
        self._go_on_asking()
        self._give_notice()
        self._confirm()

    def move(self) -> None:
        """Until no maintenance has anything to do by itself. Before planning: what it says now is told now."""
        self._one_by_one("moved", moving.move_next)

    def plan(self) -> None:
        """Until no incident has news or a ring due."""
        self._one_by_one("planned", planning.plan_next)

    def _one_by_one(self, done: str, next_one: Callable[..., bool]) -> None:
        """An incident that fails is left alone for a while, and the others go on."""
        wall = time.monotonic()
        alone = {incident: until for incident, until in self._left_alone.get(done, {}).items() if until > wall}
        self._left_alone[done] = alone
        while not self._is_stopping():
            try:
                if not next_one(except_for=alone.keys()):
                    return
            except (moving.MovingFailed, planning.PlanningFailed) as failure:
                log.exception(
                    "An incident could not be %s; it is left alone for %s s, the others go on.",
                    done,
                    POISON_PAUSE_SECONDS,
                )
                alone[failure.incident_id] = time.monotonic() + POISON_PAUSE_SECONDS

    def _ask_for_publishing(self) -> bool:
        """Before anything else: readers wait, and asking takes a moment. False: nobody does it, so we must."""
        if time.monotonic() - self._overtaken_looked_at >= OVERTAKEN_SECONDS:
            self._overtaken_looked_at = time.monotonic()
            publishing.touch_overtaken(clock.now())
        with across_organizations():
            is_outdated = Page.objects.outdated().exists()
        if not is_outdated:
            self._outdated_since = None
            return True
        self._outdated_since = self._outdated_since or time.monotonic()
        told = self._broker.wake("statuspage.publish", queue=queues.PUBLISH)
        return told and time.monotonic() - self._outdated_since <= ORPHANED_SECONDS[queues.PUBLISH]

    def _send(self) -> None:
        for lane, seconds in taking.waiting_lanes().items():
            told = [self._broker.wake("notifications.drain", queue=lane, lane=lane) for _ in range(WAKE_UPS_PER_LANE)]
            if lane == queues.INNER and (not all(told) or seconds > ORPHANED_SECONDS[queues.INNER]):
                sending.drain(lane, seconds=LOOK_SECONDS)

    def _answer(self) -> None:
        """Whoever has just signed up waits for a letter, also while the broker is away."""
        if answering.are_any_waiting() and not self._broker.wake("notifications.answer", queue=queues.ANSWERS):
            answering.answer_waiting(seconds=LOOK_SECONDS)

    def _mail_invitations(self) -> None:
        if inviting.are_any_due(clock.now()) and not holding.is_held():
            self._broker.wake("statuspage.mail_invitations", queue=queues.ANSWERS)

    def _recheck_proofs(self) -> None:
        if time.monotonic() - self._proofs_looked_at < PROOFS_SECONDS:
            return
        self._proofs_looked_at = time.monotonic()
        if proving.are_any_due(clock.now()):
            self._broker.wake("statuspage.recheck_hosts", queue=queues.PUBLISH)
        if vouching.are_any_due(clock.now()):
            self._broker.wake("statuspage.recheck_senders", queue=queues.PUBLISH)

    def _go_on_importing(self) -> None:
        """Files of people. A worker works for a moment and wakes us: so imports take turns with fan-outs."""
        if working.is_any_waiting(clock.now()):
            self._broker.wake("subscribers.go_on_importing", queue=queues.IMPORTS)

    def _go_on_asking(self) -> None:
        """Letters nobody asked for: a few a second, whatever else wakes us."""
        if time.monotonic() - self._asked_at < ASKING_SECONDS:
            return
        self._asked_at = time.monotonic()
        if asking.is_any_due(clock.now()):
            self._broker.wake("subscribers.go_on_asking", queue=queues.IMPORTS)

    def _give_notice(self) -> None:
        """Looked for as often as proofs are: an endpoint was failing for days before."""
        if self._proofs_looked_at == self._notice_looked_at:
            return
        self._notice_looked_at = self._proofs_looked_at
        if giving_notice.is_due(clock.now()):
            self._broker.wake("notifications.give_notice", queue=queues.WEBHOOK)

    def _confirm(self) -> None:
        """Last of all: only who has looked at everything may say so."""
        if self._heartbeat.is_due:
            with across_organizations():
                outdated = list(Page.objects.outdated().published())
            self._heartbeat.beat(outdated, now=clock.now())

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {clock.WAKE_CHANNEL}")

    def _wait(self) -> None:
        """For a commit that wakes us, or a second."""
        raw = connection.connection
        if not raw.notifies:
            select.select([raw], [], [], LOOK_SECONDS)
            raw.poll()
        requests = sorted({notice.payload for notice in raw.notifies if notice.payload})
        self._woken_by = ",".join(requests[:MOST_NAMED])
        raw.notifies.clear()

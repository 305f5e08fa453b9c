"""Domains are looked up again: what happens to those whose proof goes away, and who is waited for meanwhile."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction
from pytest_django.fixtures import Settings

from notifications.waking import Broker
from statuspage import dispatching, tasks
from statuspage.kit import clock
from statuspage.kit.names import Resolver
from statuspage.kit.proofs import LOCKED_FOR, MISSED_FOR, Finding, State
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.models import AuditEntry
from statuspage.organizations.proving import AT_ONCE, Outcome
from statuspage.pages import claiming, proving
from statuspage.pages.models import Host, Page
from tests.makers import Cast
from tests.nameserver import Mood, NameServer
from tests.pages.test_claiming import NAME, claim, prove, revision, url, verbs

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now(acme: Cast) -> datetime:
    return clock.now()


@pytest.fixture
def proven(acme: Cast, now: datetime, server: NameServer, resolver: Resolver) -> Host:
    """Acme's own domain, and its main address."""
    host = claim(acme)
    prove(host, server)
    proving.check(host, resolver=resolver, now=now)
    claiming.make_canonical(host, by=acme.owner)
    return fresh(host)


def fresh(host: Host) -> Host:
    with across_organizations():
        return Host.objects.select_related("page", "organization").get(pk=host.pk)


def test_a_proof_that_goes_away_is_missed_then_lost_then_free(
    acme: Cast, neighbour: Cast, now: datetime, server: NameServer, resolver: Resolver, proven: Host
) -> None:
    rival = claim(neighbour)
    server.say(rival.record_name, rival.record_value)

    def look(at: datetime) -> State:
        proving.recheck(resolver=resolver, now=at)
        return fresh(proven).state

    gone = now + DAY
    assert look(gone) is State.MISSED
    assert url(acme.page) == f"http://{NAME}", "it is served on"
    assert look(gone + MISSED_FOR - HOUR) is State.MISSED
    before = revision(acme.page)
    lost = gone + MISSED_FOR
    assert look(lost) is State.LOST
    assert revision(acme.page) == before + 1
    assert url(acme.page) == "http://status.acme.test", "another address is the main one now"
    assert not fresh(rival).is_served, "the rival has had a proof all the time"
    assert look(lost + LOCKED_FOR - HOUR) is State.LOST
    with scope(organization=neighbour.organization):
        assert proving.check(rival, resolver=resolver, now=lost + LOCKED_FOR - HOUR) is Outcome.TAKEN
    assert look(lost + LOCKED_FOR) is State.WAITING
    with scope(organization=neighbour.organization):
        assert proving.check(rival, resolver=resolver, now=lost + LOCKED_FOR) is Outcome.PROVEN
    assert verbs() == ["claimed", "proved", "made main", "missed", "lost", "freed"]


def test_a_proof_that_comes_back_in_time_is_served_again(
    now: datetime, acme: Cast, server: NameServer, resolver: Resolver, proven: Host
) -> None:
    server.say(proven.record_name)
    for at in (now + DAY, now + DAY + MISSED_FOR):
        proving.recheck(resolver=resolver, now=at)
    assert fresh(proven).state is State.LOST
    prove(proven, server)
    before = revision(acme.page)
    proving.recheck(resolver=resolver, now=now + 20 * DAY)
    assert fresh(proven).state is State.PROVEN
    assert revision(acme.page) == before + 1
    assert url(acme.page) == "http://status.acme.test", "the main address stays where it went"
    assert verbs()[-2:] == ["lost", "found again"]


@pytest.mark.parametrize("mood", [Mood.FAILING, Mood.REFUSING, Mood.SILENT, Mood.BABBLING])
def test_a_name_server_in_trouble_takes_nothing_away(
    now: datetime, server: NameServer, resolver: Resolver, proven: Host, mood: Mood
) -> None:
    server.mood = mood
    for day in (1, 4, 9):
        proving.recheck(resolver=resolver, now=now + day * DAY)
    assert fresh(proven).standing == proven.standing


def test_everything_is_looked_up_once_a_day_and_what_is_missing_every_hour(
    acme: Cast, now: datetime, resolver: Resolver, server: NameServer, proven: Host
) -> None:
    claimed = claim(acme, "young.acme.com")

    def asked(at: datetime) -> list[str]:
        server.asked.clear()
        proving.recheck(resolver=resolver, now=at)
        return sorted(server.asked)

    assert asked(now + timedelta(minutes=1)) == [claimed.record_name]
    assert asked(now + timedelta(minutes=2)) == []
    assert asked(now + 2 * HOUR) == [claimed.record_name]
    assert asked(now + DAY) == sorted([claimed.record_name, proven.record_name])
    server.say(proven.record_name)
    assert asked(now + 2 * DAY) == sorted([claimed.record_name, proven.record_name])
    assert asked(now + 2 * DAY + HOUR) == sorted([claimed.record_name, proven.record_name])
    assert asked(now + 9 * DAY) == [proven.record_name], "an old claim is looked for only when somebody asks"


def test_a_few_at_a_time_and_a_silent_name_server_costs_them_one_wait(
    acme: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    for number in range(AT_ONCE + 1):
        claim(acme, f"h{number}.acme.com")
    server.mood = Mood.SILENT
    began = time.monotonic()
    assert proving.recheck(resolver=resolver, now=now) == AT_ONCE
    assert time.monotonic() - began < 2
    assert proving.recheck(resolver=resolver, now=now) == 1
    assert proving.recheck(resolver=resolver, now=now) == 0, "nobody asks the silent one again at once"


def test_one_that_cannot_be_written_down_does_not_hold_up_the_others(
    acme: Cast, now: datetime, server: NameServer, resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = [claim(acme, f"{letter}.acme.com") for letter in "abc"]
    for host in hosts:
        prove(host, server)
    monkeypatch.setattr(proving, "tell", _stumbling_over(hosts[1], proving.tell))
    proving.recheck(resolver=resolver, now=now)
    assert [fresh(host).is_served for host in hosts] == [True, False, True]


def _stumbling_over(poison: Host, tell: Callable[..., None]) -> Callable[..., None]:
    def stumble(host: Host, *given: object, **named: object) -> None:
        if host == poison:
            raise OperationalError("the disk is full")
        tell(host, *given, **named)

    return stumble


def test_a_name_that_somebody_else_has_is_not_asked_for_again_and_again(
    acme: Cast, neighbour: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    first, second = claim(neighbour), claim(acme)
    server.say(first.record_name, first.record_value, second.record_value)
    assert proving.recheck(resolver=resolver, now=now) == 2
    assert [fresh(host).is_served for host in (first, second)].count(True) == 1
    assert proving.recheck(resolver=resolver, now=now) == 0


def test_a_host_removed_while_its_name_server_thinks_stays_removed(acme: Cast, now: datetime) -> None:
    host = claim(acme)
    claiming.release(fresh(host), now=now, by=acme.owner)
    again = claim(acme)
    assert proving.settle(host, Finding.THERE, now=now) is Outcome.MISSING
    assert not fresh(again).is_served, "the old proof is worth nothing for the new claim"


def test_a_page_whose_only_address_is_lost_has_none_and_nothing_breaks(
    acme: Cast, now: datetime, server: NameServer, resolver: Resolver, proven: Host
) -> None:
    claiming.release(acme.page.hosts.get(name="status.acme.test"), now=now, by=acme.owner)
    server.say(proven.record_name)
    for at in (now + DAY, now + DAY + MISSED_FOR):
        proving.recheck(resolver=resolver, now=at)
    assert url(acme.page) == ""
    prove(proven, server)
    proving.recheck(resolver=resolver, now=now + 9 * DAY)
    assert url(acme.page) == f"http://{NAME}", "it is the main address again, since there was no other"


def test_somebody_who_asks_does_not_ask_the_name_server_with_every_click(
    acme: Cast, now: datetime, server: NameServer, resolver: Resolver
) -> None:
    host = claim(acme)
    for outcome in (Outcome.MISSING, Outcome.TOO_SOON, Outcome.TOO_SOON):
        assert proving.check_for(host, resolver=resolver, now=now, by=acme.owner) is outcome
    assert len(server.asked) == 1
    prove(host, server)
    assert proving.check_for(host, resolver=resolver, now=now + HOUR, by=acme.owner) is Outcome.PROVEN
    assert AuditEntry.objects.get(verb="proved").by == acme.owner
    given = acme.page.hosts.get(name="status.acme.test")
    assert proving.check_for(given, resolver=resolver, now=now, by=acme.owner) is Outcome.NOT_NEEDED


def test_workers_look_and_the_dispatcher_only_tells_them(
    acme: Cast, server: NameServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = claim(acme)
    prove(host, server)
    settings.NAMESERVERS = [server.address]
    told: list[str] = []

    def wake(_self: Broker, task: str, **_given: str) -> bool:
        told.append(task)
        return True

    monkeypatch.setattr(Broker, "wake", wake)
    dispatcher = dispatching.Dispatcher(is_stopping=lambda: False)
    dispatcher.tick()
    assert "statuspage.recheck_hosts" in told
    assert server.asked == []
    assert tasks.recheck_hosts() == 1
    assert fresh(host).is_served
    assert not proving.are_any_due(clock.now())


def in_threads(*doing: Callable[[], object]) -> list[object]:
    """At the same time, each with a connection of its own."""
    results: list[object] = [None] * len(doing)
    together = threading.Barrier(len(doing))

    def run(place: int) -> None:
        together.wait()
        try:
            results[place] = doing[place]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(doing))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_who_prove_a_name_at_once_one_has_it(transactional_db: None, acme: Cast, neighbour: Cast) -> None:
    now = clock.now()

    def settling(host: Host) -> Callable[[], object]:
        def settle() -> object:
            with scope(organization=host.organization):
                return proving.settle(fresh(host), Finding.THERE, now=now)

        return settle

    for number in range(5):
        rivals = [claim(cast, f"h{number}.acme.com") for cast in (acme, neighbour)]
        outcomes = in_threads(*(settling(host) for host in rivals))
        assert sorted(map(str, outcomes)) == [Outcome.PROVEN, Outcome.TAKEN]
        assert [fresh(host).is_served for host in rivals].count(True) == 1


def test_nothing_is_locked_while_the_name_server_thinks(
    transactional_db: None, acme: Cast, server: NameServer, resolver: Resolver
) -> None:
    host, free = claim(acme), list[bool]()

    def lock_everything(_name: str) -> None:
        try:
            with across_organizations(), transaction.atomic():
                list(Host.objects.select_for_update(nowait=True))
                list(Page.objects.select_for_update(nowait=True))
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        " AND state = 'idle in transaction'"
                    )
                    free.append(cursor.fetchone() == (0,))
        except OperationalError:
            free.append(False)
        finally:
            connections.close_all()

    server.on_question = lock_everything
    proving.recheck(resolver=resolver, now=clock.now())
    proving.check_for(host, resolver=resolver, now=clock.now() + HOUR, by=acme.owner)
    assert free
    assert all(free)

"""What stands in a ring's state between releases."""

from dataclasses import replace
from datetime import timedelta

from notifications import rings
from notifications.rings import Event, Kind, Release, RingState, State, Terms
from statuspage.organizations.plan import Mode, default_plan
from tests.rings.playing import DAY

START = DAY.replace(hour=10)
PLAN = default_plan()


def terms(ring: str) -> Terms:
    return Terms(
        clock_started_at=START,
        is_open=PLAN.ring(ring).is_open,
        cells={severity.key: PLAN.cell(severity=severity.key, ring=ring) for severity in PLAN.severities},
        severity_ranks={severity.key: severity.position for severity in PLAN.severities},
    )


def said(number: int, severity: str, *, kind: str = "message", public: bool = True, notify: bool = True) -> Event:
    return Event(number=number, kind=kind, severity=severity, concerns=True, is_public=public, notify=notify)


def at(minute: int, ring: RingState, *events: Event, of: Terms) -> tuple[RingState, Release | None]:
    return rings.advance(ring, events, terms=of, now=START + timedelta(minutes=minute))


def test_speak_by_is_the_last_release_plus_the_promise() -> None:
    customers = terms("customers")
    ring, _ = at(0, rings.opened(customers, severity="sev2"), said(1, "sev2"), of=customers)
    ring, first = at(20, ring, of=customers)
    assert first is not None
    assert ring.speak_by == START + timedelta(minutes=20 + 60)


def test_what_is_pending_does_not_outstay_the_promise_of_a_worse_severity() -> None:
    """By SEV4 it is due at 35; SEV1 promises on-call a word every 15 minutes, and tells them everything at once."""
    on_call = terms("on_call")
    ring, _ = at(0, rings.opened(on_call, severity="sev4"), said(1, "sev4", public=False), of=on_call)
    ring, _ = at(5, ring, of=on_call)
    ring, nothing = at(7, ring, said(2, "sev4", public=False), of=on_call)
    assert nothing is None
    ring, release = at(8, ring, said(3, "sev1", kind="severity", public=False, notify=False), of=on_call)
    assert release is not None
    assert (release.kind, release.from_number, release.to_number) == (Kind.UPDATE, 1, 3)
    assert ring.speak_by == START + timedelta(minutes=8 + 15)


def test_a_closed_ring_has_nothing_due_and_nothing_promised() -> None:
    customers = terms("customers")
    ring, _ = at(0, rings.opened(customers, severity="sev1"), said(1, "sev1"), of=customers)
    ring, _ = at(10, ring, of=customers)
    ring, _ = at(12, ring, said(2, "sev1"), of=customers)
    ring, ending = at(20, ring, said(3, "sev1", kind="resolve"), of=customers)
    assert ending is not None
    assert (ring.state, ring.due_at, ring.speak_by, ring.pending) == (State.CLOSED, None, None, None)


def test_a_severity_change_after_the_end_moves_only_the_severity() -> None:
    customers = terms("customers")
    ring, _ = at(0, rings.opened(customers, severity="sev2"), said(1, "sev2"), of=customers)
    before, _ = at(25, ring, said(2, "sev2", kind="resolve"), of=customers)
    inner = replace(said(3, "sev1", kind="severity", public=False), concerns=False)
    ring, release = at(30, before, inner, of=customers)
    assert release is None
    assert ring == replace(before, severity="sev1")


def test_raised_to_a_severity_that_tells_the_ring_nothing_it_stops_waiting() -> None:
    """An odd plan, and still nobody may count as told who was not."""
    customers = terms("customers")
    quiet = replace(customers, cells={**customers.cells, "sev1": replace(customers.cells["sev1"], mode=Mode.NEVER)})
    ring, _ = at(0, rings.opened(quiet, severity="sev2"), said(1, "sev2"), of=quiet)
    ring, release = at(5, ring, said(2, "sev1", kind="severity"), of=quiet)
    assert (ring.state, release) == (State.IDLE, None)

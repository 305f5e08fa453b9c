"""The communication plan: the default one, what is refused, and that it survives being frozen."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuspage.organizations.plan import NEVER, Cell, Channel, Mode, OnEarlyResolve, Plan, SmsOn, default_plan
from statuspage.organizations.plan_problems import problems

RINGS = ("on_call", "support", "execs", "employees", "customers")

# Delay; mode, pause; promise. In minutes.
DEFAULT_TABLE = {
    "sev1": ("0 every - 15", "0 every - 30", "5 digest 25 30", "10 latest 20 60", "10 latest 20 30"),
    "sev2": ("0 every - 30", "2 every - 30", "15 digest 50 60", "20 latest 30 60", "20 latest 30 60"),
    "sev3": ("0 every - 60", "10 latest 15 60", "never", "60 milestone - none", "30 latest 45 60"),
    "sev4": ("5 latest 30 120", "30 latest 30 none", "never", "never", "never"),
}


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def as_printed(cell: Cell) -> str:
    if cell.mode is Mode.NEVER:
        return "never"
    pause = cell.digest_every if cell.mode is Mode.DIGEST else cell.min_gap
    times = [cell.delay / minutes(1), pause / minutes(1) or "-", cell.promise / minutes(1) if cell.promise else "none"]
    delay, shown_pause, promise = (time if isinstance(time, str) else f"{time:g}" for time in times)
    return f"{delay} {cell.mode} {shown_pause} {promise}"


def with_cell(cell: Cell, *, severity: str = "sev2", ring: str = "customers") -> Plan:
    plan = default_plan()
    return replace(plan, cells={**plan.cells, (severity, ring): cell})


@pytest.mark.parametrize("severity", DEFAULT_TABLE)
def test_the_default_plan_is_the_printed_one(severity: str) -> None:
    plan = default_plan()
    assert tuple(as_printed(plan.cell(severity=severity, ring=ring)) for ring in RINGS) == DEFAULT_TABLE[severity]


def test_the_default_plan_has_no_problems() -> None:
    assert problems(default_plan()) == []


def test_the_default_rings_lead_from_on_call_to_customers() -> None:
    plan = default_plan()
    assert tuple(ring.key for ring in plan.line_rings) == RINGS
    assert [ring.key for ring in plan.open_rings] == ["customers"]
    assert {ring.key for ring in plan.rings if ring.position is None} == {"legal", "hr", "security"}


def test_the_default_severities_say_what_they_are_for() -> None:
    plan = default_plan()
    assert [severity.key for severity in plan.severities_of_incidents] == ["sev1", "sev2", "sev3", "sev4"]
    assert plan.highest_severity == "sev1"
    assert all(severity.criteria.endswith(".") and severity.colour.startswith("#") for severity in plan.severities)


def test_side_rings_hear_only_what_is_addressed_to_them() -> None:
    assert default_plan().cell(severity="sev1", ring="legal") == NEVER


def test_on_call_hears_everything_by_every_channel_and_sev3_customers_by_mail_only() -> None:
    plan = default_plan()
    assert set(plan.cell(severity="sev1", ring="on_call").channels) == set(Channel.for_people())
    assert plan.cell(severity="sev1", ring="on_call").sms_on is SmsOn.ALL
    assert plan.cell(severity="sev3", ring="customers").channels == (Channel.EMAIL,)


@pytest.mark.parametrize("ring", ["support", "execs", "employees", "customers"])
def test_only_support_gets_a_summary_of_what_was_over_before_its_turn(ring: str) -> None:
    cells = [default_plan().cell(severity=severity, ring=ring) for severity in DEFAULT_TABLE]
    wanted = OnEarlyResolve.SUMMARY if ring == "support" else OnEarlyResolve.SILENT
    assert {cell.on_early_resolve for cell in cells if cell.mode is not Mode.NEVER} == {wanted}


def test_only_the_worst_wakes_people_and_only_the_inner_rings() -> None:
    breaking = [pair for pair, cell in default_plan().cells.items() if cell.breaks_quiet]
    assert breaking == [("sev1", "on_call"), ("sev1", "support")]


def test_a_plan_that_was_frozen_before_there_was_such_a_thing_leaves_people_alone() -> None:
    frozen = default_plan().to_json()
    for cell in frozen["cells"]:
        del cell["breaks_quiet"]
    assert not any(cell.breaks_quiet for cell in Plan.from_json(frozen).cells.values())


def test_the_tightest_promise_is_the_shortest_of_those_made() -> None:
    plan = default_plan()
    assert plan.tightest_promise(severity="sev1", rings=RINGS) == minutes(15)
    assert plan.tightest_promise(severity="sev1", rings=["employees", "customers"]) == minutes(30)
    assert plan.tightest_promise(severity="sev3", rings=["execs", "employees"]) is None
    assert plan.tightest_promise(severity="sev1", rings=[]) is None


def test_an_unknown_ring_is_an_error() -> None:
    with pytest.raises(KeyError):
        default_plan().ring("neighbours")


def test_the_frozen_plan_is_the_plan() -> None:
    plan = default_plan()
    frozen = json.dumps(plan.to_json())
    assert Plan.from_json(json.loads(frozen)) == plan


def durations() -> st.SearchStrategy[timedelta]:
    return st.integers(0, 10_000).map(lambda seconds: timedelta(seconds=seconds))


@given(
    st.builds(
        Cell,
        mode=st.sampled_from(Mode),
        delay=durations(),
        min_gap=durations(),
        digest_every=durations(),
        promise=st.none() | durations(),
        channels=st.lists(st.sampled_from(Channel.for_people()), unique=True).map(tuple),
        sms_on=st.sampled_from(SmsOn),
        on_early_resolve=st.sampled_from(OnEarlyResolve),
        breaks_quiet=st.booleans(),
    )
)
def test_any_cell_survives_being_frozen(cell: Cell) -> None:
    plan = with_cell(cell)
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


LATEST = Cell(mode=Mode.LATEST, min_gap=minutes(29), promise=minutes(30))
DIGEST = Cell(mode=Mode.DIGEST, digest_every=minutes(25), promise=minutes(30))
REFUSED = {
    "SEV2, Customers: a word is promised every 30 minutes, but 29.5 minutes must pass between two. "
    "Promise 30.5 minutes or more, or shorten the pause.": replace(LATEST, min_gap=minutes(29.5)),
    "SEV2, Customers: a word is promised every 1 minute, but 25 minutes must pass between two. "
    "Promise 26 minutes or more, or shorten the pause.": replace(DIGEST, promise=minutes(1)),
    "SEV2, Customers: milestones come when they come, so nothing can be promised. "
    "Remove the promise or choose another mode.": Cell(mode=Mode.MILESTONE, promise=minutes(60)),
    "SEV2, Customers: this ring is never told, so nothing can be promised. "
    "Remove the promise.": replace(NEVER, promise=minutes(60)),
    "SEV2, Customers: a digest needs to know how often. "
    "Say every how many minutes.": Cell(mode=Mode.DIGEST, promise=minutes(60)),
    "SEV2, Customers: this ring is told, but by no channel. "
    "Choose one, or choose never.": Cell(mode=Mode.EVERY, channels=()),
    "SEV2, Customers: SMS carries only milestones here, so other updates reach nobody. "
    "Add e-mail, or send all by SMS.": Cell(mode=Mode.EVERY, channels=(Channel.SMS,)),
    "SEV2, Customers: endpoints of a ring always hear. "
    "Choose between e-mail and SMS here.": Cell(mode=Mode.EVERY, channels=(Channel.EMAIL, Channel.SLACK)),
    "SEV2, Customers: a time is below zero. "
    "Use zero or more minutes.": Cell(mode=Mode.EVERY, delay=minutes(-1)),
}  # fmt: skip


@pytest.mark.parametrize("sentence", REFUSED)
def test_it_is_refused_with_a_sentence(sentence: str) -> None:
    assert problems(with_cell(REFUSED[sentence])) == [sentence]


@pytest.mark.parametrize(
    "cell",
    [LATEST, DIGEST, NEVER, Cell(mode=Mode.MILESTONE, channels=(Channel.SMS,)), Cell(mode=Mode.EVERY)],
    ids=lambda cell: cell.mode,
)
def test_it_is_accepted(cell: Cell) -> None:
    assert problems(with_cell(cell)) == []


def test_a_row_for_nobody_is_refused() -> None:
    (problem,) = problems(with_cell(LATEST, ring="neighbours"))
    assert "neighbours" in problem


def test_there_is_exactly_one_innermost_ring() -> None:
    plan = default_plan()
    without = replace(plan, rings=tuple(ring for ring in plan.rings if ring.position != 0))
    assert "There must be exactly one innermost ring. Give one ring position 0." in problems(without)
    doubled = replace(plan, rings=tuple(replace(ring, position=0 if ring.position else None) for ring in plan.rings))
    assert "Two rings have the same position. Give each ring its own." in problems(doubled)


def test_severities_are_there_and_in_order() -> None:
    plan = default_plan()
    assert problems(replace(plan, severities=(), cells={})) == ["There is no severity. Add at least one."]
    tied = replace(plan, severities=tuple(replace(severity, position=0) for severity in plan.severities))
    assert problems(tied) == ["Two severities have the same position. Put them in order."]


def test_keys_are_not_shared() -> None:
    plan = default_plan()
    doubled = replace(plan, rings=(*plan.rings, replace(plan.rings[-1], name="Another")))
    assert problems(doubled) == ["Two rings have the same key. Give each ring its own."]


def test_a_ring_that_is_open_to_everybody_stands_in_the_line() -> None:
    plan = default_plan()
    aside = replace(plan, rings=tuple(replace(r, position=None) if r.is_open else r for r in plan.rings))
    refused = ["A ring that is open to everybody stands beside the line. Give it a position, or close it."]
    assert problems(aside) == refused


@pytest.mark.parametrize("promise", [20.5, 21])
@pytest.mark.parametrize("mode", [Mode.LATEST, Mode.DIGEST])
def test_a_promise_leaves_a_minute_after_the_pause(mode: Mode, promise: float) -> None:
    cell = Cell(mode=mode, min_gap=minutes(20), digest_every=minutes(20), promise=minutes(promise))
    assert (problems(with_cell(cell)) == []) is (promise == 21)

"""Do the tests of the machine notice when it is broken? Each mutation must fail the table of cases or the model."""

from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from notifications import rings
from tests.notifications.mutations import MUTATIONS, Mutation
from tests.notifications.ring_cases import CASES
from tests.notifications.test_rings_model import RingsModel
from tests.notifications.test_rings_table import check

SOURCE = Path(rings.__file__).read_text(encoding="utf-8")
# The same stories every time, and no search for the shortest: it is enough that one of them fails.
SHORT = settings(
    max_examples=200, stateful_step_count=20, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
)


def load(source: str) -> ModuleType:
    module = ModuleType("broken_rings")
    exec(compile(source, "broken_rings.py", "exec"), module.__dict__)
    return module


def is_noticed(machine: ModuleType) -> bool:
    try:
        for case in CASES:
            check(case, machine)
        run_state_machine_as_test(type("BrokenModel", (RingsModel,), {"machine": machine}), settings=SHORT)
    except AssertionError:
        return True
    return False


def test_the_machine_as_it_is_passes() -> None:
    assert not is_noticed(load(SOURCE))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.why)
def test_it_is_noticed_when(mutation: Mutation) -> None:
    assert SOURCE.count(mutation.old) == 1, "rings.py has changed: bring this mutation up to date"
    assert is_noticed(load(SOURCE.replace(mutation.old, mutation.new)))

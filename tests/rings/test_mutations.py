"""The table of cases notices when the ring machine is broken."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from notifications import rings
from tests.rings.cases import CASES
from tests.rings.mutations import MUTATIONS, Mutation
from tests.rings.playing import Case, expected, heard

SOURCE = Path(rings.__file__).read_text(encoding="utf-8")


def machine_from(source: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("notifications.rings_under_mutation")
    monkeypatch.setitem(sys.modules, module.__name__, module)  # dataclasses look their module up there
    exec(compile(source, module.__name__, "exec"), module.__dict__)
    return module


def is_played_rightly(machine: ModuleType, case: Case) -> bool:
    try:
        return heard(machine, case) == expected(case)
    except Exception:  # noqa: BLE001  a machine that breaks down is noticed as well
        return False


def test_the_machine_from_its_own_source_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = machine_from(SOURCE, monkeypatch)

    assert [case for case in CASES if not is_played_rightly(machine, case)] == []


@pytest.mark.parametrize("mutation", [pytest.param(mutation, id=mutation.name) for mutation in MUTATIONS])
def test_a_broken_machine_is_noticed(mutation: Mutation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SOURCE.count(mutation.old) == 1, "the text to break is not there exactly once"

    machine = machine_from(SOURCE.replace(mutation.old, mutation.new), monkeypatch)

    assert not all(is_played_rightly(machine, case) for case in CASES), f"unnoticed: {mutation.breaks}"

"""The ring machine does what the table of cases says, and the table leaves no rule out."""

from collections import Counter

import pytest

from notifications import rings
from statuspage.organizations.plan import Mode
from tests.rings.cases import CASES
from tests.rings.playing import Case, expected, heard

RULES = ("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R10", "R15", *(mode.value for mode in Mode))


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.rule}: {case.sentence}") for case in CASES])
def test_the_ring_hears_what_the_rule_says(case: Case) -> None:
    assert heard(rings, case) == expected(case)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_and_every_mode_has_two_cases(rule: str) -> None:
    assert Counter(case.rule for case in CASES)[rule] >= 2

"""The cast and the machinery every test may use. Nothing of our own is mocked; fakes stand only where the wire ends."""

from collections.abc import Iterator

import pytest

from statuspage.kit.tenancy import scope
from tests.makers import Cast, make_cast


@pytest.fixture
def acme(db: None) -> Iterator[Cast]:
    """The organization of the story, in scope."""
    cast = make_cast("Acme")
    with scope(organization=cast.organization):
        yield cast


@pytest.fixture
def neighbour(db: None) -> Cast:
    """Another organization, whose people must never get anything of ours, nor we of theirs."""
    return make_cast("Globex")

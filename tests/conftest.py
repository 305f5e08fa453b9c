"""The cast and the machinery every test may use. Nothing of our own is mocked; fakes stand only where the wire ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from statuspage.kit.tenancy import scope
from tests.engine import Engine, running_engine
from tests.makers import Cast, make_cast
from tests.processes import Processes, real_processes
from tests.timeline import Timeline
from tooling.servers import free_port


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


@pytest.fixture
def engine(db: None, tmp_path: Path) -> Iterator[Engine]:
    """Planning, sending and the sinks, in this process."""
    with running_engine(tmp_path) as engine:
        yield engine


@pytest.fixture
def timeline(engine: Engine) -> Timeline:
    """The story's clock: it stands at 10:00 until a test moves it."""
    return Timeline(engine.settle)


@pytest.fixture
def processes(transactional_db: None, tmp_path: Path) -> Iterator[Processes]:
    """The sinks, and processes to start by name. Everything is committed, and removed afterwards."""
    with real_processes(tmp_path, port=free_port(), durable=True) as processes:
        yield processes

"""The cast and the machinery every test may use. Nothing of our own is mocked; fakes stand only where the wire ends."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from pytest_django.plugin import DjangoDbBlocker

from statuspage.kit import mailing
from statuspage.kit.tenancy import scope
from statuspage.organizations import inviting
from tests import database, kept, quick
from tests.engine import Engine, running_engine
from tests.makers import Cast, make_cast
from tests.processes import Processes, real_processes
from tests.timeline import Timeline
from tests.visiting import Rich, make_rich
from tooling.servers import free_port

quick.be_quick()
# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("without a deadline", deadline=None)
hypothesis.settings.load_profile("without a deadline")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django's door for what must be said before it makes the database."""
    database.copy_the_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A copy is not the database it was copied from, and holds everything back until somebody says that it may be."""
    with django_db_blocker.unblock():
        database.leave_as_migrated()


@pytest.fixture(autouse=True)
def nobody_has_tried_before() -> None:
    """What allauth counts is kept by the process, for users by number; and numbers are the same in every test."""
    cache.clear()


@pytest.fixture
def acme(db: None) -> Iterator[Cast]:
    """The organization of the story, in scope."""
    cast = kept.once("Acme", lambda: make_cast("Acme"))
    with scope(organization=cast.organization):
        yield cast


@pytest.fixture
def neighbour(db: None) -> Cast:
    """Another organization, whose people must never get anything of ours, nor we of theirs."""
    return kept.once("Globex", lambda: make_cast("Globex"))


@pytest.fixture
def rich(acme: Cast) -> Rich:
    """Acme's page, with something on it for every pair of eyes."""
    made = kept.once(f"rich {acme.organization.pk}", lambda: make_rich(acme))
    acme.page.refresh_from_db()
    return replace(made, page=acme.page)


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
def post_office(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[EmailMessage]]:
    """All mails so far, when everything that was asked for is sent."""
    monkeypatch.setattr(mailing, "_senders", ThreadPoolExecutor(2))

    def sent() -> list[EmailMessage]:
        inviting.mail_waiting()
        mailing._senders.shutdown(wait=True)
        monkeypatch.setattr(mailing, "_senders", ThreadPoolExecutor(2))
        return mail.outbox

    return sent


@pytest.fixture
def processes(transactional_db: None, tmp_path: Path) -> Iterator[Processes]:
    """The sinks, and processes to start by name. Everything is committed, and removed afterwards."""
    with real_processes(tmp_path, port=free_port(), durable=True) as processes:
        yield processes

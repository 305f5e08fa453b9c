"""A disk with no room for the newest version: visitors keep the one before, whole, and get the newest once there is."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from statuspage import publishing
from statuspage.pages.models import Page
from statuspage.pages.store import MANIFEST
from tests.makers import Cast, open_incident, outage

ROOM = 4_096
"""Bytes a file may have: enough for most of the page's data, and not for the page."""


@contextmanager
def full_disk() -> Iterator[None]:
    """The system itself refuses to write more, in the middle of a file, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def what_visitors_read(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_visitors_keep_the_version_before_and_get_the_newest_when_there_is_room(
    transactional_db: None, acme: Cast, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_left_alone", {})
    settings.PUBLISHED_DIR = tmp_path
    folder = tmp_path / "pages" / acme.page.public_id
    assert publishing.publish(acme.page.pk)
    before = what_visitors_read(folder)
    open_incident(acme, title="Cards fail", body="Cards fail.", services=outage(acme.cards))
    with full_disk():
        assert publishing.publish_outdated() == 0
    assert what_visitors_read(folder) == before
    assert Page.objects.outdated().filter(pk=acme.page.pk).exists(), "nobody takes it for published"
    assert publishing.publish(acme.page.pk)
    after = what_visitors_read(folder)
    assert b"Cards fail." in after["index.html"]
    assert {path.name for path in folder.rglob(".*")} == {MANIFEST}, "and what was half-written is gone"

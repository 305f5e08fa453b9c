"""The heartbeat: fresh while pages are what they should be, and never a lie about one that is not."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from statuspage.dispatching import Dispatcher
from statuspage.pages.heartbeat import MAX_EXCEPTIONS, Heartbeat
from statuspage.pages.models import Page
from tests.makers import Cast
from tests.timeline import START

LATER = timedelta(seconds=20)


@pytest.fixture
def root(settings: Settings, tmp_path: Path) -> Path:
    root = tmp_path / "published"
    settings.PUBLISHED_DIR = root
    return root


def read(root: Path) -> Mapping[str, Any]:
    parsed: Mapping[str, Any] = json.loads((root / "heartbeat.json").read_text())
    return parsed


def waiting(number: int = 1, *, revision: int = 2, published: int = 1) -> Page:
    return Page(
        pk=number,
        public_id=f"page{number:08}",
        revision=revision,
        published_revision=published,
    )


def started() -> Heartbeat:
    """Of a dispatcher that found everything published when it began."""
    heartbeat = Heartbeat()
    heartbeat.beat([], now=START)
    return heartbeat


def test_it_says_when_everything_was_found_to_be_right(root: Path) -> None:
    assert Heartbeat().beat([], now=START)
    assert read(root) == {"confirmed_at": "2026-03-02T10:00:00Z", "except": []}
    assert (root / "heartbeat.json").stat().st_mode & 0o777 == 0o644
    assert [path.name for path in root.iterdir()] == ["heartbeat.json"]


def test_a_page_may_wait_a_little(root: Path) -> None:
    heartbeat = started()
    for step in range(4):
        heartbeat.beat([waiting()], now=START + step * LATER)
        assert read(root)["except"] == []


def test_a_page_that_waits_for_longer_is_not_confirmed_and_others_are(root: Path) -> None:
    heartbeat = started()
    for step in range(5):
        heartbeat.beat([waiting(1), waiting(2, revision=2 + step, published=1 + step)], now=START + step * LATER)
    assert read(root) == {"confirmed_at": "2026-03-02T10:01:20Z", "except": ["page00000001"]}
    heartbeat.beat([waiting(2)], now=START + 5 * LATER)
    assert read(root)["except"] == []


def test_being_touched_again_is_no_excuse(root: Path) -> None:
    heartbeat = started()
    for step in range(5):
        heartbeat.beat([waiting(revision=2 + step)], now=START + step * LATER)
    assert read(root)["except"] == ["page00000001"]


def test_what_a_dispatcher_finds_waiting_when_it_starts_is_not_confirmed(root: Path) -> None:
    """It may be one of many that died at the same page."""
    Heartbeat().beat([waiting()], now=START)
    assert read(root)["except"] == ["page00000001"]


def test_with_too_many_pages_behind_nothing_is_confirmed(root: Path) -> None:
    heartbeat = started()
    many = [waiting(number) for number in range(MAX_EXCEPTIONS + 1)]
    assert heartbeat.beat(many, now=START)
    assert not heartbeat.beat(many, now=START + 5 * LATER)
    assert read(root)["confirmed_at"] == "2026-03-02T10:00:00Z"


def test_a_full_disk_stops_the_heartbeat_and_not_the_dispatcher(root: Path) -> None:
    root.write_text("a file where the folder should be")
    assert not Heartbeat().beat([], now=START)


def test_the_dispatcher_confirms_what_it_has_looked_at(transactional_db: None, acme: Cast, root: Path) -> None:
    Page.objects.update(published_revision=1, revision=2)
    dispatcher = Dispatcher(is_stopping=lambda: False)
    dispatcher.tick()
    assert read(root)["except"] == [acme.page.public_id]
    (root / "heartbeat.json").unlink()
    dispatcher.tick()
    assert not (root / "heartbeat.json").exists(), "every 20 seconds is enough"


def test_pages_that_are_no_files_are_nobodys_business(transactional_db: None, acme: Cast, root: Path) -> None:
    Page.objects.update(audience="members", revision=2)
    Dispatcher(is_stopping=lambda: False).tick()
    assert read(root)["except"] == []

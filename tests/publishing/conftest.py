"""Publishing to real files from a real, committed database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from statuspage import publishing
from statuspage.front import Front
from statuspage.pages.models import Page
from statuspage.pages.store import Document, Store
from tests.publishing.serving import HOST, NEIGHBOUR, NEIGHBOURS_HOST, PAGE, SECRET, documents
from tests.publishing.worlds import drawn, made_up_pages
from tests.timeline import START


@dataclass(frozen=True, slots=True)
class Published:
    """What visitors can read, below `root`."""

    root: Path

    def publish(self, page: Page) -> None:
        assert publishing.publish(page.pk)

    def folder(self, page: Page) -> Path:
        return self.root / "pages" / page.public_id

    def text(self, page: Page, name: str = "index.html") -> str:
        return (self.folder(page) / name).read_text()

    def json(self, page: Page, name: str = "api/v2/summary.json") -> Mapping[str, Any]:
        parsed: Mapping[str, Any] = json.loads(self.text(page, name))
        return parsed

    def names(self, page: Page) -> set[str]:
        folder = self.folder(page)
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def published(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Published:
    monkeypatch.setattr(publishing, "_left_alone", {})  # no page has failed yet
    settings.PUBLISHED_DIR = tmp_path / "published"
    return Published(settings.PUBLISHED_DIR)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two published pages of two organizations, and something beside them that is not published."""
    (tmp_path / "secret.html").write_bytes(SECRET)
    (tmp_path / "heartbeat.json").write_bytes(b'{"at": 1}')
    store = Store(tmp_path)
    store.put(PAGE, documents(), hosts=[HOST])
    store.put(NEIGHBOUR, [Document(one.name, SECRET) for one in documents()], hosts=[NEIGHBOURS_HOST])
    return tmp_path


@pytest.fixture
def front(root: Path) -> Front:
    return Front(published=root, is_tls=False)


@pytest.fixture(scope="session")
def many(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[dict[str, bytes]]:
    """What pages of every shape tell programs: JSON, feeds and calendars, by name."""
    with made_up_pages(django_db_blocker, 24, now=START) as worlds:
        return [drawn(world.page, ".json", ".atom", ".rss", ".ics", now=START) for world in worlds]

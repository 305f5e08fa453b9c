"""Publishing to real files from a real, committed database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from statuspage import publishing
from statuspage.pages.models import Page


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
def published(transactional_db: None, settings: Settings, tmp_path: Path) -> Published:
    settings.PUBLISHED_DIR = tmp_path / "published"
    return Published(settings.PUBLISHED_DIR)

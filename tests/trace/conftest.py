"""What the tests of tracing share: the sample archive opened, and one of their own that they may change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from accuracy.tracing import read_gold, themes_file
from minutes_archive import Archive


@pytest.fixture(scope="session")
def themed_archive(sample_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample archive with the saved themes of the labels."""
    folder = tmp_path_factory.mktemp("themed") / "archive"
    shutil.copytree(sample_archive, folder)
    (folder / "themes.toml").write_text(themes_file(read_gold()[2]), "utf-8")
    return folder


@pytest.fixture
def opened(themed_archive: Path) -> Iterator[Archive]:
    with Archive.open(themed_archive) as archive:
        yield archive

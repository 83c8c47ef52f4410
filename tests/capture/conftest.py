"""An archive's captures in a temporary folder, and pages to fill them with."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from minutes_archive.access import Audience
from minutes_archive.capture import CaptureStore, Kept, Run
from minutes_archive.workspace import Workspace

NOON = dt.datetime(2024, 7, 17, 12, 0, tzinfo=dt.UTC)


def page(number: int) -> bytes:
    return f"<h1>Agenda and minutes {number}</h1><p>RESOLVED that item {number} be noted.</p>".encode() * 3


def keep(run: Run, content: bytes, audience: Audience | None = None, council: str | None = None) -> Kept:
    return run.keep(content, path="page.html", url=None, council=council, audience=audience, media_type="text/html")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "archive", writing=True)


@pytest.fixture
def open_store() -> Callable[[Workspace], CaptureStore]:
    return lambda workspace: CaptureStore(workspace, lambda: NOON)


@pytest.fixture
def store(workspace: Workspace, open_store: Callable[[Workspace], CaptureStore]) -> CaptureStore:
    return open_store(workspace)


@pytest.fixture
def make_page() -> Callable[[int], bytes]:
    return page


@pytest.fixture
def keep_page() -> Callable[..., Kept]:
    """Keep bytes in a run, as a page of which only the file's name is known."""
    return keep

"""A fake council, served; and archives that crawl it without waiting."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fakes.crawled import Crawled
from fakes.crawled import crawled as serve


@pytest.fixture
def crawled(tmp_path: Path) -> Iterator[Callable[..., Crawled]]:
    """Serves a fake council, changed as said, for an archive of its own."""
    with contextlib.ExitStack() as served:
        numbers = iter(range(1, 100))
        yield lambda **said: served.enter_context(serve(tmp_path / f"archive{next(numbers)}", **said))

"""Acknowledged: the captures of which a run has said that they count."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from minutes_archive.capture import Run


@contextlib.contextmanager
def acknowledging(tell: Callable[[str], object]) -> Iterator[None]:
    """While the block lasts, ``tell`` is told the SHA-256 of each capture as soon as ``Run.commit`` has returned."""
    kept: list[str] = []
    commit = Run.commit

    def noting(keep: Callable[..., Any]) -> Callable[..., Any]:
        def noted(run: Run, *arguments: Any, **options: Any) -> Any:
            done = keep(run, *arguments, **options)
            kept.append(done.capture.sha256)
            return done

        return noted

    def committed(run: Run) -> None:
        commit(run)
        for sha256 in kept:
            tell(sha256)
        kept.clear()

    with contextlib.ExitStack() as patches:
        for name, value in (("keep", noting(Run.keep)), ("keep_answer", noting(Run.keep_answer)), ("commit", committed)):
            patches.enter_context(mock.patch.object(Run, name, value))
        yield

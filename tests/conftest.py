"""What every test may ask for: the command line, the sample corpus, the shared real minutes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chromium import chromium
from command_line import SAMPLE, Minutes, Outcome
from minutes_archive.cli import main


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: packed ones hold the second of packing, and every process must name tests alike."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MINUTES_ARCHIVE", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def minutes(capfd: pytest.CaptureFixture[str]) -> Minutes:
    """Runs the command line in this process, as a person would type it."""

    def run(*arguments: object) -> Outcome:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in arguments])
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        status = ended.value.code
        assert isinstance(status, int)
        return Outcome(status, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real browser, for pages."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the shared seeds and real minutes."""
    folder = os.environ.get("MINUTES_SHARED")
    if not folder or not (Path(folder) / "seeds").is_dir():
        pytest.skip("$MINUTES_SHARED names no folder with seeds/ and realdata/")
    return Path(folder)


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive of the sample corpus, indexed. Read only: tests that write make their own."""
    folder = tmp_path_factory.mktemp("sample-archive")
    with pytest.raises(SystemExit) as ended:
        main(["--archive", str(folder), "add", str(SAMPLE), "--council", "thornmere"])
    assert ended.value.code == 0
    yield folder

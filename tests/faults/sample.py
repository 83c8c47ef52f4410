"""The archive of the sample corpus, one for each process that tries something on it. Read only."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from command_line import SAMPLE, typed


@cache
def sample_archive() -> Path:
    """Its folder; gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="sample-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    assert typed("--archive", folder, "add", SAMPLE, "--council", "thornmere").status == 0
    return folder

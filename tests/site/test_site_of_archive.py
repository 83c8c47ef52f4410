"""The site as the command writes it: with the archive's saved themes traced, and every item's thread."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from command_line import Minutes

BIKES = "moderngov.thornmere.example/3171/21303"
BIKES_BEFORE = "thornmere/safer-thornmere-partnership/2023-06-21-0930/nuisance-off-road-bikes-on-mere-common"

THEMES = """
[[theme]]
name = "riding"
title = "Nuisance riding"
words = ["off-road bike"]
"""


def test_saved_themes_and_threads_are_in_it(minutes: Minutes, sample_archive: Path, tmp_path: Path):
    archive, site = tmp_path / "archive", tmp_path / "site"
    shutil.copytree(sample_archive, archive)
    (archive / "themes.toml").write_text(THEMES, "utf-8")
    assert minutes("export", "site", "--archive", archive, site).status == 0
    theme = (site / "themes" / "nuisance-riding.html").read_text("utf-8")
    told = json.loads(minutes("trace", "--archive", archive, "Nuisance riding", "--json").out)
    listed = json.loads((site / "themes" / "nuisance-riding.json").read_text("utf-8"))
    assert listed["total"] == told["discussions"] > 0
    assert f"items/{BIKES}.html" in theme
    item = (site / "items" / f"{BIKES}.html").read_text("utf-8")
    assert "Earlier and later on this matter" in item
    assert BIKES_BEFORE in item

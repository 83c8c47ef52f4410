"""Damaged and odd pages: whatever happens to its bytes, a page is read or refused, never a reason to fail."""

from __future__ import annotations

import random

import pytest

from command_line import SAMPLE
from minutes_archive.parse import read

PAGES = sorted(SAMPLE.rglob("*.html"))


@pytest.mark.parametrize("flips", [1, 10, 200])
def test_flipped_bits(flips: int):
    chance = random.Random(flips)
    for page in chance.choices(PAGES, k=60):
        damaged = bytearray(page.read_bytes())
        for _ in range(flips):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        read(bytes(damaged))


def test_pages_cut_anywhere():
    chance = random.Random(1)
    for page in chance.choices(PAGES, k=60):
        content = page.read_bytes()
        read(content[: chance.randrange(len(content))])


def test_deep_nesting():
    for depth in (300, 5_000, 100_000):
        read(b"<table class='mgItemTable'><tr><td>" + b"<div>" * depth + b"Text" + b"</div>" * depth + b"</td></tr></table>")


def test_a_page_in_utf_16_is_read_like_any_other():
    page = SAMPLE / "cabinet" / "ieListDocuments-3102.html"
    plain = read(page.read_bytes())
    for encoding in ("utf-16", "utf-8-sig"):
        assert read(page.read_text("utf-8").encode(encoding)) == plain

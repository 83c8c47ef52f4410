"""The fields of an item's text: agenda, decision and minutes, each gathered as blocks."""

from __future__ import annotations

from minutes_archive.model import BODY_FIELDS
from minutes_archive.parse.blocks import Block, join_blocks
from minutes_archive.parse.marks import split_cut


def empty_fields() -> dict[str, list[Block]]:
    """A list of blocks for each field of text."""
    return {name: [] for name in BODY_FIELDS}


def join_fields(fields: dict[str, list[Block]]) -> tuple[dict[str, str], dict[str, str]]:
    """The text of each field without cut-off markers, and for each field that was cut the number its marker names."""
    texts: dict[str, str] = {}
    cut: dict[str, str] = {}
    for name, blocks in fields.items():
        texts[name], number = split_cut(join_blocks(blocks))
        if number is not None:
            cut[name] = number
    return texts, cut

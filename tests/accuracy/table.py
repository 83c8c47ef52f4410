"""The figures as tables in Markdown, on the screen and in docs/accuracy.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from accuracy.measure import ITEM_FIELDS, MEETING_FIELDS, Tally

FIELDS = ("told", *MEETING_FIELDS, *ITEM_FIELDS)
HEAD = ("layout", "files", "items", "read", "precision", "recall", "F1", "baseline F1", "words found", "words foreign", *FIELDS)
TOTAL = "all"
NOTHING = "–"


def table(ours: Mapping[str, Tally], peers: Mapping[str, Tally]) -> str:
    """A row for each layout, and one for all. ``peers`` are the baseline's tallies of the same files."""
    rows = [_row(layout, tally, peers[layout]) for layout, tally in ours.items()]
    rows.append(_row(TOTAL, sum(ours.values(), Tally()), sum(peers.values(), Tally())))
    widths = [max(map(len, column)) for column in zip(HEAD, *rows, strict=True)]
    rule = ("-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:]))
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in
                          enumerate(zip(row, widths, strict=True))) + " |"
        for row in (HEAD, rule, *rows)
    )


def _row(layout: str, ours: Tally, peer: Tally) -> tuple[str, ...]:
    shares: tuple[float, ...] = (ours.precision, ours.recall, ours.f1, peer.f1, ours.words_found, ours.words_foreign)
    # Where nothing was to be found and nothing was, the column "told" says all there is to say.
    shown = [f"{share:.3f}" if ours.labelled or ours.read else NOTHING for share in shares]
    exact = [f"{ours.exact[name]}/{ours.stated[name]}" if ours.stated[name] else NOTHING for name in FIELDS]
    return (layout, str(ours.files), str(ours.labelled), str(ours.read), *shown, *exact)


def fill(path: Path, part: str, text: str) -> None:
    """Write ``text`` between the marks of ``part`` in a Markdown file. Raises ``ValueError`` where the marks are missing."""
    page = path.read_text("utf-8")
    begin, end = f"<!-- figures: {part} -->", "<!-- end of figures -->"
    block = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not block.search(page):
        raise ValueError(f"{path} has no place for figures: the lines “{begin}” and “{end}”")
    path.write_text(block.sub(lambda _: f"{begin}\n{text}\n{end}", page), "utf-8", newline="\n")

"""How much of what is on a theme its trace finds, and whether its quotes hold: `python -m accuracy.tracing`.

For each theme of tests/gold/trace/themes.toml over the sample corpus:

    about     share of the items about the theme that the trace lists
    found     share of all items that are about it or touch it
    precise   share of the items listed that are one or the other; "not in passing" leaves out those that the trace itself marks
    exact     share of the quotes that are the very words of the record at their place
    verified  share of the references that hold when the captured bytes are read again
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from command_line import SAMPLE
from minutes_archive import Archive
from minutes_archive.archive import update_index
from minutes_archive.intake import Request
from minutes_archive.pipeline import Archiver
from minutes_archive.trace.tracing import Discussion, Trace
from minutes_archive.workspace import Workspace

GOLD = Path(__file__).parent.parent / "gold" / "trace" / "themes.toml"


@dataclass(frozen=True)
class Label:
    """One theme and the items that are on it, each named by day and title."""

    ask: str
    about: frozenset[str]
    touches: frozenset[str]


@dataclass
class Measure:
    """What came of one theme, or of several together."""

    ask: str
    about: int = 0
    about_found: int = 0
    relevant: int = 0
    found: int = 0
    listed: int = 0
    firm: int = 0
    firm_right: int = 0
    quotes: int = 0
    exact: int = 0
    verified: int = 0
    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    def add(self, other: Measure) -> None:
        """Count ``other`` in."""
        for name, value in vars(other).items():
            if name != "ask":
                setattr(self, name, getattr(self, name) + value)


def read_gold(file: Path = GOLD) -> tuple[frozenset[str], list[Label], list[dict[str, Any]]]:
    """The days judged, the labels, and the saved themes among them."""
    table = tomllib.loads(file.read_text("utf-8"))
    labels = [Label(one["ask"], frozenset(one["about"]), frozenset(one["touches"])) for one in table["theme"]]
    return frozenset(table["judged"]), labels, [one["saved"] for one in table["theme"] if "saved" in one]


def themes_file(saved: Iterable[dict[str, Any]]) -> str:
    """Saved themes as ``themes.toml`` holds them."""
    lines = []
    for one in saved:
        lines += ["[[theme]]", *(f"{key} = {_toml(value)}" for key, value in one.items()), ""]
    return "\n".join(lines)


def measure(archive: Archive, label: Label, judged: frozenset[str]) -> Measure:
    """Trace one theme and hold it against its label."""
    told = [(date, one) for date, one in _discussions(archive.trace(label.ask)) if date in judged]
    listed = {f"{date} {one.title}": one for date, one in told}
    relevant = label.about | label.touches
    firm = {name for name, one in listed.items() if not one.in_passing}
    quotes = [one for _, one in told if one.quote]
    verdicts = list(archive.verify(one.reference for one in quotes))
    return Measure(
        label.ask, len(label.about), len(label.about & listed.keys()), len(relevant), len(relevant & listed.keys()), len(listed),
        len(firm), len(firm & relevant), len(quotes), sum(_is_exact(archive, one) for one in quotes),
        sum(verdict.holds for verdict in verdicts), sorted(relevant - listed.keys()), sorted(listed.keys() - relevant),
    )


def _discussions(trace: Trace) -> Iterator[tuple[str, Discussion]]:
    for sitting, one in trace.discussions():
        yield sitting.date or "", one


def _is_exact(archive: Archive, one: Discussion) -> bool:
    _, item = archive.show(one.id)
    quote = one.quote
    return bool(item and quote and quote.text and item.text_of(quote.field)[quote.start : quote.end] == quote.text)


def report(rows: Sequence[Measure]) -> str:
    """A table, one line a theme."""
    total = Measure("all")
    for row in rows:
        total.add(row)
    heads = "".join(f"{head:>9}" for head in ("about", "found", "listed", "precise", "n.i.p.", "exact", "verified"))
    lines = [f"{'theme':<32}{heads}"]
    for one in (*rows, total):
        shares = (one.about_found / one.about, one.found / one.relevant)
        right = (one.found / (one.listed or 1), one.firm_right / (one.firm or 1))
        held = (one.exact / (one.quotes or 1), one.verified / (one.quotes or 1))
        lines.append(
            f"{one.ask:<32}" + "".join(f"{share:>9.3f}" for share in shares) + f"{one.listed:>9}"
            + "".join(f"{share:>9.3f}" for share in (*right, *held))
        )
    return "\n".join(lines)


def sample_archive(folder: Path, saved: Iterable[dict[str, Any]]) -> Path:
    """An archive of the sample corpus in ``folder``, with the saved themes."""
    workspace = Workspace.open(folder, writing=True)
    with workspace.writer_lock():
        Archiver(workspace, lambda: datetime.now(UTC), lambda problem: None).add([SAMPLE], Request("thornmere"))
        update_index(workspace)
    workspace.themes.write_text(themes_file(saved), "utf-8")
    return folder


def _toml(value: str | list[str]) -> str:
    if isinstance(value, str):
        return "'" + value + "'"
    return "[" + ", ".join(map(_toml, value)) + "]"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", action="store_true", help="what was missed, and what was listed besides")
    asked = parser.parse_args()
    judged, labels, saved = read_gold()
    with tempfile.TemporaryDirectory() as folder, Archive.open(sample_archive(Path(folder), saved)) as archive:
        rows = [measure(archive, label, judged) for label in labels]
    print(report(rows))
    for row in rows if asked.faults else ():
        print("\n".join([row.ask, *(f"  missed {name}" for name in row.missed), *(f"  besides {name}" for name in row.extra)]))


if __name__ == "__main__":
    main()

"""Labels of annotations: each labelled meeting as the record holds it before anyone annotates it, beside its labels.

Real files are labelled by offsets into their source. They are read line by line as the parsers read them, with marks set
where a labelled text begins and ends, so that the texts are those of the record, whatever else the parsers make of the file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accuracy.labels import source_text
from minutes_archive.access import Audience
from minutes_archive.model import Document, Item, Meeting, Source, Span, TextField, Vote
from minutes_archive.parse.plain.lines import TextLine, lines_of_text
from minutes_archive.parse.plain.markdown import lines_of_markdown

LABELS = Path(__file__).parents[2] / "gold" / "annotation"
# A mark on a line of its own; no file has this character of the private use area.
_CUT = "\ue000"


@dataclass(frozen=True)
class LabelledDecision:
    """A decision as labelled: its type, and where the words that carry it stand."""

    type: str
    field: TextField
    span: Span


@dataclass(frozen=True)
class Label:
    """What was labelled of one item. No decision at all is ``none``; ``unknown`` is labelled in so many words.

    ``votes`` are None where nobody labelled them.
    """

    decisions: tuple[LabelledDecision, ...]
    types: frozenset[str]
    votes: tuple[Vote, ...] | None
    restriction: str
    exempt_paragraphs: tuple[str, ...]
    procedural: bool
    topics: frozenset[str]
    doubt: str | None


@dataclass(frozen=True)
class LabelledMeeting:
    """A meeting without annotations, and the labels of its items in their order."""

    name: str
    style: str
    held_back: bool
    meeting: Meeting
    labels: tuple[Label, ...]


def fictional_meetings(folder: Path = LABELS / "fictional") -> Iterator[LabelledMeeting]:
    """The labelled meetings of councils that do not exist."""
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        items = tuple(_fictional_item(item, f"{path.stem}/{at}", at) for at, item in enumerate(told["items"], 1))
        meeting = Meeting(path.stem, Source(), body=told["body"], date=told["date"], items=items, audience=Audience.PUBLIC)
        labels = tuple(_fictional_label(item["labels"]) for item in told["items"])
        yield LabelledMeeting(path.stem, told["style"], told["held_back"], meeting, labels)


def real_meetings(realdata: Path, folder: Path = LABELS / "real") -> Iterator[LabelledMeeting]:
    """The labelled items of real files below ``realdata``. Raises ``ValueError`` where a file was changed."""
    for name, told in _files(folder):
        content = (realdata / told["file"]).read_bytes()
        if hashlib.sha256(content).hexdigest() != told["sha256"]:
            raise ValueError(f"{told['file']} is not the file that was labelled: its SHA-256 differs from that in {name}")
        source = _Source(_source_text(content), told["file"].endswith(".md"))
        items = tuple(
            Item(
                f"{name}/{at}", at, source.title(one["title"]), minutes_text=source.text(one["text"]),
                audience=Audience.PUBLIC,
            )
            for at, one in enumerate(told["items"], 1)
        )
        meeting = Meeting(name, Source(told["file"]), items=items, audience=Audience.PUBLIC)
        labels = tuple(_real_label(item, source) for item in told["items"])
        yield LabelledMeeting(name, told["style"], told["held_back"], meeting, labels)


def _files(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What was labelled of each real file, by a name: a JSON file for each, or a line of a list (``.jsonl``)."""
    for path in sorted(folder.glob("*.json")):
        yield path.stem, json.loads(path.read_text("utf-8"))
    for path in sorted(folder.glob("*.jsonl")):
        for line in filter(None, path.read_text("utf-8").split("\n")):
            told = json.loads(line)
            yield f"{told['style']}-{told['sha256'][:10]}", told


def _fictional_item(told: dict[str, Any], identity: str, ordinal: int) -> Item:
    documents = tuple(
        Document(one["title"], restricted=one.get("restricted", False), reason=one.get("reason"))
        for one in told.get("documents", ())
    )
    return Item(
        identity, ordinal, told["title"], number=told["number"], agenda_text=told["agenda_text"],
        decision_text=told["decision_text"], minutes_text=told["minutes_text"], truncated=told.get("truncated", False),
        documents=documents, audience=Audience.PUBLIC,
    )


def _fictional_label(told: dict[str, Any]) -> Label:
    decisions = tuple(
        LabelledDecision(one["type"], one["field"], Span(one["start"], one["end"])) for one in told["decisions"] if one["field"]
    )
    types = frozenset(one["type"] for one in told["decisions"])
    return _label(told, decisions, types, tuple(_vote(one, one["mover"], one["seconder"]) for one in told["votes"]))


def _real_label(told: dict[str, Any], source: _Source) -> Label:
    decisions = tuple(
        LabelledDecision(one["type"], "minutes_text", source.place(told["text"], one["span"])) for one in told["decisions"]
    )
    votes = None if told["votes"] is None else tuple(
        _vote(one, source.words(one["mover"]), source.words(one["seconder"])) for one in told["votes"]
    )
    return _label(told, decisions, frozenset(one.type for one in decisions), votes)


def _label(
    told: dict[str, Any], decisions: tuple[LabelledDecision, ...], types: frozenset[str], votes: tuple[Vote, ...] | None
) -> Label:
    return Label(
        decisions, types or frozenset({"none"}), votes, told["restriction"], tuple(map(str, told["exempt_paragraphs"])),
        told["procedural"], frozenset(told["topics"]), told.get("doubt"),
    )


def _vote(told: dict[str, Any], mover: str | None, seconder: str | None) -> Vote:
    return Vote(told["for"], told["against"], told["abstain"], told["unanimous"], told["result"], mover, seconder)


def _source_text(content: bytes) -> str:
    """The text that labels count in, a hyphen at the end of a line as one."""
    # PDFium marks a hyphen at the end of a line with U+0002 or U+FFFE: same length, so that offsets hold.
    return source_text(content).replace("\x02", "-").replace("\ufffe", "-")


class _Source:
    """The text of a real file, and what the record would make of stretches of it."""

    def __init__(self, text: str, is_markdown: bool) -> None:
        self._text = text
        self._is_markdown = is_markdown
        # Texts that a web form made break their lines in HTML's way.
        self._apart = 3 * ("<br />" if not is_markdown and "<br" in text else "\n")

    def title(self, span: Sequence[int]) -> str:
        return " ".join(line.text for line in self._lines(self._text[slice(*span)]))

    def words(self, span: Sequence[int] | None) -> str | None:
        return " ".join(self._text[slice(*span)].split()) if span else None

    def text(self, spans: Sequence[Sequence[int]]) -> str:
        """The stretches ``spans`` of the file as the text of one item."""
        return _paragraphs(self._cut(self._text, spans))

    def place(self, spans: Sequence[Sequence[int]], words: Sequence[int]) -> Span:
        """Where the words at ``words`` of the file stand in ``text(spans)``: the like of them that is nearest to their place."""
        text = self.text(spans)
        letters = [at for at, one in enumerate(text) if one.isalnum()]
        whole, part = _letters(text), _letters(" ".join(line.text for line in self._lines(self._text[slice(*words)])))
        before = sum(max(0, min(end, words[0]) - start) for start, end in spans)
        expected = before / sum(end - start for start, end in spans) * len(whole)
        starts = [match.start() for match in re.finditer(f"(?={re.escape(part)})", whole)]
        if not starts or not part:
            raise ValueError(f"the words at {list(words)} are not in the item's text")
        start = min(starts, key=lambda at: abs(at - expected))
        return Span(letters[start], letters[start + len(part) - 1] + 1)

    def _cut(self, text: str, spans: Sequence[Sequence[int]]) -> list[TextLine]:
        for at in sorted((at for span in spans for at in span), reverse=True):
            text = f"{text[:at]}{self._apart}{_CUT}{self._apart}{text[at:]}"
        found: list[TextLine] = []
        inside = False
        for line in self._lines(text):
            if line.text == _CUT:
                inside = not inside
            elif inside:
                found.append(line)
        return found

    def _lines(self, text: str) -> list[TextLine]:
        return lines_of_markdown(text).lines if self._is_markdown else lines_of_text(text)


def _letters(text: str) -> str:
    return "".join(one for one in text if one.isalnum())


def _paragraphs(lines: Sequence[TextLine]) -> str:
    text, last = "", "paragraph"
    for line in lines:
        text += ("\n" if line.kind == last != "paragraph" else "\n\n") * bool(text) + line.text
        last = line.kind
    return text

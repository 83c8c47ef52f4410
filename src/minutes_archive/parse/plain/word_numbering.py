"""Word's automatic numbers, written out: "334.", "4.1", "(a)" as Word shows them, put into the text of their paragraphs.

A paragraph names a list and a level; the list's definition gives start, format ("%1.%2") and kind of numeral.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field

from lxml import etree

DOCUMENT = "word/document.xml"
_NUMBERING, _STYLES = "word/numbering.xml", "word/styles.xml"
_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{_NS}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = "%1."


@dataclass
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


def with_written_numbers(content: bytes) -> bytes:
    """The Word file ``content`` with its automatic numbers as text. Raises what zipfile and lxml raise on a damaged file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {one.filename: archive.read(one) for one in archive.infolist()}
    if _NUMBERING not in parts:
        return content
    lists = _lists(_parse(parts[_NUMBERING]))
    by_style = _styles(_parse(parts[_STYLES])) if _STYLES in parts else {}
    root = _parse(parts[DOCUMENT])
    for paragraph in root.iter(f"{_W}p"):
        _write_number(paragraph, lists, by_style)
    parts[DOCUMENT] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


def _parse(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _value(element: etree._Element | None, path: str) -> str | None:
    found = element.find(path, {"w": _NS}) if element is not None else None
    return found.get(f"{_W}val") if found is not None else None


def _lists(root: etree._Element) -> dict[str, _List]:
    """List id -> its levels. Lists of one abstract definition that do not start anew count on together."""
    abstract = {one.get(f"{_W}abstractNumId"): _List(_levels(one)) for one in root.findall("w:abstractNum", {"w": _NS})}
    lists: dict[str, _List] = {}
    for number in root.findall("w:num", {"w": _NS}):
        base = abstract.get(_value(number, "w:abstractNumId"))
        own = number.get(f"{_W}numId")
        if base is None or own is None:
            continue
        overrides = number.findall("w:lvlOverride", {"w": _NS})
        if not overrides:
            lists[own] = base
            continue
        levels = {at: _Level(one.start, one.kind, one.text) for at, one in base.levels.items()}
        for override in overrides:
            level = levels.setdefault(int(override.get(f"{_W}ilvl") or 0), _Level())
            start = _value(override, "w:startOverride") or _value(override, "w:lvl/w:start")
            level.start = int(start) if start else level.start
            level.text = _value(override, "w:lvl/w:lvlText") or level.text
            level.kind = _value(override, "w:lvl/w:numFmt") or level.kind
        lists[own] = _List(levels)
    return lists


def _levels(definition: etree._Element) -> dict[int, _Level]:
    return {
        int(level.get(f"{_W}ilvl") or 0): _Level(
            int(_value(level, "w:start") or 1), _value(level, "w:numFmt") or "decimal", _value(level, "w:lvlText") or "",
        )
        for level in definition.findall("w:lvl", {"w": _NS})
    }


def _styles(root: etree._Element) -> dict[str, tuple[str, int]]:
    """Paragraph style -> the list and level that it brings along, its own or that of the style it is based on."""
    own: dict[str, tuple[str, int]] = {}
    based: dict[str, str] = {}
    for style in root.findall("w:style", {"w": _NS}):
        name = style.get(f"{_W}styleId") or ""
        number = _value(style, "w:pPr/w:numPr/w:numId")
        if number:
            own[name] = (number, int(_value(style, "w:pPr/w:numPr/w:ilvl") or 0))
        elif above := _value(style, "w:basedOn"):
            based[name] = above
    for name, base in based.items():
        above, seen = base, {name}
        while above in based and above not in seen:
            seen.add(above)
            above = based[above]
        if above in own:
            own.setdefault(name, own[above])
    return own


def _write_number(paragraph: etree._Element, lists: dict[str, _List], by_style: dict[str, tuple[str, int]]) -> None:
    properties = paragraph.find("w:pPr", {"w": _NS})
    style = by_style.get(_value(properties, "w:pStyle") or "")
    number = _value(properties, "w:numPr/w:numId") or (style[0] if style else None)
    level = _value(properties, "w:numPr/w:ilvl")
    if number is None or number == "0" or number not in lists or not paragraph.xpath("normalize-space(.)"):
        return
    depth = int(level) if level and level.isdigit() else style[1] if style else 0
    shown = _next(lists[number], depth)
    if shown is None:
        return
    run = etree.Element(f"{_W}r")
    text = etree.SubElement(run, f"{_W}t")
    text.set(_SPACE, "preserve")
    text.text = shown + " "
    paragraph.insert(0 if properties is None else 1, run)
    # mammoth would make a list of it, and the list would swallow the number's meaning.
    if properties is not None and (listed := properties.find("w:numPr", {"w": _NS})) is not None:
        properties.remove(listed)


def _next(one: _List, depth: int) -> str | None:
    """The number that the next paragraph at ``depth`` shows; None for bullets."""
    level = one.levels.get(depth)
    if level is None or level.kind in {"bullet", "none"} or not level.text:
        return None
    one.counts[depth] = one.counts.get(depth, level.start - 1) + 1
    for deeper in [at for at in one.counts if at > depth]:
        del one.counts[deeper]

    def numeral(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        here = one.levels.get(at, _Level())
        return _numeral(one.counts.get(at, here.start), here.kind)

    return re.sub(r"%(\d)", numeral, level.text)


def _numeral(value: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"}:
        letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in {"lowerRoman", "upperRoman"}:
        roman = _roman(value)
        return roman.upper() if kind == "upperRoman" else roman
    return f"{value:02d}" if kind == "decimalZero" else str(value)


def _roman(value: int) -> str:
    shown = ""
    for worth, numeral in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        count, value = divmod(value, worth)
        shown += numeral * count
    return shown

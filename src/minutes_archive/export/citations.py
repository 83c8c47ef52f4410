"""Citations in the forms that reports use: plain text, Markdown, BibTeX (biblatex) and CSL JSON.

Each carries the reference line of ``trace.reference`` whole, so that `minutes verify FILE` finds it in a report's source.
"""

from __future__ import annotations

import json
import re
from typing import Any

from minutes_archive.export.wording import date_words
from minutes_archive.identity import slug
from minutes_archive.trace.citation import Citation

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")
# What TeX would take for a command.
_TEX = {sign: f"\\{sign}" for sign in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}


def citation_text(one: Citation) -> str:
    """One paragraph: who, when, which item, what was said, where, and the reference line."""
    quote = f"“{one.quote.text}”" if one.quote else ""
    return _joined(one, one.title or "", quote, one.url or one.path or "", str(one.reference))


def citation_markdown(one: Citation) -> str:
    """The same with the title as a link, the quote as a block, and the reference as code."""
    title = _plain(one.title or "")
    address = one.url if one.url and one.url.startswith(("https://", "http://")) else None
    linked = f"[{title or 'minutes'}]({address.replace(' ', '%20').replace(')', '%29')})" if address else title
    quote = "".join(f"> {_plain(line)}\n" if line else ">\n" for line in one.quote.text.split("\n")) if one.quote else ""
    where = "" if address else _plain(one.path or "")
    line = _joined(one, linked, "", where, f"`{one.reference}`", escape=_plain, quoted=False)
    return f"{quote}\n{line}" if quote else line


def citation_bibtex(one: Citation) -> str:
    """A biblatex entry; ``eprint`` and ``url`` are taken as they are, everything else is escaped."""
    year, _, rest = (one.date or "").partition("-")
    fields = {
        "author": f"{{{_tex(one.body)}}}" if one.body else None,
        "title": _tex(_title(one)), "organization": _tex(one.council) if one.council else None,
        "date": one.date or None, "year": year if rest else None, "type": "Minutes",
        "url": _bare(one.url), "urldate": (one.captured_at or "")[:10] or None,
        "annotation": _tex(one.quote.text) if one.quote else None,
        "note": _tex(_captured(one)), "eprinttype": "minutes-archive", "eprint": str(one.reference),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{_key(one)},\n{lines}}}"


def citation_csl(one: Citation) -> str:
    """A list of one CSL-JSON item (schema 1.0.2); the quote is its annotation."""
    return json.dumps([_csl(one)], ensure_ascii=False, indent=1)


def citation_record(one: Citation) -> dict[str, Any]:
    """Everything that is known, as plain values."""
    quote = one.quote
    return {
        "id": one.id, "council": one.council, "body": one.body, "date": one.date, "number": one.number, "title": one.title,
        "minutes_status": one.minutes_status, "url": one.url, "path": one.path, "sha256": one.sha256,
        "captured_at": one.captured_at, "reference": str(one.reference),
        "quote": {"field": quote.field, "start": quote.start, "end": quote.end, "text": quote.text} if quote else None,
    }


def _joined(
    one: Citation, title: str, quote: str, where: str, reference: str, escape: Any = str, quoted: bool = True
) -> str:
    body = escape(one.body or "Body not known") + (f" ({escape(one.council)})" if one.council else "")
    item = " ".join(filter(None, ["item", escape(one.number or "")])) if one.title is not None else ""
    named = f"“{title}”" if title and quoted else title
    head = ", ".join(filter(None, [body, f"minutes of {date_words(one.date)}", " ".join(filter(None, [item, named]))]))
    draft = " (draft)" if one.minutes_status == "draft" else ""
    said = f": {quote}." if quote and not quote.endswith((".”", "!”", "?”")) else f": {quote}" if quote else "."
    place = f" {where}." if where else ""
    return f"{head}{draft}{said}{place} {escape(_captured(one))}. {reference}"


def _captured(one: Citation) -> str:
    when = f"Captured {date_words(one.captured_at[:10])}" if one.captured_at else "Captured elsewhere"
    return f"{when}, SHA-256 {one.sha256}"


def _title(one: Citation) -> str:
    if one.title is None:
        return f"Minutes of {date_words(one.date)}"
    return f"{one.title} (item {one.number})" if one.number else one.title


def _csl(one: Citation) -> dict[str, Any]:
    record = {
        "id": _key(one), "type": "document", "genre": "Minutes", "title": _title(one),
        "container-title": None if one.title is None else f"{one.body or 'Body not known'}, minutes of {date_words(one.date)}",
        "author": [{"literal": one.body}] if one.body else None, "publisher": one.council, "number": one.number,
        "issued": _date_parts(one.date), "accessed": _date_parts((one.captured_at or "")[:10]), "URL": _bare(one.url),
        "status": one.minutes_status if one.minutes_status != "none" else None,
        "archive": "minutes-archive", "archive_location": str(one.reference), "note": _captured(one),
        "annote": one.quote.text if one.quote else None,
    }
    return {name: value for name, value in record.items() if value is not None}


def _date_parts(day: str | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None


def _key(one: Citation) -> str:
    return slug(" ".join(filter(None, [one.council, one.body, one.date, one.number or one.title])))


def _bare(url: str | None) -> str | None:
    """An address without what would end a field of BibTeX."""
    return re.sub(r"[{}\s]", lambda match: f"%{ord(match[0]):02X}", url) if url else None


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)

"""The search of a site that was opened from a disk: one classic script a year, with a MiniSearch index and its documents.

Browsers let no script of such a page fetch anything, so Pagefind can't run there. The index is written here in the form that
MiniSearch 7 saves (``MiniSearch#toJSON``, serialisation version 2), its words being the stems of the command line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from minutes_archive.export.site.documents import Document

# Above this the scripts would take too long to open from a disk.
MOST_ITEMS = 10_000
_FIELDS = ("title", "text", "extra")


def year_script(year: str, documents: Iterable[Document], stems: Mapping[str, str]) -> bytes:
    """The script of one year's documents; it calls ``minutesYear`` of the page's own script."""
    postings: dict[str, list[dict[str, int]]] = {}
    lengths: dict[str, list[int]] = {}
    told: list[list[Any]] = []
    for number, document in enumerate(documents):
        key = str(number)
        for field, terms in enumerate(document.terms):
            counts = Counter(terms.split())
            for term, count in counts.items():
                postings.setdefault(term, [{} for _ in _FIELDS])[field][key] = count
            lengths.setdefault(key, []).append(len(counts))
        facets = {name: list(values) for name, values in document.facets.items()}
        told.append([document.url, document.title, document.order, facets, "\n\n".join(document.texts)])
    means = [round(sum(one[n] for one in lengths.values()) / max(1, len(lengths)), 6) for n in range(len(_FIELDS))]
    index = {
        "documentCount": len(told), "nextId": len(told), "documentIds": {str(n): n for n in range(len(told))},
        "fieldIds": {name: n for n, name in enumerate(_FIELDS)}, "fieldLength": lengths, "averageFieldLength": means,
        "storedFields": {}, "dirtCount": 0, "serializationVersion": 2,
        "index": [[term, {str(n): one for n, one in enumerate(fields) if one}] for term, fields in sorted(postings.items())],
    }
    # Most words are their own stem: those need no line.
    changed = {word: stem for word, stem in sorted(stems.items()) if word != stem}
    content = json.dumps([year, index, changed, told], ensure_ascii=False, separators=(",", ":"))
    return f"minutesYear({script_safe(content)});\n".encode("utf-8", "replace")


def script_safe(content: str) -> str:
    """JSON as it may stand in a script: two line ends of Unicode were none in JavaScript before 2019."""
    return content.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")

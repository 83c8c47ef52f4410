"""The baseline: the annotator that anyone would write in an hour, a keyword or two for each type, sentence by sentence."""

from __future__ import annotations

import re
from dataclasses import replace

from minutes_archive.model import Decision, Item, Vote

_KEYWORDS = {
    "approved": r"agreed|resolved|approved|adopted|endorsed|granted|carried",
    "noted": r"noted|received",
    "minutes_confirmed": r"minutes.*(?:correct|true|accurate)",
    "recommended": r"recommended",
    "referred": r"referred",
    "deferred": r"deferred|adjourned|postponed",
    "refused": r"refused|rejected|lost",
    "withdrawn": r"withdrawn|withdrew",
    "delegated": r"delegated|authorised",
    "appointed": r"elected|appointed|nominated|co-opted",
    "amended": r"amended|amendment",
    "called_in": r"called[- ]in",
    "revoked": r"revoked|suspended",
    "action": r"action|requested|to write",
    "public_excluded": r"public.*excluded|exclu\w+.*public",
    "restricted_outcome": r"exempt (?:minute|report)",
}
_FOR, _AGAINST = re.compile(r"(\d+) (?:votes? )?(?:for|in favour)", re.I), re.compile(r"(\d+) (?:votes? )?against", re.I)


def annotate_plainly(item: Item) -> Item:
    """``item`` with the decisions and votes that its keywords tell."""
    if item.truncated or not (item.decision_text or item.minutes_text):
        return replace(item, decisions=(Decision("unknown"),))
    name, text = ("decision_text", item.decision_text) if item.decision_text else ("minutes_text", item.minutes_text)
    decisions, votes = [], []
    for sentence in re.finditer(r"[^.\n]+", text):
        words = sentence.group()
        decisions += [
            Decision(type_, words, name, *sentence.span())  # type: ignore[arg-type]
            for type_, keyword in _KEYWORDS.items() if re.search(keyword, words, re.IGNORECASE)
        ]
        counts = [int(match[1]) if (match := side.search(words)) else None for side in (_FOR, _AGAINST)]
        if any(counts) or "unanimous" in words.lower():
            result = "lost" if "lost" in words.lower() else "carried"
            votes.append(Vote(*counts, unanimous="unanimous" in words.lower(), result=result))
    return replace(item, decisions=tuple(decisions) or (Decision("none"),), votes=tuple(votes))

"""Front matter: what a Markdown file says of itself between two rules, before its text."""

from __future__ import annotations

import re

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(?P<front>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


def split_front(text: str) -> tuple[str | None, str]:
    """The front matter of ``text``, None where it has none, and the text behind it."""
    match = _FRONT.match(text)
    return (match["front"], text[match.end() :]) if match else (None, text)

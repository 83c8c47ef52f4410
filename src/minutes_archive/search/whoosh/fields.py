"""The fields of the index: their names, and the numbers that the columns know them by."""

from __future__ import annotations

WORD_FIELDS = (
    "title", "decision_text", "minutes_text", "agenda_text", "documents", "number", "outcome", "body", "people",
)
NUMBERS = {name: number for number, name in enumerate(WORD_FIELDS)}
# The name of the index to Whoosh: its files begin so.
NAME = "minutes"

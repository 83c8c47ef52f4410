"""Which sentence is quoted: the rule, case by case; and always an exact slice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.search.reading import parse
from minutes_archive.trace.quote import LONG, Quote, choose_quote
from minutes_archive.trace.words import ThemeWords, typed_names

WORDS = ThemeWords(typed_names(parse("harbour bridge")), ("toll", "crossing charge"))
FIRST = "The Clerk gave the history of the bridge at some length to all who were there."
BEST = "Members asked what a closure of the harbour bridge would cost the traders of the town and the port."
OTHER = "Somebody spoke of the toll and of the crossing charge, and somebody else did not."


def quoted(decision: str = "", **texts: str) -> Quote | None:
    return choose_quote(texts, {name: WORDS.find(text) for name, text in texts.items()}, decision)


@pytest.mark.parametrize(("why", "texts", "expected"), [
    ("what names most of the theme", {"minutes_text": f"{FIRST} {BEST} {OTHER}"}, BEST),
    ("typed words before related ones", {"minutes_text": f"{OTHER} {FIRST}"}, FIRST),
    ("minutes before the agenda", {"agenda_text": BEST, "minutes_text": f"None of it was new to them. {OTHER}"}, OTHER),
    ("the agenda where nothing else names it", {"agenda_text": f"{BEST} More.", "minutes_text": "It was so agreed."}, BEST),
    ("a sentence before a row of a table", {"minutes_text": f"Harbour bridge | toll | 31\n\n{FIRST}"}, FIRST),
    ("a sentence before a heading", {"minutes_text": f"The Harbour Bridge\n\n{FIRST}"}, FIRST),
    ("the minutes before the decision", {"decision_text": BEST, "minutes_text": BEST + " "}, BEST),
    ("the first of two", {"minutes_text": f"{BEST}\n\n{BEST[:-1]}, it was said."}, BEST),
    ("a short one with the next",
     {"minutes_text": "It was the harbour bridge that closed. Nobody knew when it would open."},
     "It was the harbour bridge that closed. Nobody knew when it would open."),
])
def test_the_best_sentence(why: str, texts: dict[str, str], expected: str):
    quote = quoted(**texts)
    assert quote is not None
    assert quote.text == expected, why


def test_the_decision_is_no_quote_where_something_else_says_as_much():
    decision = "RESOLVED that a closure of the harbour bridge be put to the traders of the town and the port."
    quote = quoted(decision, minutes_text=f"{decision} {BEST}")
    assert quote is not None
    assert quote.text == BEST


def test_the_minutes_are_quoted_where_the_decision_says_the_same():
    quote = quoted(decision_text=BEST, minutes_text=BEST)
    assert quote is not None
    assert quote.field == "minutes_text"


def test_where_nothing_names_it_the_decision_is_quoted_else_the_beginning_else_the_title():
    text = "The report was long. The officers were thanked for it. RESOLVED that it be noted."
    decided = quoted("RESOLVED that it be noted.", title="Toll", minutes_text=text)
    assert decided is not None
    assert decided.text == "RESOLVED that it be noted."
    begins = quoted(title="Toll", minutes_text=text)
    assert begins is not None
    assert begins.text.startswith("The report was long. The officers")
    assert quoted(title="Toll") == Quote("title", 0, 4, "Toll")
    assert quoted() is None


def test_a_long_sentence_is_cut_around_its_words():
    text = "and so on, " * 80 + "until the harbour bridge was named, " + "and so on, " * 80 + "and so it ended."
    quote = quoted(minutes_text=text)
    assert quote is not None
    assert "harbour bridge was named" in quote.text
    assert len(quote.text) <= LONG
    assert (quote.cut_start, quote.cut_end) == (True, True)
    assert not quote.text.startswith(" ")


SENTENCE = st.sampled_from(
    [FIRST, BEST, OTHER, "Harbour bridge", "1. | toll | 2", "“Toll?” he said.", "x" * 700, "Überfahrt – toll…"]
)


@given(st.lists(SENTENCE, max_size=6), st.lists(SENTENCE, max_size=3), st.sampled_from([" ", "\n", "\n\n"]))
def test_a_quote_is_always_an_exact_slice(minutes: list[str], agenda: list[str], gap: str):
    texts = {"minutes_text": gap.join(minutes), "agenda_text": gap.join(agenda), "title": "T"}
    quote = quoted("", **texts)
    assert quote is not None
    assert quote.text
    assert texts[quote.field][quote.start : quote.end] == quote.text

"""Reading queries: the trees they make, and what a faulty one is told."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.errors import QueryError
from minutes_archive.search.query import (
    And,
    Dated,
    Everything,
    Fuzzy,
    Labelled,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Run,
    Word,
)
from minutes_archive.search.reading import MAX_DEPTH, MAX_LENGTH, MAX_PARTS, MAX_WORDS, parse

A, B = Word("a", column=1), Word("b", column=3)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        (" \t ", Everything()),
        ("off-road", Word("off-road", column=1)),
        ("a b", Run((A, B))),
        ("a AND b", And((A, Word("b", column=7)))),
        ("a b OR c", Or((Run((A, B)), Word("c", column=8)))),
        ("a -b", Run((A, Not(Word("b", column=4))))),
        ("a NOT b", Run((A, Not(Word("b", column=7))))),
        ("-(a b)", Not(Run((Word("a", column=3), Word("b", column=5))))),
        ("a and b", Run((A, Word("and", column=3), Word("b", column=7)))),
        ("“a b”", Phrase("a b", column=1)),
        ("bik*", Prefix("bik", column=1)),
        ("bike~", Fuzzy("bike", column=1)),
        ("Title:bik*", Prefix("bik", "title", column=7)),
        ('person:"A B"', Phrase("A B", "person", column=8)),
        ("topic:waste", Labelled("topic", "waste", column=7)),
        ("decision:Minutes-Confirmed", Labelled("decision", "Minutes-Confirmed", column=10)),
        ("date:2019..2024-06", Dated(dt.date(2019, 1, 1), dt.date(2024, 6, 30), column=6)),
        ("date:2023/24", Dated(dt.date(2023, 5, 1), dt.date(2024, 4, 30), column=6)),
        ("date:2019..", Dated(dt.date(2019, 1, 1), None, column=6)),
        ("date:..17/07/2024", Dated(None, dt.date(2024, 7, 17), column=6)),
        ("date:June 2024", Dated(dt.date(2024, 6, 1), dt.date(2024, 6, 30), column=6)),
        ('date:"June 2024"', Dated(dt.date(2024, 6, 1), dt.date(2024, 6, 30), column=6)),
        ("date:17 July 2024..June 2025", Dated(dt.date(2024, 7, 17), dt.date(2025, 6, 30), column=6)),
        ("date:2024 2025", Run((Dated(dt.date(2024, 1, 1), dt.date(2024, 12, 31), column=6), Word("2025", column=11)))),
        ("a | b", Or((A, Word("b", column=5)))),
        ("a||b", Or((A, Word("b", column=4)))),
        ("title:a|b", Or((Word("a", "title", column=7), Word("b", column=9)))),
        ("a && b", And((A, Word("b", column=6)))),
        ("a & b", Run((A, Word("b", column=5)))),
        ('"a | b"', Phrase("a | b", column=1)),
        ("[a to b]", Run((Word("[a", column=1), Word("to", column=4), Word("b]", column=7)))),
        ("a 😀 - — b", Run((A, Word("b", column=9)))),
        ("http://a.b", Word("http://a.b", column=1)),
        ("Re: a", Run((Word("Re:", column=1), Word("a", column=5)))),
    ],
)
def test_trees(text: str, tree: Query) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("*", 1, "at least 2 letters"),
        ("a b*", 4, "at least 2 letters"),
        ("ro*d", 3, "only at the end"),
        ('a "b', 3, "not closed"),
        ('a ""', 3, "no words between"),
        ("(a", 1, "not closed"),
        ("a)", 2, "without an opening"),
        ("a ( )", 3, "nothing in the brackets"),
        ("AND a", 1, "both sides"),
        ("a OR", 3, "both sides"),
        ("a AND OR b", 3, "both sides"),
        ("a NOT", 3, "a word after it"),
        ("committe:a", 1, "no field"),
        ("decision:defered", 10, "is no decision"),
        ("restriction:secret", 13, "is no restriction"),
        ("date:soon", 6, "is no date"),
        ("date:June", 6, "is no date"),
        ("date:1/2/24", 6, "the year in full, 1/2/2024"),
        ("bikes [a TO h]", 7, "date:2019..2024-06"),
        ("date:[2019 TO 2024]", 1, "date:2019..2024-06"),
        ("bikes scoter~9", 13, "takes no number"),
        ('"a b"~3', 6, "takes no number"),
        ("a |", 3, "both sides"),
        ("| a", 1, "both sides"),
        ("date:2020..soon", 12, "is no date"),
        ("date:2021..2020", 6, "ends before"),
        ("😀", 1, "no letter"),
        ("x" * (MAX_LENGTH + 1), MAX_LENGTH + 1, "too long"),
        ("(" * (MAX_DEPTH + 1) + "a", MAX_DEPTH + 1, "too deeply"),
        ("-(" * (MAX_DEPTH // 2 + 1) + "a", MAX_DEPTH + 1, "too deeply"),
        ("a " * (MAX_WORDS + 1), MAX_WORDS * 2 + 1, "too many words"),
        ("bikes " + "a-" * MAX_PARTS, 7, "too many parts"),
    ],
)
def test_faults_are_told_with_their_column(text: str, column: int, says: str) -> None:
    with pytest.raises(QueryError, match=says) as fault:
        parse(text)
    assert fault.value.column == column


@given(st.text(st.sampled_from('ab*~"()-:. ANDORT\0😀titledate:29/|&[]'), max_size=60))
def test_any_text_ends_in_a_tree_or_a_fault(text: str) -> None:
    try:
        parse(text)
    except QueryError as fault:
        assert 1 <= fault.column <= len(text) + 1

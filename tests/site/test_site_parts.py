"""The small parts: texts made readable, charts, folding."""

from __future__ import annotations

import pytest

from minutes_archive.annotate.vocabulary import Synonyms
from minutes_archive.export.site.chart import chart_of
from minutes_archive.export.site.folding import Folding, Words, compounds, shards
from minutes_archive.export.site.reading import Mark, readable

TABLE = (
    '<div class="scroll" role="region" tabindex="0" aria-label="Table"><table><tbody><tr><td>a</td><td>b</td></tr>\n'
    "<tr><td>c</td><td>d</td></tr>\n</tbody></table></div>\n"
)


@pytest.mark.parametrize(("text", "marks", "html"), [
    ("One.\n\nTwo & <b>three</b>.", (), "<p>One.</p>\n<p>Two &amp; &lt;b&gt;three&lt;/b&gt;.</p>\n"),
    ("RESOLVED\n1. to pay\n(b) to note", (),
     '<p>RESOLVED</p>\n<p class="entry">1. to pay</p>\n<p class="entry">(b) to note</p>\n'),
    ("a | b\nc | d", (), TABLE),
    ("We agreed it.", (Mark(3, 9, 1, "decision"),), '<p>We <mark class="decision">agreed</mark>'
     '<sup><a class="ref" id="words-1" href="#evidence-1">[1]</a></sup> it.</p>\n'),
    ("Quads and bikes", (Mark(0, 5, 2, "other"),),
     '<p><span id="words-2"><mark class="other">Quads</mark></span> and bikes</p>\n'),
    # Evidence that overlaps, and evidence that runs over a line's end.
    ("abcd", (Mark(0, 3, 1, "decision"), Mark(1, 4, 2, "other")),
     '<p><mark class="decision">a</mark><span id="words-2"><mark class="decision">bc</mark></span>'
     '<sup><a class="ref" id="words-1" href="#evidence-1">[1]</a></sup><mark class="other">d</mark></p>\n'),
    ("ab\n\ncd", (Mark(1, 5, 1, "decision"),), '<p>a<mark class="decision">b</mark></p>\n<p><mark class="decision">c</mark>'
     '<sup><a class="ref" id="words-1" href="#evidence-1">[1]</a></sup>d</p>\n'),
    ("", (), ""),
], ids=range(8))
def test_texts_are_readable(text: str, marks: tuple[Mark, ...], html: str):
    assert str(readable(text, marks)) == html


def test_a_chart_has_the_years_without_a_count():
    chart = chart_of(["2020", "2020", "2023", "undated"])
    assert chart is not None
    assert [(bar.year, bar.count) for bar in chart.bars] == [("2020", 2), ("2021", 0), ("2022", 0), ("2023", 1)]
    assert (chart.words, chart.undated) == ("3 items from 2020 to 2023; most in 2020, 2.", 1)
    assert chart_of(["2020"] * 5) is None


@pytest.mark.parametrize("text", ["Off-road bikes", "off road bike", "OFFROAD BIKES", "the motorbike", "Quad-bikes", "quadbike"])
def test_every_way_of_saying_a_concept_is_given_its_word(text: str):
    folding = Folding([Synonyms("Off-road bikes", ("motorbikes", "quad bikes")), Synonyms("PCC", ("commissioner",))])
    words = Words()
    _, _, extra = folding.terms("", [text], words)
    bikes, commissioner = (concept.token for concept in folding.concepts)
    assert bikes in extra.split()
    assert commissioner not in extra.split()


def test_a_label_of_two_meanings_is_one_concept_of_both():
    folding = Folding([Synonyms("Prevent", ("the duty",)), Synonyms("Homelessness", ("the duty",))])
    both = folding.concepts[folding.keys["theduti"]]
    assert set(both.labels) == {"Prevent", "Homelessness", "the duty"}
    assert len(folding.concepts) == 3


def test_two_words_are_one_where_the_archive_has_them_as_one():
    words = Words()
    Folding([]).terms("", ["The car park.", "A side street and a tax rise."], words)
    assert compounds([words.as_record()]) == []
    Folding([]).terms("", ["The carpark."], words)
    assert compounds([words.as_record()]) == ["carpark"]


def test_stems_say_which_years_have_them():
    first, second = Words(), Words()
    Folding([]).terms("", ["bikes on paths"], first)
    Folding([]).terms("", ["a bike"], second)
    told = shards([first.as_record(), second.as_record()])
    assert told["b"] == {"bike": ["bike", "3"], "bikes": ["bike", "3"]}
    assert told["p"] == {"paths": ["path", "1"]}

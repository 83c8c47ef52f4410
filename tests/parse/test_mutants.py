"""Damaged pages crash nothing, hold nothing up and lose nothing in silence (`python -m accuracy.mutants` reads 10,000)."""

from __future__ import annotations

from random import Random

import pytest

from accuracy.mutants import DEPTHS, PAGE_MUTATORS, TEXT_MUTATORS, Good, good_pages, lost_in_silence, measure, mutants
from minutes_archive.bounded import shared_reader
from minutes_archive.model import Attendance, ParsedItem, ParsedMeeting, Problem, Reading
from minutes_archive.parse import read

PAGES = good_pages()
NESTED = b"<table class='mgItemTable'><tr><td class='mgItemNumberCell'>4.</td><td><p class='mgAiTitleTxt'>Ferry fares</p>%s" \
    b"<p>The fares for foot passengers stay as they are.</p>%s</td></tr></table>"


def test_three_hundred_mutants():
    figures = measure(PAGES, 300, seed=7)
    assert (figures.crashes, figures.slow, figures.drops, figures.count) == ([], [], [], 300)


def test_the_same_seed_makes_the_same_mutants():
    first, again, other = ([content for _, _, content in mutants(PAGES, 30, seed)] for seed in (3, 3, 4))
    assert first == again != other


def test_good_pages_lose_nothing():
    assert [page.name for page in PAGES if lost_in_silence(page, page.content, read(page.content))] == []


@pytest.mark.parametrize("mutator", dict.fromkeys((*PAGE_MUTATORS, *TEXT_MUTATORS)), ids=lambda mutator: mutator.__name__)
def test_every_mutator_damages(mutator):
    chance = Random("damage")
    page = next(page for page in PAGES if page.is_page)
    assert any(mutator(page.content, chance) != page.content for _ in range(20))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("tag", [b"b", b"div", b"blockquote"])
def test_a_page_that_nests_deep_is_read_or_says_so(depth, tag):
    reading = shared_reader().read(NESTED % (b"<%s>" % tag * depth, b"</%s>" % tag * depth))
    text = reading.meeting.items[0].agenda_text if reading.meeting and reading.meeting.items else ""
    assert "The fares for foot passengers stay as they are." in text or reading.problems


# What the harness must not let through: a reading of the page below that is silent about what it lacks.
PAGE = Good("made/page", b"<p>The fares for foot passengers stay as they are.</p>", ("thefaresforfootpassengersstayastheyare",))
WHOLE = ParsedItem("Ferry", minutes_text="The fares for foot passengers stay as they are.")
BROKEN = ParsedItem("The fares for foot passengers", minutes_text="stay as they are.")
READINGS = [
    ("read", (WHOLE,), (), False),
    ("read in two pieces", (BROKEN,), (), False),
    ("lost in silence", (ParsedItem("Ferry"),), (), True),
    ("half lost in silence", (ParsedItem("Ferry", minutes_text="The fares for foot"),), (), True),
    ("lost, and said", (ParsedItem("Ferry"),), (Problem("text_left_out", "warning", "", "38 letters"),), False),
    ("lost, and something else said", (ParsedItem("Ferry"),), (Problem("no_date", "warning", "", "no date"),), True),
]


@pytest.mark.parametrize(("items", "problems", "lost"), [row[1:] for row in READINGS], ids=[row[0] for row in READINGS])
def test_the_harness_finds_what_is_lost(items, problems, lost):
    reading = Reading("meeting", "text", "made/1", ParsedMeeting(items=items), problems=problems)
    assert bool(lost_in_silence(PAGE, PAGE.content, reading)) == lost


def test_a_page_refused_without_a_word_is_a_silent_drop():
    assert lost_in_silence(PAGE, PAGE.content, Reading("refused", "unknown", "made/1"))


APOLOGIES = Good("made/text", b"Apologies were received from Cllr Ivy Shaw.", ("apologieswerereceivedfromcllrivyshaw",))


@pytest.mark.parametrize(("people", "lost"), [
    ([("Ivy Shaw", "apologies")], False), ([("Ivy Shaw", "present")], True), ([("Ann Low", "apologies")], True), ([], True),
])
def test_who_sent_apologies_is_read_where_the_register_says_so(people, lost):
    attendance = tuple(Attendance(name, None, status) for name, status in people)
    meeting = ParsedMeeting(items=(ParsedItem("Ferry"),), attendance=attendance)
    assert bool(lost_in_silence(APOLOGIES, APOLOGIES.content, Reading("meeting", "text", "made/1", meeting))) is lost

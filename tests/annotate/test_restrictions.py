"""What of an item is not public, and the stretch of the meeting that an exclusion of the public covers."""

from __future__ import annotations

import time

import pytest

from annotate.annotate_items import annotated, item, restricted
from minutes_archive.access import Audience
from minutes_archive.annotate.exemption import cited_paragraphs, paragraphs_of_reason
from minutes_archive.model import Item

EXCLUSION = (
    "RESOLVED that, under Section 100A(4) of the Local Government Act 1972, the press and public be excluded from the meeting "
    "for the following items as they involve exempt information as defined in paragraphs 1 and 3 of Part 1 of Schedule 12A."
)


def states(*items: Item) -> list[str]:
    return [one.restriction for one in annotated(*items)]


@pytest.mark.parametrize(("title", "minutes", "expected"), [
    ("Bus services", "The report was noted.", "open"),
    ("Crime figures", "Members were presented with a restricted report on crime.", "restricted_enclosure"),
    ("Care fees", "Returns were in the exempt appendix, to which nobody referred.", "restricted_enclosure"),
    ("Land at Mill Lane - Exempt", "The sale was discussed.", "exempt"),
    ("Driver hearing", "NOT FOR PUBLICATION by virtue of paragraph 1 of Part 1 of Schedule 12A.", "exempt"),
    ("Driver hearing", "This item was minuted under Part II Exempt Minute.", "exempt"),
    ("Staffing matter (Confidential)", "Members discussed it.", "confidential"),
    ("Reporting crime", "There would be a confidential way to pass the information on to the Police.", "open"),
    ("Exempt accommodation", "Landlords were exempt from the charge.", "open"),
    # A phrase of Schedule 12A alone excludes nobody (dossier 4.3).
    ("Exempt business", "There were no items requiring the exclusion of the public.", "open"),
    ("Exclusion of the public", "The motion to exclude the public was LOST.", "open"),
    ("Part 2 items", "There was no need to go into Part 2.", "open"),
])
def test_an_item_by_its_own_words(title: str, minutes: str, expected: str):
    assert states(item(title, minutes)) == [expected]


def test_the_partnership_case_gives_the_sentence_as_the_reason():
    reason = "This report was a restricted document due to the data in it."
    words = f"Members were presented with a restricted report.\n\n{reason}\n\nAGREED that the report be noted."
    one = annotated(item("iQuanta", words))[0]
    assert one.restriction == "restricted_enclosure"
    assert one.restriction_reason == reason
    assert {decision.type for decision in one.decisions} == {"noted"}


def test_a_restricted_document_needs_no_words():
    one = annotated(item("Fees", "The fees were discussed.", documents=(restricted("Appendix 2", "paragraph 3"),)))[0]
    assert (one.restriction, one.exempt_paragraphs, one.restriction_reason) == ("restricted_enclosure", ("3",), "paragraph 3")
    assert not [entry for entry in one.evidence if entry.about == "restriction"]


def test_an_exclusion_covers_what_follows_until_the_public_is_let_in_again():
    found = annotated(
        item("Roads", "The report was noted."),
        item("Exclusion of the public", EXCLUSION),
        item("Sale of land", "RESOLVED that the sale be approved as set out in the exempt report."),
        item("Contract", ""),
        item("Return to open session", "The press and public were readmitted."),
        item("Parks", "The report was noted."),
    )
    assert [one.restriction for one in found] == ["open", "open", "exempt", "withheld", "open", "open"]
    assert found[1].exempt_paragraphs == found[2].exempt_paragraphs == found[3].exempt_paragraphs == ("1", "3")
    assert {decision.type for decision in found[1].decisions} == {"public_excluded"}
    assert {decision.type for decision in found[2].decisions} == {"approved", "restricted_outcome"}


def test_an_exclusion_for_one_item_covers_one_item():
    words = EXCLUSION.replace("the following items as they involve", "the following item as it involves")
    assert states(item("Exclusion of the public", words), item("Land", "It was sold."), item("Parks", "Noted.")) == [
        "open", "exempt", "open"]


def test_an_exclusion_that_names_its_items_covers_these():
    words = EXCLUSION.replace("the following items", "items 12 and 14")
    found = states(
        item("Exclusion of the public", words, number="11"), item("Land", "It was sold.", number="12"),
        item("Parks", "Noted.", number="13"), item("Contract", "It was let.", number="14"),
    )
    assert found == ["open", "exempt", "open", "exempt"]


@pytest.mark.parametrize(("scope", "expected"), [
    ("the following items", "eeee"), ("the remainder of the meeting", "eeee"), ("the next two items", "eeoo"),
    ("the following item", "eooo"), ("items 2 and 4", "eoeo"), ("items 3 to 5", "oeee"), ("items A.2 to A.3", "eeoo"),
    ("the item on Sale of Brook Farm", "ooeo"),
])
def test_an_exclusion_goes_as_far_as_it_says(scope: str, expected: str):
    words = EXCLUSION.replace("the following items", scope)
    prefix = "A." if "A." in scope else ""
    titles = ("Land", "Depot", "Sale of Brook Farm", "Pay")
    later = [item(title, "It was agreed.", number=f"{prefix}{at}") for at, title in enumerate(titles, 2)]
    found = states(item("Exclusion of the public", words, number=f"{prefix}1"), *later)
    assert "".join(state[0] for state in found[1:]) == expected


def test_each_item_has_the_paragraphs_stated_for_it():
    words = EXCLUSION.replace("the following items", "items 2 and 3").replace(
        "paragraphs 1 and 3 of Part 1 of Schedule 12A",
        "Schedule 12A, namely paragraph 1 in the case of item 2 and paragraph 3 in that of item 3",
    )
    found = annotated(item("Exclusion of the public", words, number="1"), item("Conduct", "Heard.", number="2"),
                      item("Land", "Sold.", number="3"))
    assert [one.exempt_paragraphs for one in found] == [("1", "3"), ("1",), ("3",)]


def test_agenda_numbers_are_places_where_the_items_show_others():
    words = EXCLUSION.replace("the following items", "agenda item 3")
    found = states(item("Minutes", "Agreed.", number="C/71"), item("Exclusion of the public", words, number="C/72"),
                   item("Land", "It was sold.", number="C/73"), item("Parks", "Noted.", number="C/74"))
    assert found == ["open", "open", "exempt", "open"]


def test_a_named_item_is_private_though_the_public_came_back_before():
    words = EXCLUSION.replace("the following items", "items 2 and 4")
    found = states(item("Exclusion of the public", words, number="1"), item("Land", "Sold.", number="2"),
                   item("Parks", "(The public having come back.) Noted.", number="3"), item("Pay", "Agreed.", number="4"))
    assert found == ["open", "exempt", "open", "exempt"]


@pytest.mark.parametrize(("minutes", "expected"), [
    ("The Board resolved to sit in private. The terms were agreed.", "exempt"),
    ("The public were excluded under section 100A(2), as a court order forbids disclosure. It was noted.", "confidential"),
    ("(In private.) The state of the talks was reported.", "exempt"),
    ("Should Members wish to discuss it, the public would be excluded under paragraph 3 of Schedule 12A.", "open"),
    ("The appendix was not discussed and the public were not asked to leave.", "open"),
])
def test_an_exclusion_inside_the_item_it_covers(minutes: str, expected: str):
    assert states(item("Sale of the mill", minutes), item("Parks", "Noted.")) == [expected, "open"]


def test_a_bare_heading_opens_the_private_part():
    found = states(item("Part II", ""), item("Sale", "Agreed."), item("Re-admission of the public", ""), item("Parks", "Noted."))
    assert (found[1], found[3]) == ("exempt", "open")


@pytest.mark.parametrize(("text", "date", "expected"), [
    ("paragraph 10 of Part 1 of Schedule 12A", "2004-03-01", ("10",)),
    ("paragraph 10 of Schedule 12A", "2014-03-01", ()),
    ("paragraphs 14 and 21 of Schedule 12A", "2014-03-01", ("14",)),
    ("paragraph 12 of Part 1 of Schedule 7A", "2014-03-01", ("12",)),
    ("paragraph 12 of Schedule 6", "2015-03-01", ()),
    ("Schedule 12A, Part 1, para. 3", None, ("3",)),
    ("exempt information (paragraph 4, labour relations)", None, ("4",)),
    ("exempt, para 7", None, ("7",)),
    ("paragraphs 6(a) and (b) and 7 of Schedule 12A", None, ("6", "7")),
    ("exempt as set out in paragraph 3 of the report", None, ()),
])
def test_which_paragraphs_there_are_depends_on_nation_and_date(text: str, date: str | None, expected: tuple[str, ...]):
    assert cited_paragraphs(text, date) == expected


def test_no_text_takes_longer_than_its_length():
    pieces = ("paragraph 1, ", "items 1, 2 and ", "the public ", "not for publication ", "(exempt ", "in private ", "12 | ")

    def taken(length: int) -> float:
        start = time.process_time()
        for piece in pieces:
            states(item(piece * 10, (piece * (length // len(piece))).strip()))
        return time.process_time() - start

    taken(1_000)
    assert taken(100_000) < 30 * taken(10_000) + 1


def test_the_date_of_the_next_meeting_is_no_secret():
    closing = item("Date of next meeting", "4 May.")
    found = states(item("Exclusion of the public", EXCLUSION), item("Land", "It was sold."), closing)
    assert found == ["open", "exempt", "open"]


def test_a_heading_that_says_why_nothing_follows_is_withheld():
    assert states(item("Review of a death (Restricted Item)", "")) == ["withheld"]


def test_a_scheduled_agenda_is_open():
    assert states(
        item("Exclusion of the public", "", agenda_text="To exclude the public under paragraph 3 of Part 1 of Schedule 12A."),
        item("Land at Mill Lane", ""),
    ) == ["open", "open"]


def test_a_mark_of_the_service_is_kept_and_nothing_loosens():
    one = annotated(item("Driver", "The licence was discussed.", restriction="withheld", audience=Audience.OFFICER))[0]
    assert (one.restriction, one.audience) == ("withheld", Audience.OFFICER)
    assert annotated(item("Driver", "Noted.", restriction="something new"))[0].restriction == "something new"


@pytest.mark.parametrize(("text", "expected"), [
    ("as defined in paragraph 3 of Part 1 of Schedule 12A", ("3",)),
    ("as defined in Paragraph(s) 1 and 2 of Part I of Schedule 12A", ("1", "2")),
    ("by virtue of paragraphs 1, 2 and 7A of Part 1 of Schedule 12A", ("1", "2", "7A")),
    ("paragraphs 1 to 3 of Part 1 of Schedule 12A", ("1", "2", "3")),
    ("under paragraphs 3 and/or 5 of Schedule 12(A)", ("3", "5")),
    ("paragraph 14 Part 4 and paragraph 21 Part 5 of Schedule 12A", ("14",)),
    ("paragraph 6 of Part 1 of Schedule 7A", ("6",)),
    ("Category 3 of paragraph 10.4 of the Access to Information Procedure Rules", ("3",)),
    ("as set out in paragraph 3.2 of the report", ()),
    ("paragraph 4 of the report", ()),
    ("premiums set out in paragraph 2.3 of the report, part of the plan", ()),
])
def test_paragraphs_are_read_beside_the_law(text: str, expected: tuple[str, ...]):
    assert cited_paragraphs(text) == expected


@pytest.mark.parametrize(("reason", "expected"), [
    ("paragraph 3", ("3",)),
    ("(NOT FOR PUBLICATION: By virtue of paragraph(s) 3, 7 of Part 1 of Schedule 12A)", ("3", "7")),
    ("Contains police data supplied for partnership use only", ()),
    (None, ()),
])
def test_a_reason_is_short_and_may_leave_the_law_out(reason: str | None, expected: tuple[str, ...]):
    assert paragraphs_of_reason(reason) == expected

"""Stitching: what a page cuts off is put together with the full text, and nothing else is."""

from __future__ import annotations

from itertools import permutations
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes_archive.access import Audience
from minutes_archive.model import Document, ParsedItem, Piece, Vote
from minutes_archive.normalise import belongs, normalise
from minutes_archive.records.view import see
from minutes_archive.text import compact
from normalise.pieces import CUT, FULL, capture, cut_item, fragment, item_page, page

OTHER = "Members heard from the Clerk that the lease of the net loft had run out at Michaelmas and that the tenant"


def owner(piece: Piece, *items: ParsedItem, **shown: object) -> int | None:
    """The position of the item that a fragment belongs to."""
    (part,) = piece.reading.fragments
    meeting = page(*items, **shown).reading.meeting
    assert meeting is not None
    return belongs(part, meeting)


# Which item a fragment is of

def test_an_item_page_belongs_by_the_sites_own_id_whatever_its_words():
    assert owner(item_page("72", "Quite other words."), cut_item(anchor="71"), cut_item(anchor="72")) == 1


def test_an_item_page_belongs_to_no_item_with_another_id():
    assert owner(item_page("73"), cut_item(anchor="71"), cut_item(anchor="72")) is None


def test_an_item_page_of_another_site_is_not_placed_though_id_and_words_fit():
    assert owner(fragment(anchor="71", site="democracy.dunsby.example"), cut_item(anchor="71")) is None


def test_a_text_alone_belongs_where_the_cut_text_is_how_it_begins():
    assert owner(fragment(), cut_item("Leases", minutes_text=OTHER), cut_item("Dredging"), site=None, number=None) == 1


def test_a_text_alone_does_not_belong_to_an_item_that_is_whole():
    assert owner(fragment(), ParsedItem("Dredging", minutes_text=CUT), site=None) is None


def test_two_items_that_a_text_may_be_of_get_neither():
    assert owner(fragment(), cut_item("Dredging"), cut_item("Dredging, continued"), site=None) is None


def test_an_item_page_finds_a_text_rendering_by_its_words():
    assert owner(item_page("71"), cut_item(), site=None, number=None) == 0


@pytest.mark.parametrize("meeting_number, titles, expected", [
    ("815", ("Dredging", "Leases"), 0),
    ("815", ("DREDGING ", "Leases"), 0),
    ("815", ("Dredging", "Dredging"), None),
    ("815", ("Leases",), None),
    ("816", ("Dredging",), None),
    (None, ("Dredging",), None),
])
def test_meeting_number_and_title_place_an_item_page_whose_anchor_is_lost(
    meeting_number: str | None, titles: tuple[str, ...], expected: int | None
):
    piece = fragment("Other words.", title="Dredging", meeting_number=meeting_number)
    assert owner(piece, *(ParsedItem(title) for title in titles)) == expected


@pytest.mark.parametrize("length, expected", [(1, None), (59, None), (60, 0), (len(compact(CUT)), 0)])
def test_a_short_cut_text_proves_nothing(length: int, expected: int | None):
    short = compact(CUT)[:length]
    assert owner(fragment(), cut_item(minutes_text=short), site=None) == expected


@pytest.mark.parametrize("full, fits", [
    (FULL, True),
    (FULL.replace(" ", "\n\n"), True),
    (FULL.replace(" ", "\xa0"), True),
    (FULL.replace(" ", "   "), True),
    (FULL.replace("Harbour Master", "HarbourMaster"), True),
    (CUT, True),
    (FULL.replace("May", "June"), False),
    (FULL.replace("Harbour", "harbour"), False),
    ("Introduction. " + FULL, False),
    (CUT[:-10], False),
])
def test_the_cut_text_must_be_how_the_full_text_begins_blanks_apart(full: str, fits: bool):
    assert (owner(fragment(full), cut_item(), site=None) == 0) is fits


# What stitching does

def test_the_full_text_takes_the_place_of_the_cut_one_and_says_where_it_came_from():
    full = item_page("71")
    meeting = normalise(page(cut_item(anchor="71")), [full])
    item = meeting.items[0]
    assert (item.minutes_text, item.truncated) == (FULL, False)
    assert {name: source.sha256 for name, source in item.text_sources.items()} == {"minutes_text": full.capture.sha256}
    assert meeting.problems == ()


def test_without_its_full_text_an_item_stays_cut_and_the_record_says_so():
    meeting = normalise(page(cut_item(anchor="71")))
    item = meeting.items[0]
    assert (item.minutes_text, item.truncated, item.text_sources) == (CUT, True, {})
    assert [(one.code, one.where) for one in meeting.problems] == [("truncated", item.id)]


def test_a_full_text_that_begins_otherwise_is_not_mixed_in():
    meeting = normalise(page(cut_item(anchor="71")), [item_page("71", FULL.replace("May", "June"))])
    item = meeting.items[0]
    assert (item.minutes_text, item.truncated, item.text_sources) == (CUT, True, {})
    assert [(one.code, one.where) for one in meeting.problems] == [("stitch_mismatch", item.id), ("truncated", item.id)]


def test_a_field_that_the_page_shows_whole_is_left_as_it_is():
    whole = ParsedItem("Dredging", anchor="71", minutes_text="AGREED that the report be noted.")
    item = normalise(page(whole), [item_page("71")]).items[0]
    assert (item.minutes_text, item.text_sources) == ("AGREED that the report be noted.", {})


def test_a_field_that_the_page_lacks_is_filled():
    item = normalise(page(ParsedItem("Dredging", anchor="71")), [item_page("71")]).items[0]
    assert (item.minutes_text, set(item.text_sources)) == (FULL, {"minutes_text"})


def test_a_fragment_that_is_cut_itself_fills_nothing():
    piece = item_page("71", CUT + " more", cut=frozenset({"minutes_text"}))
    item = normalise(page(cut_item(anchor="71")), [piece]).items[0]
    assert (item.minutes_text, item.truncated) == (CUT, True)


def test_of_two_full_texts_the_later_capture_wins():
    early, late = (item_page("71", f"{FULL} Read {times}.", sequence=at) for times, at in (("once", 2), ("twice", 5)))
    for order in ([early, late], [late, early]):
        item = normalise(page(cut_item(anchor="71")), order).items[0]
        assert item.minutes_text == f"{FULL} Read twice."
        assert item.text_sources["minutes_text"].sha256 == late.capture.sha256


def test_a_later_text_that_does_not_fit_leaves_the_earlier_one_that_does():
    early, late = item_page("71", sequence=2), item_page("71", "Something else.", sequence=5)
    meeting = normalise(page(cut_item(anchor="71")), [late, early])
    assert (meeting.items[0].minutes_text, meeting.items[0].truncated) == (FULL, False)
    assert [one.code for one in meeting.problems] == ["stitch_mismatch"]


def test_of_two_texts_for_an_empty_field_the_later_capture_wins():
    early, late = item_page("71", "Draft.", sequence=2), item_page("71", "As signed.", sequence=5)
    for order in ([early, late], [late, early]):
        assert normalise(page(ParsedItem("Dredging", anchor="71")), order).items[0].minutes_text == "As signed."


def test_votes_that_only_the_item_page_shows_are_kept():
    assert normalise(page(cut_item(anchor="71")), [item_page("71", votes=(Vote(5, 2, 0),))]).items[0].votes == (Vote(5, 2, 0),)


def test_a_title_and_number_place_nothing_where_the_ids_of_the_items_differ():
    assert owner(fragment("Words.", title="Dues", meeting_number="815", anchor="72"), ParsedItem("Dues", anchor="19")) is None


@pytest.mark.parametrize("shown, others", [
    pytest.param(
        [cut_item(f"Item {at}", anchor=str(at)) for at in range(2000)],
        [fragment(f"{FULL} {at}", title=f"Item {at}", meeting_number="815") for at in range(500)], id="texts that many may begin",
    ),
    pytest.param([ParsedItem("") for _ in range(5000)], [], id="no titles"),
    pytest.param([ParsedItem("Dues", minutes_text="Covered in the sub-headings below.") for _ in range(5000)], [], id="pointers"),
    pytest.param(
        [cut_item(anchor="71", documents=tuple(Document(f"{at}", f"https://x.example/documents/s{at}/") for at in range(3000)))],
        [item_page("71", documents=tuple(Document(f"{at}", f"https://x.example/documents/s{at}/b") for at in range(3000)))],
        id="documents",
    ),
    pytest.param(
        [ParsedItem(f"Item {at}", "1") for at in range(3000)],
        [page(*(ParsedItem(f"Entry {at}", "1", minutes_text="Yes.") for at in range(3000)), site=None, number=None)], id="a copy",
    ),
])
def test_nothing_is_compared_with_everything(shown: list[ParsedItem], others: list[Piece]):
    started = process_time()
    normalise(page(*shown), others)
    assert process_time() - started < 5


TITLES = ("Dredging", "Leases", "Dues")
FRAGMENTS = [
    item_page("71", sequence=2),
    item_page("71", f"{FULL} Signed by the Chair.", sequence=3, documents=(Document("Chart", "https://x.example/s1"),)),
    item_page("71", "Text of another version.", sequence=4, documents=(Document("Tides", "https://x.example/s2"),)),
    item_page("72", f"{OTHER} would be asked to leave.", sequence=5),
    fragment(f"{OTHER} was gone already.", sequence=6),
    fragment("A text that is of no item here.", sequence=7),
    fragment(anchor="71", site="democracy.dunsby.example", sequence=8),
    item_page("73", "AGREED that dues be held.", sequence=9, audience=Audience.OFFICER),
]


@given(st.permutations(FRAGMENTS))
def test_the_order_in_which_fragments_come_does_not_matter(fragments: list[Piece]):
    shown = page(
        cut_item(TITLES[0], anchor="71"), cut_item(TITLES[1], anchor="72", minutes_text=OTHER),
        ParsedItem(TITLES[2], anchor="73"),
    )
    meeting = normalise(shown, fragments)
    assert meeting == normalise(shown, FRAGMENTS)
    assert [item.minutes_text for item in meeting.items] == [
        f"{FULL} Signed by the Chair.", f"{OTHER} was gone already.", "", "AGREED that dues be held.",
    ]
    assert [item.audience for item in meeting.items] == [Audience.PUBLIC] * 3 + [Audience.OFFICER]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12))
def test_the_same_fragment_twice_changes_nothing(fragments: list[Piece]):
    shown = page(cut_item(TITLES[0], anchor="71"), cut_item(TITLES[1], anchor="72", minutes_text=OTHER))
    once = [one for at, one in enumerate(fragments) if one not in fragments[:at]]
    assert normalise(shown, fragments).items == normalise(shown, once).items


# Documents

@pytest.mark.parametrize("known, found, expected", [
    ([], [("Chart", "/s1")], ["Chart"]),
    ([("Chart", "/s1")], [("Chart", "/s1")], ["Chart"]),
    ([("Chart", "/s1")], [("Chart of the Basin", "/s1")], ["Chart"]),
    ([("Chart", "/s1")], [("Tides", "/s2")], ["Chart", "Tides"]),
    ([("Chart", None)], [("Chart", "/s1")], ["Chart"]),
    ([("Chart", None)], [("Tides", None)], ["Chart", "Tides"]),
])
def test_the_documents_of_page_and_item_page_are_united(
    known: list[tuple[str, str | None]], found: list[tuple[str, str | None]], expected: list[str]
):
    shown, full = ([Document(title, url) for title, url in some] for some in (known, found))
    meeting = normalise(page(cut_item(anchor="71", documents=tuple(shown))), [item_page("71", documents=tuple(full))])
    assert [one.title for one in meeting.items[0].documents] == expected


def test_documents_of_one_title_under_two_addresses_are_two_documents():
    shown = page(cut_item(anchor="71", documents=(Document("Appendix", "https://x.example/s1"),)))
    full = item_page("71", documents=(Document("Appendix", "https://x.example/s2"),))
    urls = [one.url for one in normalise(shown, [full]).items[0].documents]
    assert urls == ["https://x.example/s1", "https://x.example/s2"]


def test_a_document_that_the_item_page_marks_restricted_is_restricted():
    shown = page(cut_item(anchor="71", documents=(Document("Bids", "https://x.example/s1"),)))
    full = item_page("71", documents=(Document("Bids", restricted=True),))
    assert [one.restricted for one in normalise(shown, [full]).items[0].documents] == [True]


# Who may see it

@pytest.mark.parametrize("of_page, of_fragment, expected", [
    (Audience.PUBLIC, Audience.PUBLIC, [("Dredging", Audience.PUBLIC), ("Dues", Audience.PUBLIC)]),
    (Audience.OFFICER, Audience.PUBLIC, [("Dredging", Audience.OFFICER), ("Dues", Audience.OFFICER)]),
    (Audience.OFFICER, Audience.OFFICER, [("Dredging", Audience.OFFICER), ("Dues", Audience.OFFICER)]),
    (Audience.PUBLIC, Audience.OFFICER,
     [("Dredging", Audience.PUBLIC), ("Dredging", Audience.OFFICER), ("Dues", Audience.PUBLIC)]),
])
def test_what_is_stitched_together_may_be_seen_by_the_same_people(
    of_page: Audience, of_fragment: Audience, expected: list[tuple[str, Audience]]
):
    shown = page(cut_item("Dredging", anchor="71"), ParsedItem("Dues", anchor="72"), captured=capture(audience=of_page))
    items = normalise(shown, [item_page("71", audience=of_fragment)]).items
    assert [(item.title, item.audience) for item in items] == expected


def test_what_officers_hold_on_a_public_item_is_an_item_of_their_own_beside_it():
    shown = page(cut_item("Dredging", anchor="71"), ParsedItem("Dues", anchor="72"))
    public, theirs, after = normalise(shown, [item_page("71", audience=Audience.OFFICER)]).items
    assert (public.truncated, public.minutes_text, public.text_sources) == (True, CUT, {})
    assert (theirs.parent, theirs.minutes_text, theirs.truncated) == (public.id, FULL, False)
    assert theirs.text_sources["minutes_text"].path == item_page("71").capture.path
    assert [item.ordinal for item in (public, theirs, after)] == [1, 2, 3]
    without = see(normalise(shown), Audience.PUBLIC)
    assert see(normalise(shown, [item_page("71", audience=Audience.OFFICER)]), Audience.PUBLIC) == without


def marked(sequence: int, mark: bool | None, audience: Audience = Audience.PUBLIC, of_meeting: bool = False) -> Piece:
    """The meeting with a mark on its item, or on the meeting itself."""
    item = ParsedItem("Dues", anchor="71", minutes_text="Raised.", withheld=None if of_meeting else mark)
    return page(item, captured=capture(sequence, audience), withheld=mark if of_meeting else None)


@pytest.mark.parametrize("of_meeting", [False, True])
@pytest.mark.parametrize("marks, seen", [
    ([(None, "public"), (True, "public"), (None, "public")], False),
    ([(True, "public"), (False, "public"), (None, "public")], True),
    ([(False, "public"), (True, "public")], False),
    ([(False, "public"), (True, "officer"), (None, "public")], False),
    # What officers hold never lets the public see what its own files withhold.
    ([(True, "public"), (False, "officer"), (None, "public")], False),
    ([(True, "officer"), (False, "officer"), (None, "public")], True),
])
def test_a_mark_holds_until_a_later_file_lifts_it(marks: list[tuple[bool | None, str]], seen: bool, of_meeting: bool):
    pieces = [marked(at, mark, Audience(audience), of_meeting) for at, (mark, audience) in enumerate(marks, start=1)]
    shown = pieces.pop()
    for order in permutations(pieces):
        assert (see(normalise(shown, order), Audience.PUBLIC) is not None) is seen


def test_a_document_that_officers_know_to_be_restricted_is_and_no_more_is_told_of_it():
    shown = page(ParsedItem("Dues", anchor="71", documents=(Document("Bids", "https://x.example/s1"),)))
    theirs = item_page("71", audience=Audience.OFFICER, documents=(Document("Bids", restricted=True, reason=SECRET),))
    assert normalise(shown, [theirs]).items[0].documents == (Document("Bids", "https://x.example/s1", restricted=True),)


SECRET = "Dismissal of the Harbour Clerk"
WHOLE = ParsedItem("Dredging", anchor="71", minutes_text=CUT)


@pytest.mark.parametrize("shown, fragments", [
    pytest.param(
        cut_item(anchor="71"), [item_page("71", audience=Audience.OFFICER, documents=(Document(SECRET),))],
        id="its text is used",
    ),
    pytest.param(
        WHOLE, [item_page("71", audience=Audience.OFFICER, documents=(Document(SECRET),))],
        id="its text is not needed",
    ),
    pytest.param(
        cut_item(anchor="71"),
        [item_page("71", "Another version.", audience=Audience.OFFICER, name=f"{SECRET}.html")],
        id="its text does not fit",
    ),
    pytest.param(
        cut_item(anchor="71"),
        [item_page("71", audience=Audience.OFFICER, documents=(Document(SECRET),)), item_page("71", sequence=3)],
        id="a later public text takes its place",
    ),
])
def test_nothing_of_an_officers_file_stands_in_a_public_item(shown: ParsedItem, fragments: list[Piece]):
    """Neither its text, nor the documents it lists, nor its name in a problem."""
    meeting = normalise(page(shown), fragments)
    public = {item.id: item for item in meeting.items if item.audience is Audience.PUBLIC}
    told = [*map(str, public.values()), *(str(problem) for problem in meeting.problems if problem.where in public)]
    assert not [text for text in told if SECRET in text]


def test_the_text_of_an_item_page_that_lost_its_label_is_told_by_how_it_begins():
    unlabelled = item_page("9", minutes="", agenda_text=FULL)
    (item,) = normalise(page(cut_item(anchor="9")), [unlabelled]).items
    assert (item.minutes_text, item.agenda_text, item.truncated) == (FULL, "", False)


@pytest.mark.parametrize(("page_says", "expected"), [("published", "confirmed"), ("draft", "draft"), ("none", "none")])
def test_minutes_that_the_service_calls_confirmed_stay_so_unless_the_page_says_otherwise(page_says: str, expected: str):
    service = page(captured=capture(1, name="answer.xml"), minutes_status="confirmed")
    assert normalise(page(captured=capture(2), minutes_status=page_says), [service]).minutes_status == expected

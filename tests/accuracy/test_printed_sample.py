"""The whole sample council as it might have been printed, in either house style: what a PDF loses that a page tells.

The meetings have pages; nothing of this is committed. The floor stands slightly under what is reached.
"""

from __future__ import annotations

from accuracy.labels import read_content
from accuracy.measure import Item, Meeting, Tally, measure, words_of
from council.printed import printed_pdf
from council.render import MEETINGS
from council.source import PRINTED, SourceMeeting, plain, read_council

COUNCIL = [one for one in read_council(MEETINGS) if one.items and one.layout not in PRINTED]


def label(meeting: SourceMeeting) -> Meeting:
    places = {item.id: at for at, item in enumerate(meeting.items)}
    items = tuple(
        Item(
            item.title, {"text": plain(item.minutes).replace("|", " ")}, {"number": item.number.rstrip(".") or None},
            places[item.parent] if item.parent else None,
        )
        for item in meeting.items
    )
    facts = {"body": words_of(meeting.body), "date": str(meeting.date), "time": f"{meeting.time:%H:%M}"}
    return Meeting(facts, items)


def test_printed_minutes_of_every_meeting():
    whole = Tally()
    for place, meeting in enumerate(COUNCIL):
        printed = printed_pdf(meeting, margin_numbers=place % 2 == 1)
        whole += measure(read_content(printed), [label(meeting)], meeting.path.stem)
    assert whole.files > 20
    assert [whole.exact[name] for name in ("told", "date", "time")] == [whole.files] * 3
    # A body that is called "Council" and no more is not told from the words around it.
    named = [one for one in COUNCIL if one.body != "Council"]
    assert whole.exact["body"] >= len(named)
    assert whole.f1 >= 0.95
    assert whole.words_found >= 0.97

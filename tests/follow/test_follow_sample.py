"""Threads of the sample council: true, exact, closed, and no worse than measured."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace

import pytest

from accuracy.threads import PAIRS, ByFollow, over_returns, over_sample, sample
from minutes_archive.access import Audience
from minutes_archive.follow import Follower
from minutes_archive.records.view import see

CANARY = "zanderquill"


@pytest.fixture(scope="module")
def read():
    return sample()


def test_threads_are_as_true_as_measured(read):
    """A guard against losing ground; docs/accuracy.md has the figures."""
    meetings, labels = read
    follow = ByFollow(meetings)
    tally = over_sample(follow, meetings, labels)
    assert (tally.precision >= 0.88, tally.recall >= 0.88) == (True, True), tally.faults
    returns = over_returns(follow.follower, meetings, labels)
    assert (returns.precision >= 0.95, returns.recall >= 0.9) == (True, True), returns.faults


def test_every_word_is_exact_and_every_thread_in_order(read):
    meetings, _ = read
    items = {item.id: item for meeting in meetings for item in meeting.items}
    follower = Follower(meetings)
    quoted = 0
    for start in items:
        thread = follower.thread(start)
        days = [entry.day for entry in thread.entries]
        assert days == sorted(days)
        place = {entry.id: entry.day for entry in thread.entries}
        assert all(place[link.earlier] < place[link.later] for link in thread.links)
        words = [one for link in thread.links for one in link.words]
        words += [one for told in thread.returns for one in (told.words, told.returned_words) if one]
        for one in words:
            assert items[one.item].text_of(one.field)[one.start:one.end] == one.text
        quoted += len(words)
    assert quoted > 200


def test_what_is_for_officers_never_shows_nor_tells(read):
    """The public threads are to the letter the same, whatever officers hold."""
    meetings, _ = read
    # Officers' doubles of everything: other days, the same references, titles and words, and one of their own.
    doubles = [
        replace(
            meeting, id=f"{meeting.id}/double", date=f"{int(meeting.date[:4])}-{meeting.date[5:7]}-28", audience=Audience.OFFICER,
            items=tuple(
                replace(
                    item, id=f"{item.id}/double", minutes_text=f"{CANARY} {item.minutes_text}", audience=Audience.OFFICER,
                    decisions=(), evidence=(),
                )
                for item in meeting.items
            ),
        )
        for meeting in meetings if meeting.date
    ]
    shown = [seen for meeting in (*doubles, *meetings) if (seen := see(meeting, Audience.PUBLIC))]
    public, alone = Follower(shown), Follower([see(meeting, Audience.PUBLIC) for meeting in meetings])
    ids = [item.id for meeting in meetings for item in meeting.items if item.audience is Audience.PUBLIC]
    told = [repr(public.thread(one)) for one in ids]
    assert told == [repr(alone.thread(one)) for one in ids]
    assert CANARY not in "".join(told)
    assert all(public.thread(f"{one}/double") is None for one in ids)
    officers = Follower([see(meeting, Audience.OFFICER) for meeting in (*doubles, *meetings)])
    assert any(CANARY in repr(officers.thread(one)) for one in ids), "officers see theirs"


@pytest.mark.parametrize("part", ["real", "second", "held-back"])
def test_labelled_pairs_hold_no_text_and_stand_on_their_side(part):
    for pair in json.loads((PAIRS / part / "pairs.json").read_text("utf-8")):
        assert pair.keys() == {"earlier", "later", "same", "kind"}
        assert (pair["kind"] == "near") is not pair["same"]
        for end in (pair["earlier"], pair["later"]):
            assert end.keys() == {"file", "sha256", "ordinal", "number"}
            assert re.fullmatch(r"[0-9a-f]{64}", end["sha256"]) and end["ordinal"] > 0
            assert end["number"] is None or len(end["number"]) <= 12


def test_a_matter_stands_on_one_side_by_the_rule():
    sides = {}
    parts = {part: json.loads((PAIRS / part / "pairs.json").read_text("utf-8")) for part in ("real", "held-back")}
    for part, pairs in parts.items():
        for pair in (one for one in pairs if one["same"]):
            ends = [f"{pair[end]['sha256']}#{pair[end]['ordinal']}" for end in ("earlier", "later")]
            joined = set(ends).union(*(known for known in sides if known & set(ends)))
            for known in [known for known in sides if known & joined]:
                assert sides.pop(known) == part
            sides[frozenset(joined)] = part
    wrong = [min(matter)[:8] for matter, part in sides.items()
             if (hashlib.sha256(min(matter).encode()).hexdigest()[0] in "01234") is (part == "real")]
    assert wrong == []

"""The whole fake council is archived exactly, with and without its service, whatever its lists and links look like."""

from __future__ import annotations

import pytest

from minutes_archive.capture import check_captures


@pytest.mark.parametrize(
    ("service", "listing"), [(True, "all"), (False, "all"), (False, "paged"), (False, "years"), (False, "later")]
)
@pytest.mark.parametrize("mount", ["", "/moderngov"])
def test_every_meeting_is_archived_with_every_text_whole(crawled, service: bool, listing: str, mount: str):
    site = crawled(service=service, listing=listing, mount=mount)
    done = site.run()
    expected = {number: len(meeting.items) for number, meeting in site.council.meetings.items()}
    records = site.records()
    assert {number: len(one.items) for number, one in records.items()} == expected
    assert not [item.id for one in records.values() for item in one.items if item.truncated]
    assert (done.blocked, done.failed, done.pending, done.disallowed) == (0, 0, 0, 0)
    assert (done.meetings, done.items) == (len(expected), sum(expected.values()))
    assert not list(check_captures(site.workspace))
    asked = site.asked()
    assert not [one for one in asked if "calendar" in one or "search" in one or "etc/passwd" in one]
    assert len(asked) == len(set(asked)) == done.requests
    if listing == "all":
        assert done.requests <= 1.1 * site.council.least()


def test_it_does_not_matter_in_which_batches_answers_are_recorded(crawled, monkeypatch: pytest.MonkeyPatch):
    at_once = crawled(service=False)
    at_once.run()
    monkeypatch.setattr("minutes_archive.keeping._BATCH", 1)
    one_by_one = crawled(service=False)
    one_by_one.run()

    def told(site):
        return {
            number: (
                one.attendance,
                one.minutes_status,
                [(item.title, item.minutes_text, item.decision_text, item.audience) for item in one.items],
            )
            for number, one in site.records().items()
        }

    assert told(one_by_one) == told(at_once)

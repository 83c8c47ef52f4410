"""Which item of a meeting a fragment is of, and which meeting a register: by the site's own ids, else by the words."""

from __future__ import annotations

from collections import defaultdict

from minutes_archive.identity import slug
from minutes_archive.model import Fragment, ParsedMeeting, Register
from minutes_archive.text import compact

# A cut text this short could begin many texts: it proves nothing. Code points without blanks.
SHORTEST_PROOF = 60


class Places:
    """The items of one meeting by what tells them: their ids, how their cut texts begin, their titles."""

    def __init__(self, meeting: ParsedMeeting) -> None:
        self._meeting = meeting
        self._by_anchor: dict[str, int] = {}
        self._by_title: dict[str, list[int]] = defaultdict(list)
        self._by_beginning: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for at, item in enumerate(meeting.items):
            if item.anchor:
                self._by_anchor.setdefault(item.anchor, at)
            self._by_title[slug(item.title)].append(at)
            for text in (compact(getattr(item, name)) for name in item.cut):
                if len(text) >= SHORTEST_PROOF:
                    self._by_beginning[text[:SHORTEST_PROOF]].append((text, at))

    def of(self, fragment: Fragment) -> int | None:
        """The position of the item that ``fragment`` is of, or None."""
        meeting = self._meeting
        if fragment.anchor and fragment.site and meeting.site:
            return self._by_anchor.get(fragment.anchor) if fragment.site == meeting.site else None
        text = compact(fragment.text)
        by_words = {at for cut, at in self._by_beginning.get(text[:SHORTEST_PROOF], ()) if text.startswith(cut)}
        if len(by_words) == 1:
            return by_words.pop()
        if fragment.meeting_number and fragment.meeting_number == meeting.number and fragment.site in (None, meeting.site):
            by_title = [at for at in self._by_title[slug(fragment.item.title)] if self._may_be(fragment, at)]
            return by_title[0] if len(by_title) == 1 else None
        return None

    def _may_be(self, fragment: Fragment, at: int) -> bool:
        """Whether no id speaks against it: every meeting has its "Apologies"."""
        return None in (fragment.anchor, self._meeting.items[at].anchor) or fragment.anchor == self._meeting.items[at].anchor


def belongs(fragment: Fragment, meeting: ParsedMeeting) -> int | None:
    """The position of the item of ``meeting`` that ``fragment`` is of, or None."""
    return Places(meeting).of(fragment)


def is_register_of(register: Register, meeting: ParsedMeeting) -> bool:
    """Whether a register is of ``meeting``: by the site's own ids, which no date may contradict."""
    same = register.meeting_number is not None and (register.site, register.meeting_number) == (meeting.site, meeting.number)
    return same and (register.date is None or meeting.date is None or register.date == meeting.date)

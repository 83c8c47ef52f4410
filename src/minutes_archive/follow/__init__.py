"""The thread of one matter over meetings and bodies: which items are of it, why, and what became of what was put off."""

from minutes_archive.follow.entry import Entry, Link, Quote, Return, Thread, entries_of
from minutes_archive.follow.threads import Follower, alone

__all__ = ["Entry", "Follower", "Link", "Quote", "Return", "Thread", "alone", "entries_of"]

"""Normalising: pieces to meetings. Stitching of cut items, parents, numbers, identity; pure.

    meeting page + fragments ──stitching──► texts and their sources ──parents, identity──► Meeting
"""

from minutes_archive.normalise.belonging import SHORTEST_PROOF, Places, belongs, is_register_of
from minutes_archive.normalise.beside import OFFICER_MARK, put_beside
from minutes_archive.normalise.copies import copy_ids, day_key, is_copy, matches
from minutes_archive.normalise.meeting import meeting_id_of, named_ids, normalise

__all__ = [
    "OFFICER_MARK", "SHORTEST_PROOF", "Places", "belongs", "copy_ids", "day_key", "is_copy", "is_register_of", "matches",
    "meeting_id_of", "named_ids", "normalise", "put_beside",
]

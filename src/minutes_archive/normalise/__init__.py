"""Normalising: pieces to meetings. Stitching of cut items, parents, numbers, identity; pure.

    meeting page + fragments ──stitching──► texts and their sources ──parents, identity──► Meeting
"""

from minutes_archive.normalise.beside import put_beside
from minutes_archive.normalise.meeting import meeting_id_of, normalise
from minutes_archive.normalise.stitching import SHORTEST_PROOF, belongs

__all__ = ["SHORTEST_PROOF", "belongs", "meeting_id_of", "normalise", "put_beside"]

"""Records: one JSON line a meeting, one file a council and municipal year, replaced atomically.

    corpus/meetings/<council or unassigned>/<2024-25 or undated>.jsonl     sorted by date and id
    corpus/meetings/manifest.json                                         SHA-256 and meetings of every file

    corpus/withdrawals.jsonl                                              what was taken out of the public view, and let back

``ArchiveView`` is the door: the only reader of records but for those that make and check them.
"""

from minutes_archive.records.schema import SCHEMA, read_record, write_record
from minutes_archive.records.store import RecordStore
from minutes_archive.records.view import ArchiveView

__all__ = ["SCHEMA", "ArchiveView", "RecordStore", "read_record", "write_record"]

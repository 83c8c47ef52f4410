"""Capture: the evidence. Bytes as they came in, kept before anything is understood, never changed.

On disk, below ``corpus/captures/``::

    20240717T090000-000042-1f3a9c07.warc.gz   one WARC file a run, written once, never added to by a later run
    catalogue.sqlite                      where each capture stands, and what the last reading made of it
    catalogue.seal                        size and SHA-256 of the catalogue; away while a run changes it
    ledger.json                           a second copy of what only single records say, see ``ledger``

A WARC file (ISO 28500; any tool reads it) holds one gzip member a record, so a damaged record costs only
itself: first a ``warcinfo``, then

* a ``resource`` for every capture that was loaded, a ``response`` and its ``request`` for every one that was
  fetched: the bytes, under the page's own URL or else a ``file:`` one. What the
  catalogue knows stands in the record's own fields too, percent-encoded: ``Minutes-Sha256``, ``Minutes-Sequence``,
  ``Minutes-Path``, ``Minutes-Url``, ``Minutes-Council``, ``Minutes-Audience``.
* a ``revisit`` where a fetched page was as it had been captured.
* a ``metadata`` for every later word on a capture (``WARC-Refers-To``), with a JSON payload: its
  classification was changed, or its page is gone. The record with the highest ``Minutes-Sequence`` holds.

A body that came only in part is kept as that (``WARC-Truncated``), with a SHA-256 of its own.

What is promised:

* A capture counts once ``Run.commit`` (or the end of the run) has returned: its bytes are fsynced, then its row
  in the catalogue is. Nothing that counts is lost to a killed process, a power cut or a full disk.
* A run that is killed leaves at most a tail that the catalogue does not know. It hides no other record; the next
  run takes its whole records in, and keeps its torn end as it is.
* The same bytes (SHA-256) are kept once. Adding them again changes nothing, unless it says something new on who
  may see them or whose they are, or unless the bytes kept before can't be read any more: then they are kept anew.
* The catalogue is made anew from the WARC files and the ledger by itself where it is missing or damaged; without a sound ledger
  that is refused (``CaptureError``): nothing would tell what is missing and what was restricted. Only the readings are
  not in the WARC files: captures whose reading is lost are ``CaptureStore.unread`` again.
* Every byte of a WARC file belongs to a member whose SHA-256 the catalogue holds; ``check_captures`` reads them all.

``members`` knows gzip, ``warc`` and ``fields`` WARC records, ``catalogue`` the SQLite file, ``ledger`` its second copy,
``recovery`` what to do after a crash, ``mending`` after damage, ``run`` how bytes are kept; ``store`` is the face of it
all, and ``check`` trusts none of it.
"""

from minutes_archive.capture.check import by_digest, check_captures
from minutes_archive.capture.mending import put_damage_away, rewrite_ledger
from minutes_archive.capture.recovery import is_sound, rebuild_catalogue, unvouched
from minutes_archive.capture.run import Kept, Run
from minutes_archive.capture.store import CaptureStore
from minutes_archive.capture.transcript import Transcript, title_page
from minutes_archive.capture.warc import MAX_BODY, MAX_CONTENT

__all__ = [
    "MAX_BODY", "MAX_CONTENT", "CaptureStore", "Kept", "Run", "Transcript", "by_digest", "check_captures", "is_sound",
    "put_damage_away", "rebuild_catalogue", "rewrite_ledger", "title_page", "unvouched",
]

"""The embedded engine: a columnar Whoosh index per audience. The only modules that import Whoosh and numpy.

    index/<audience>/current.json                     the manifest: the current generation and the seals of its files
    index/<audience>/minutes_00000007000.columns      a segment: postings, facets and lines of some meetings, as arrays
    index/<audience>/_minutes_7.toc                   Whoosh's table of contents over the same segments

A segment is one file, never changed; an update writes new ones beside those that stay, makes them durable, and only
then replaces the manifest: a reader sees the old state or the new one. What is taken out is in no file afterwards:
segments that held it are written anew without it. Every block of a file is checked before its first use, and Whoosh's
pickles before they are read; what does not fit is refused, and ``minutes index --rebuild`` makes it from the records.

To write: ``generation`` (what changed) > ``building`` (segments, in two processes: ``worker``) > ``draft`` (one segment)
> ``stream`` and ``chunks`` (texts to numbers) > ``inversion`` (numbers to postings), ``labels``, ``lines`` > ``columns``;
``merging`` makes one segment of several. To read: ``engine`` > ``matching``, ``phrases``, ``results`` > ``reader`` >
``segment`` > ``columns``. ``codec`` is what Whoosh's own searcher reads the same files through.
"""

from minutes_archive.search.whoosh.engine import WhooshEngine
from minutes_archive.search.whoosh.opening import check_index

__all__ = ["WhooshEngine", "check_index"]

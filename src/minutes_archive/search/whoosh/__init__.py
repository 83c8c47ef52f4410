"""The embedded engine: a Whoosh index per audience. The only modules that import Whoosh.

    index/<audience>/current.json     the manifest: which generation is current, and the SHA-256 of its files
    index/<audience>/g00000007/       the generation: files of Whoosh, never changed once the manifest names them

An update writes a new generation beside the current one, makes it durable, and only then replaces the
manifest; a reader sees the old state or the new one. Whoosh's files are pickles in part, so none is
opened before it has been found to be what the manifest says; what does not fit is refused, and
``minutes index --rebuild`` makes it anew from the records.
"""

from minutes_archive.search.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]

"""Bounded reading: pages are read in processes that can be stopped, so that none holds up the rest.

    content ──► BoundedReader ──pipe──► worker: parse.read() ──pipe──► Reading
                     └── over its limits, or dead: cut off and said; a new worker reads the next page

``parse`` itself is pure; its processes and clocks are here. Only the worker imports it.
"""

from minutes_archive.bounded.reader import BoundedReader, Limits, Page, shared_reader

__all__ = ["BoundedReader", "Limits", "Page", "shared_reader"]

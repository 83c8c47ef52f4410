"""The site: the archive as a folder of pages that anyone can open, search and print, on a web server or from a disk.

    meetings ──rows──► contents ──► lists ──┐
        └────────────► item pages ──────────┼─► parts ──► a new folder, put in the old one's place when whole
        └──documents──► bundles, offline ───┘

``building`` composes; ``folder`` replaces; ``edition`` is what all pages share.
"""

from minutes_archive.export.site.building import build
from minutes_archive.export.site.edition import Edition, Theme, ThreadLink
from minutes_archive.export.site.folder import Done, building

__all__ = ["Done", "Edition", "Theme", "ThreadLink", "build", "building"]

"""Loading: the user's files, folders, zips and WARCs to bytes with a name. Nothing is understood here."""

from minutes_archive.load.files import Loaded, load

__all__ = ["Loaded", "load"]

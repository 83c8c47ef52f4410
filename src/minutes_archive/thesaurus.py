"""The thesaurus of an archive, kept beside its indexes: reading and folding all labels anew would take longer than a search.

    index/thesaurus.json       line by line: what it was made of and with, the SHA-256 of the other two, what it knows

It is made when indexes are. Whoever searches reads it where it still fits the tables of topics, and never writes it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from minutes_archive import __version__
from minutes_archive.durable import replace_file
from minutes_archive.search.expand import Thesaurus
from minutes_archive.search.whoosh.manifest import SCHEMA
from minutes_archive.search.whoosh.opening import engine_version
from minutes_archive.workspace import Workspace

_NAME = "thesaurus.json"
# The tables that labels come from, and the one that says how their words are folded.
_TABLES = ("annotate/topics.toml", "annotate/synonyms.toml", "search/forms.toml")


def keep_thesaurus(workspace: Workspace) -> None:
    """Make the thesaurus of the archive anew, where it does not fit; the caller holds the writer lock.

    Raises ``LoadError`` where the user's topics can't be understood.
    """
    stamp = _stamp(workspace)
    if _kept(workspace, stamp) is None:
        told = json.dumps(_made(workspace).told(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        replace_file(_path(workspace), b"\n".join((stamp.encode(), _digest(stamp.encode(), told), told)))


def read_thesaurus(workspace: Workspace) -> Thesaurus:
    """The thesaurus of the archive. Raises ``LoadError`` where the user's topics can't be understood."""
    return _kept(workspace, _stamp(workspace)) or _made(workspace)


def thesaurus_is_whole(workspace: Workspace) -> bool:
    """Whether what is kept is as it was written; where nothing is kept, nothing is damaged."""
    return _read(workspace) is not None or not _path(workspace).exists()


def _made(workspace: Workspace) -> Thesaurus:
    from minutes_archive.annotate.vocabulary import load_vocabulary  # noqa: PLC0415

    vocabulary = load_vocabulary(workspace.topics)
    return Thesaurus((*vocabulary.topics, *vocabulary.synonyms))


def _kept(workspace: Workspace, stamp: str) -> Thesaurus | None:
    """What is kept, if it is whole and was made of what there is now."""
    made_of, told = _read(workspace) or (b"", b"")
    return Thesaurus.of_told(json.loads(told.decode("utf-8", "surrogatepass"))) if made_of == stamp.encode() and told else None


def _read(workspace: Workspace) -> tuple[bytes, bytes] | None:
    """What was kept, and what it was made of; None where that is not there, or not whole."""
    try:
        made_of, digest, told = _path(workspace).read_bytes().split(b"\n", 2)
    except (OSError, ValueError):
        return None
    return (made_of, told) if digest == _digest(made_of, told) else None


def _digest(made_of: bytes, told: bytes) -> bytes:
    return hashlib.sha256(made_of + told).hexdigest().encode()


def _stamp(workspace: Workspace) -> str:
    """Tells one state of tables and program from the next."""
    made_of = hashlib.sha256("\n".join((__version__, SCHEMA, engine_version())).encode())
    for name in _TABLES:
        made_of.update(hashlib.sha256(Path(__file__).parent.joinpath(*name.split("/")).read_bytes()).digest())
    try:
        made_of.update(workspace.topics.read_bytes())
    except FileNotFoundError:
        made_of.update(b"none")
    except OSError:
        return ""  # it fits nothing that is kept: whoever reads the table says what is wrong with it
    return made_of.hexdigest()


def _path(workspace: Workspace) -> Path:
    return workspace.index / _NAME

"""Readers that misbehave, for ``test_bounded``: a worker process imports this module and calls them."""

from __future__ import annotations

import os
import re
import threading

from minutes_archive.model import Problem, Reading
from minutes_archive.parse import read


def behave(content: bytes, url: str | None = None, media_type: str | None = None) -> Reading:
    """Do as ``content`` says; anything else is read as a page."""
    deed = _DEEDS.get(content)
    return deed() if deed else read(content, url, media_type)


def fail(content: bytes, url: str | None = None, media_type: str | None = None) -> Reading:
    """Fail on every page, as a parser with a defect does."""
    return _fail()


def _loop() -> Reading:
    while True:
        pass


def _backtrack() -> Reading:
    # Inside one call of the regular expression engine no other thread of the process runs.
    re.match(r"(a+)+$", "a" * 64 + "b")
    return _nothing()


def _wait() -> Reading:
    threading.Event().wait()
    return _nothing()


def _grow() -> Reading:
    held = []
    while True:
        held.append(b"x" * 1_000_000)


def _grow_at_once() -> Reading:
    held = b"x" * (8 * 1024**3)
    return _nothing(str(len(held)))


def _stay_large() -> Reading:
    _KEPT.append(b"x" * 60_000_000)
    return _who()


def _die() -> Reading:
    os._exit(3)


def _print() -> Reading:
    print("a page may not speak into the pipe")
    os.write(1, b"nor past Python")
    return _nothing()


def _fail() -> Reading:
    raise KeyError("a defect")


def _cannot_be_sent() -> Reading:
    return Reading("refused", "unknown", lambda: "x")  # type: ignore[arg-type]


def _who() -> Reading:
    return _nothing(str(os.getpid()))


def _nothing(code: str = "done") -> Reading:
    return Reading("refused", "unknown", "greedy/1", problems=(Problem(code, "info", "", ""),))


_KEPT: list[bytes] = []
_DEEDS = {
    b"loop": _loop, b"wait": _wait, b"backtrack": _backtrack, b"grow": _grow, b"grow at once": _grow_at_once,
    b"die": _die, b"stay large": _stay_large, b"print": _print, b"fail": _fail,
    b"cannot be sent": _cannot_be_sent, b"who": _who,
}

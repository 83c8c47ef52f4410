"""Verdict: what an answer is. A status of 200 proves nothing: firewalls, logins and error pages are served with it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from minutes_archive.crawl.http import field_of
from minutes_archive.crawl.moderngov import name_of
from minutes_archive.crawl.page import plain
from minutes_archive.crawl.task import Task
from minutes_archive.model import Exchange

# page: what was asked for. same: the server says that it is unchanged. moved: it is elsewhere. cut: only a part came.
# busy: come back later. failed: perhaps another time. gone: not there (any more). blocked: not for us.
Kind = Literal["page", "same", "moved", "cut", "busy", "failed", "gone", "blocked"]

_TITLE = re.compile(r"<(?:title|h1)\b[^<>]*>([^<]{0,300})", re.IGNORECASE)
_PASSWORD = re.compile(r"<input\b[^<>]{0,400}\btype\s{0,5}=\s{0,5}[\"']?password", re.IGNORECASE)
_MOST = 400_000


@dataclass(frozen=True)
class Verdict:
    """What an answer is, and why."""

    kind: Kind
    reason: str = ""

    @property
    def challenge(self) -> bool:
        """Whether a firewall answered: it is no sign that what was asked for is not there."""
        return self.kind == "blocked" and self.reason == _NAMES["challenge"]


def judge(task: Task, answer: Exchange, doubt: str) -> Verdict:
    """What ``answer`` to ``task`` is. ``doubt`` is the platform's: why it is not what was asked for, "" where it is."""
    status = answer.status
    if status == 304:
        return Verdict("same")
    if status in {301, 302, 303, 307, 308}:
        where = field_of(answer, "location")
        return Verdict("moved", where) if where else Verdict("failed", "leads nowhere")
    if status in {429, 503}:
        return _challenged(answer) or Verdict("busy", f"answered {status}")
    if status in {401, 403, 407, 451}:
        return Verdict("blocked", _junk(answer) or f"answered {status}")
    if status in {404, 410}:
        return Verdict("gone", f"answered {status}")
    if not 200 <= status < 300 or status in {204, 205, 206}:
        return Verdict("failed", f"answered {status}")
    if answer.truncated:
        return Verdict("cut", f"came only in part ({_CUT.get(answer.truncated, answer.truncated)})")
    return _judge_page(task, answer, doubt)


_NAMES = {
    "challenge": "challenge of a firewall in its place", "login": "login page in its place", "error": "error page in its place",
}
_CUT = {"length": "too large", "time": "too slow", "disconnect": "the connection ended too soon"}


def _judge_page(task: Task, answer: Exchange, doubt: str) -> Verdict:
    if not answer.content:
        return Verdict("failed", "an empty answer")
    if stand_in := ends_at(answer.url):
        return Verdict("blocked", stand_in)
    if task.kind == "document" and not _is_html(answer.content):
        return Verdict("page")
    if task.kind == "document" and re.search(r"\.html?(?:[?#]|$)", task.url, re.IGNORECASE):
        doubt = ""
    elif task.kind == "document":
        return Verdict("blocked", _junk(answer) or "a web page in the place of the document")
    junk = _junk(answer)
    # A page with the signs of what was asked for may well say "not found" in its text.
    if doubt:
        return Verdict("blocked" if junk or _is_html(answer.content) else "failed", junk or doubt)
    return Verdict("blocked", junk) if junk and task.kind in {"home", "document"} else Verdict("page")


def ends_at(url: str) -> str:
    """What stands in a page's place where it was sent to ``url``, told by the address alone; "" where that does not tell."""
    return next((_NAMES[what] for what, names in _table()["names"].items() if name_of(url) in names), "")


def _challenged(answer: Exchange) -> Verdict | None:
    """A firewall's challenge comes as "unavailable" too; it is no use coming back."""
    if any(field_of(answer, name) for name in _table()["fields"]["challenge"]):
        return Verdict("blocked", "challenge of a firewall in its place")
    junk = _junk(answer)
    return Verdict("blocked", junk) if junk.startswith("challenge") else None


def _junk(answer: Exchange) -> str:
    """What stands in a page's place, by what it shows; "" where nothing says so."""
    if any(field_of(answer, name) for name in _table()["fields"]["challenge"]):
        return "challenge of a firewall in its place"
    if not _is_html(answer.content):
        return ""
    text = answer.content[:_MOST].decode("utf-8", "replace")
    titles = " | ".join(plain(one) for one in _TITLE.findall(text)).lower()
    for what, words in _table()["title"].items():
        if any(word in titles for word in words):
            return _NAMES[what]
    if _PASSWORD.search(text):
        return _NAMES["login"]
    shown = plain(re.sub(r"<(script|style)\b[^<>]*>[^<]*", "", text, flags=re.IGNORECASE)).lower()
    if len(shown.split()) <= _table()["most_words"]:
        for what, words in _table()["words"].items():
            if any(word in shown or word in text.lower() for word in words):
                return _NAMES[what]
    return ""


def _is_html(content: bytes) -> bool:
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") and not start.startswith(b"<?xml") and (
        b"<html" in start or b"<!doctype html" in start or b"<head" in start or b"<title" in start or b"<body" in start
        or b"<div" in start
    )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "verdict.toml").read_text(encoding="utf-8"))

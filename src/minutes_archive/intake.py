"""Intake: how the user asked for files to be taken, and what a file is before it is kept."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from minutes_archive.access import Audience
from minutes_archive.load import Loaded
from minutes_archive.material import ANNOTATE, OFFICERS_ONLY, Captured
from minutes_archive.model import Capture


@dataclass(frozen=True)
class Request:
    """How the user asked for files to be taken. ``audience`` None means "not said"."""

    council: str | None = None
    audience: Audience | None = None
    annotate: bool = False

    def marks_over(self, known: frozenset[str]) -> frozenset[str]:
        """The marks of a file of records that had the marks ``known``: what is not said stays as it was."""
        officers = {OFFICERS_ONLY} if self.audience is Audience.OFFICER else set()
        anew = {ANNOTATE} if self.annotate else set()
        return frozenset(officers | anew | (known if self.audience is None else known - {OFFICERS_ONLY}))


NOTHING_SAID = Request()


def take_in_hand(
    file: Loaded, request: Request, known: frozenset[str] = frozenset(), sequence: int = 0, given_up: Container[str] = ()
) -> Captured:
    """A loaded file as a capture whose bytes are not kept (yet).

    ``known`` are the marks of an earlier reading of them; ``given_up`` holds the SHA-256 of what is not to be tried again.
    """
    request = replace(request, audience=Audience.OFFICER) if file.officer else request
    capture = Capture(
        sha256=file.sha256, size=len(file.content), sequence=sequence, captured_at="", media_type=file.media_type or "",
        path=file.path, url=file.url, council=request.council, audience=request.audience or Audience.PUBLIC,
    )
    return Captured(file.content, capture, request.marks_over(known), file.sha256 in given_up)


def audience_said(file: Loaded, request: Request) -> Audience | None:
    """For whom a file's bytes are, as far as anyone said: what was for officers in another archive is for officers here."""
    return Audience.OFFICER if file.officer else request.audience


def name_of(capture: Capture) -> str:
    """What a person knows a capture by."""
    return capture.path or capture.url or capture.sha256
